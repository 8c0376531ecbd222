"""What stands for a value that is not there."""

from typing import Final

NOT_SET: Final = "(not set)"
