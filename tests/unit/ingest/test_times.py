"""The times that senders give. Case 14: what could be read in two ways is turned away."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest import times
from functions.ingest.rows import Reason, RowError

NOON_MS = 1_795_348_800_000


def test_milliseconds_and_seconds_are_told_apart_by_their_size() -> None:
    assert times.from_milliseconds(NOON_MS, "t") == NOON_MS
    assert times.from_seconds(NOON_MS // 1_000, "t") == NOON_MS
    for read, number in (
        (times.from_milliseconds, NOON_MS // 1_000),
        (times.from_milliseconds, 0),
        (times.from_seconds, NOON_MS),
    ):
        with pytest.raises(RowError) as caught:
            read(number, "t")
        assert caught.value.reason is Reason.AMBIGUOUS_TIME


@pytest.mark.parametrize("number", [10**15, -(10**15), 10**4_000])
def test_numbers_that_no_calendar_has_are_no_times(number: int) -> None:
    """Case 18: a number of thousands of digits."""
    with pytest.raises(RowError, match="too large") as caught:
        times.from_milliseconds(number, "t")
    assert caught.value.reason is Reason.INVALID_ROW
    with pytest.raises(RowError):
        times.from_seconds(number, "t")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T12:00:00Z",
        "2026-11-22T12:00:00.000Z",
        "2026-11-22T13:00:00+01:00",
        "2026-11-22T12:00:00.000+0000",
        "2026-11-22 17:30:00+05:30",
    ],
)
def test_iso_8601_with_an_offset_is_an_instant(text: str) -> None:
    assert times.from_iso_8601(text, "t") == NOON_MS


@pytest.mark.parametrize("text", ["2026-11-22T12:00:00", "2026-11-22"])
def test_a_wall_clock_is_ambiguous(text: str) -> None:
    with pytest.raises(RowError) as caught:
        times.from_iso_8601(text, "t")
    assert caught.value.reason is Reason.AMBIGUOUS_TIME


@pytest.mark.parametrize("text", ["", "noon", "10000-01-01T00:00:00Z", "22/11/2026 12:00"])
def test_other_texts_are_no_times(text: str) -> None:
    with pytest.raises(RowError) as caught:
        times.from_iso_8601(text, "t")
    assert caught.value.reason is Reason.INVALID_ROW


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_the_calendar_are_read(text: str) -> None:
    assert isinstance(times.from_iso_8601(text, "t"), int)


def test_the_offset_of_a_dotnet_date_does_not_move_it() -> None:
    for offset in ("", "+0000", "+0200", "-0800"):
        assert times.from_dotnet_date(f"/Date({NOON_MS}{offset})/", "t") == NOON_MS


@pytest.mark.parametrize(
    "text", ["", "/Date()/", "/Date(x)/", "Date(1795348800000)", "/Date(9999999999999999)/"]
)
def test_other_texts_are_no_dotnet_dates(text: str) -> None:
    with pytest.raises(RowError) as caught:
        times.from_dotnet_date(text, "t")
    assert caught.value.reason is Reason.INVALID_ROW


@given(text=st.text(max_size=40))
def test_any_text_is_a_time_or_turned_away(text: str) -> None:
    for read in (times.from_iso_8601, times.from_dotnet_date):
        with suppress(RowError):
            assert isinstance(read(text, "t"), int)
