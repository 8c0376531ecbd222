"""Bounded inflation of gzip bodies."""

import zlib
from typing import Final

from functions.ingest.requests import MAX_BODY_BYTES, RefusedError, Request, too_large

_GZIP_WINDOW: Final = 31


def plain_body(request: Request) -> bytes:
    """The body, inflated if it is gzip; RefusedError 413 over the limit, 400 if broken."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if len(request.body) > MAX_BODY_BYTES:
        raise too_large()
    if encoding in ("", "identity"):
        return request.body
    if encoding != "gzip":
        message = f"content-encoding {encoding!r} is not understood; send gzip or none"
        raise RefusedError(415, "unsupported_encoding", message)
    inflater = zlib.decompressobj(wbits=_GZIP_WINDOW)
    try:
        plain = inflater.decompress(request.body, MAX_BODY_BYTES + 1)
    except zlib.error:
        raise RefusedError(400, "bad_gzip", "the body is not valid gzip") from None
    if len(plain) > MAX_BODY_BYTES:
        raise too_large()
    if not inflater.eof or inflater.unused_data:
        raise RefusedError(400, "bad_gzip", "the gzip body is cut off or has something after it")
    return plain
