"""The version of the arithmetic: raised whenever a number would come out differently."""

from typing import Final

DEFINITION_VERSION: Final = "2"
