"""Parses a request's body by a wire format, whatever the body is."""

from typing import Final

import msgspec

from functions.ingest.requests import RefusedError, Request
from functions.ingest.rows import check_number
from functions.ingest.sent_rows import Delivery
from functions.ingest.sources.wire_format import WireFormat

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoders raise for bytes that are not what they should be."""


def parsed(form: WireFormat, request: Request, body: bytes, now_ms: int) -> Delivery:
    """The rows of a request; RefusedError 400, 413 or 415 if there are none to be had."""
    try:
        delivery = form.parse(request, body, now_ms)
    except _UNREADABLE as error:
        message = f"the body cannot be read: {type(error).__name__}"
        raise RefusedError(400, "bad_body", message) from None
    check_number(len(delivery.rows) + len(delivery.rejections))
    return delivery
