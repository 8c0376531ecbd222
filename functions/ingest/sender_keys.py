"""The key of a sender whose own key has several parts."""

from hashlib import blake2b
from typing import Final

import msgspec

_BYTES: Final = 16


def sender_key(*parts: str | int | None) -> str:
    """The same text for the same parts, and another for any others: they are hashed as JSON, so
    that no part can pose as two.
    """
    return blake2b(msgspec.json.encode(parts), digest_size=_BYTES).hexdigest()
