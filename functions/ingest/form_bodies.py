"""Bodies and query strings of `name=value` pairs."""

from typing import Final
from urllib.parse import parse_qsl

from functions.ingest.requests import RefusedError

FORM: Final = "application/x-www-form-urlencoded"

_MAX_FIELDS: Final = 1_000


def form_of(text: bytes | str) -> dict[str, str]:
    """The fields by name, empty ones left out; of a name that comes twice the last one counts.
    RefusedError 400 if it is no form in UTF-8, or has more than a thousand fields.
    """
    try:
        plain = text.decode() if isinstance(text, bytes) else text
        pairs = parse_qsl(plain, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError as error:
        message = f"the body is not a form of name=value pairs: {error}"
        raise RefusedError(400, "bad_form", message) from None
    return dict(pairs)
