"""GraphQL as it is given on the command line."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from shared.metrics.domain.errors import BadInputError

STANDARD_INPUT: Final = "-"


def document_of(text: str) -> str:
    """GraphQL, a file of it, or standard input; BadInputError if it is none of them."""
    if text == STANDARD_INPUT:
        return sys.stdin.read()
    if "{" in text:
        return text
    try:
        return Path(text).read_text(encoding="utf-8")
    except (OSError, ValueError):
        message = f"{text!r} is neither GraphQL nor a file of it"
        raise BadInputError(message) from None


def object_of(option: str, text: str | None) -> dict[str, Any]:
    """The JSON object given to an option, empty if none is; BadInputError if it is none."""
    try:
        values = json.loads(text or "{}")
    except ValueError as error:
        raise BadInputError(f"{option} is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise BadInputError(f'{option} is no JSON object, such as {{"top": 5}}')
    return values
