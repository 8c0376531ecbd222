"""Signatures of requests: made over the raw bytes, compared in constant time, and good for five
minutes where the sender signs the time.

Several signatures may be given and several keys be valid (one is being rotated). Every key is
tried and every pair compared, so that how long it takes says nothing about which one fits.
"""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Iterable
from typing import Final, Literal

Algorithm = Literal["sha1", "sha256"]

TOLERANCE_MS: Final = 5 * 60 * 1000
"""How far a signed time may be from ours, in both directions."""

_MAX_DIGITS: Final = 15
"""Of a time: in milliseconds the year 33 658. Longer ones are not times, and slow to read."""


def is_signed(
    signatures: Iterable[bytes],
    keys: Iterable[bytes],
    message: bytes,
    algorithm: Algorithm = "sha256",
) -> bool:
    """Whether one of the signatures is the HMAC of the message under one of the keys."""
    given = list(signatures)
    expected = [hmac.digest(key, message, algorithm) for key in keys]
    return is_one_of(expected, given)


def is_one_of(expected: Iterable[bytes], given: Iterable[bytes]) -> bool:
    """Whether one digest is in both; all pairs are compared."""
    candidates = list(given)
    found = False
    for digest in expected:
        for candidate in candidates:
            found |= hmac.compare_digest(digest, candidate)
    return found


def from_hex(text: str) -> bytes:
    """The bytes of a signature in hexadecimal; `b""`, which no signature is, if it is not that."""
    try:
        return binascii.unhexlify(text)
    except ValueError:
        return b""


def from_base64(text: str) -> bytes:
    """The bytes of a signature in base64; `b""`, which no signature is, if it is not that."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""


def signed_time(digits: str, unit_ms: int = 1) -> int | None:
    """A signed time in milliseconds since 1970, from decimal digits that count `unit_ms`
    milliseconds each; None if there is none.
    """
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_DIGITS
    return int(digits) * unit_ms if is_number else None


def is_recent(signed_ms: int | None, now_ms: int) -> bool:
    """Whether a signed time is near enough to ours: older ones may be replayed, and newer ones
    would be good for longer than they should.
    """
    return signed_ms is not None and abs(now_ms - signed_ms) <= TOLERANCE_MS
