"""Bounded inflation of bodies."""

import zlib
from typing import Final

import zstandard

from functions.ingest.requests import RefusedError, Request, too_large

_GZIP_WINDOW: Final = 31
_GZIP_START: Final = b"\x1f\x8b"
_ZLIB_WINDOW: Final = 15
_ZLIB_START: Final = b"x"
_ZSTD_START: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_WINDOW: Final = 1 << 23
"""Bytes: what decoders have to support, and what one body may make us hold."""


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
    """The same of a client SDK: some send gzip and do not say so, others say so and do not.
    PostHog's may be told to send deflate or zstd as well.
    """
    check_size(request, limit)
    body = request.body
    if body.startswith(_GZIP_START):
        return _inflated(body, limit)
    if body.startswith(_ZSTD_START):
        return _unpacked_zstd(body, limit)
    says_deflate = request.headers.get("content-encoding", "").strip().lower() == "deflate"
    if says_deflate and body.startswith(_ZLIB_START):
        return _inflated(body, limit, "deflate", _ZLIB_WINDOW)
    return body


def _inflated(
    body: bytes, limit: int, encoding: str = "gzip", window_bits: int = _GZIP_WINDOW
) -> bytes:
    inflater = zlib.decompressobj(wbits=window_bits)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error:
        message = f"the body is not valid {encoding}"
        raise RefusedError(400, f"bad_{encoding}", message) from None
    if len(plain) > limit:
        raise too_large(limit)
    if not inflater.eof or inflater.unused_data:
        message = f"the {encoding} body is cut off or has something after it"
        raise RefusedError(400, f"bad_{encoding}", message)
    return plain


def _unpacked_zstd(body: bytes, limit: int) -> bytes:
    """What is cut off is no JSON any more, and refused as such."""
    try:
        with zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(body) as reader:
            plain = reader.read(limit + 1)
    except zstandard.ZstdError:
        raise RefusedError(400, "bad_zstd", "the body is not valid zstd") from None
    if len(plain) > limit:
        raise too_large(limit)
    return plain
