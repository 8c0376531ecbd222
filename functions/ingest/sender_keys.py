"""The key of a sender whose own key has several parts."""

from hashlib import blake2b
from typing import Final

import msgspec

_DIGEST_BYTES: Final = 16
_LONG: Final = 512
"""Bytes. Longer keys are hashed."""

_encode = msgspec.json.Encoder().encode


def sender_key(*parts: str | int | None) -> str:
    """The same text for the same parts, and another for any others: they are written as JSON, so
    that no part can pose as two.
    """
    written = _encode(parts)
    if len(written) <= _LONG:
        return written.decode()
    return blake2b(written, digest_size=_DIGEST_BYTES).hexdigest()
