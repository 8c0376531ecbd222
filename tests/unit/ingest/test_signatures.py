"""Signatures over raw bytes: which are accepted, and that nothing given can make them fail."""

import hashlib
import hmac
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.signatures import (
    TOLERANCE_MS,
    Algorithm,
    from_base64,
    from_hex,
    is_one_of,
    is_recent,
    is_signed,
    signed_time,
)

NOW_MS = 1_795_348_800_000
NEW, OLD, OTHER = b"new key", b"old key", b"other key"
BODY = b'{"a": 1}'

any_text = st.text(st.characters(exclude_categories=[]), max_size=80)


def signature(key: bytes, message: bytes = BODY, algorithm: Algorithm = "sha256") -> bytes:
    return hmac.new(key, message, getattr(hashlib, algorithm)).digest()


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_either_of_two_keys_is_accepted_while_one_is_rotated(algorithm: Algorithm) -> None:
    """Case 8."""
    for key, accepted in ((NEW, True), (OLD, True), (OTHER, False)):
        given = [signature(key, algorithm=algorithm)]
        assert is_signed(given, [NEW, OLD], BODY, algorithm) is accepted


def test_one_good_signature_of_several_is_enough() -> None:
    assert is_signed([b"", signature(OTHER), signature(NEW)], [NEW], BODY)


def test_no_signature_and_no_key_are_not_accepted() -> None:
    """Case 9."""
    assert not is_signed([], [NEW], BODY)
    assert not is_signed([signature(NEW)], [], BODY)
    assert not is_signed([b""], [NEW], BODY)
    assert not is_one_of([], [])


@given(at=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_one_altered_bit_is_not_accepted(at: int, bit: int) -> None:
    """Case 7."""
    altered = bytearray(BODY)
    altered[at] ^= 1 << bit
    assert not is_signed([signature(NEW)], [NEW], bytes(altered))


def test_signatures_are_read_from_hex_and_base64() -> None:
    digest = signature(NEW)
    assert from_hex(digest.hex()) == from_hex(digest.hex().upper()) == digest
    assert from_base64(b64encode(digest).decode()) == digest


@pytest.mark.parametrize("text", ["", "x", "abc", "é", "\ud800", "ab cd", "=", "ab\n", "YWJj\n"])
def test_what_is_no_signature_is_empty(text: str) -> None:
    assert from_hex(text) == b""
    assert text == "abc" or from_base64(text) == b""


@given(text=any_text)
def test_any_text_is_read(text: str) -> None:
    assert isinstance(from_hex(text), bytes)
    assert isinstance(from_base64(text), bytes)
    assert signed_time(text) is None or text.isdecimal()


def test_signed_times_are_in_the_unit_of_their_sender() -> None:
    assert signed_time("1795348800000") == NOW_MS
    assert signed_time("1795348800", 1_000) == NOW_MS


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", " 1", "1_0", "١٢", "²", "9" * 16, "NaN"])
def test_what_is_not_decimal_digits_is_no_time(text: str) -> None:
    """Case 18."""
    assert signed_time(text) is None


@pytest.mark.parametrize(
    ("minutes", "accepted"), [(-6, False), (-4, True), (0, True), (4, True), (6, False)]
)
def test_signed_times_may_be_five_minutes_off(minutes: int, *, accepted: bool) -> None:
    """Cases 4 and 6."""
    assert is_recent(NOW_MS + minutes * 60_000, NOW_MS) is accepted


def test_the_limit_is_five_minutes_to_the_millisecond() -> None:
    assert is_recent(NOW_MS - TOLERANCE_MS, NOW_MS)
    assert not is_recent(NOW_MS - TOLERANCE_MS - 1, NOW_MS)
    assert not is_recent(None, NOW_MS)
