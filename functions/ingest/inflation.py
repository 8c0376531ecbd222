"""Bounded inflation of gzip bodies."""

import zlib
from typing import Final

from functions.ingest.requests import RefusedError, Request, too_large

_GZIP_WINDOW: Final = 31
_GZIP_START: Final = b"\x1f\x8b"


def check_size(request: Request, limit: int) -> None:
    """RefusedError 413 if the body, as sent, is over the limit."""
    if len(request.body) > limit:
        raise too_large(limit)


def plain_body(request: Request, limit: int) -> bytes:
    """The body, inflated if it is gzip; RefusedError 413 over the limit, 400 if broken."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    check_size(request, limit)
    if encoding in ("", "identity"):
        return request.body
    if encoding != "gzip":
        message = f"content-encoding {encoding!r} is not understood; send gzip or none"
        raise RefusedError(415, "unsupported_encoding", message)
    return _inflated(request.body, limit)


def plain_sdk_body(request: Request, limit: int) -> bytes:
    """The same of a client SDK: some send gzip and do not say so, others say so and do not."""
    check_size(request, limit)
    is_gzip = request.body.startswith(_GZIP_START)
    return _inflated(request.body, limit) if is_gzip else request.body


def _inflated(body: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(wbits=_GZIP_WINDOW)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise RefusedError(400, "bad_gzip", "the body is not valid gzip") from None
    if len(plain) > limit:
        raise too_large(limit)
    if not inflater.eof or inflater.unused_data:
        raise RefusedError(400, "bad_gzip", "the gzip body is cut off or has something after it")
    return plain
