"""JSON objects that are kept as text: bounded, and the same text for the same object."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from shared.metrics.domain.errors import BadInputError

MAX_BYTES: Final = 8_000
MAX_DEPTH: Final = 10

_decoder = msgspec.json.Decoder(dict[str, Any])
_encoder = msgspec.json.Encoder(order="sorted")


def canonical_object(text: str, field: str) -> str:
    """A JSON object in canonical form: keys sorted, no white space, no escape that need not be.

    BadInputError if it is none, has more than MAX_BYTES, or is nested deeper than MAX_DEPTH.
    """
    written = text.encode(errors="surrogatepass")
    if len(written) > MAX_BYTES:
        raise BadInputError(f"{field} is too long; it may have {MAX_BYTES} bytes", field=field)
    try:
        # Refuses NaN, lone surrogates, and anything that is not an object.
        document = _decoder.decode(written)
        canonical = _encoder.encode(document)
    except (ValueError, RecursionError) as error:
        message = f'{field} is no JSON object, such as {{"top": 10}}: {error}'
        raise BadInputError(message, field=field) from None
    if _depth(document) > MAX_DEPTH:
        raise BadInputError(f"{field} is nested deeper than {MAX_DEPTH} levels", field=field)
    if len(canonical) > MAX_BYTES:  # a number can take more room than it was written in
        raise BadInputError(f"{field} is too long; it may have {MAX_BYTES} bytes", field=field)
    return canonical.decode()


def _depth(value: object) -> int:
    """How many objects and lists are around the innermost value; at most 8 000 anyway."""
    level = [value]
    depth = -1
    while level:
        depth += 1
        level = [inner for each in level for inner in _inside(each)]
    return depth


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
