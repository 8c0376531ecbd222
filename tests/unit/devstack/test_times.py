"""The time column of a file."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devstack.importing.times import TimeReader
from devstack.importing.turned_away import TurnedAwayError, Why

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2011-10-11 13:45:40.276000+02:00", 1318333540276),
        ("2012-10-09T14:50:17.000+00:00", 1349794217000),
        ("2012-10-09T14:50:17Z", 1349794217000),
        ("2012-10-09T14:50:17.0009Z", 1349794217000),
        ("1969-12-31T23:59:59.9999Z", -1),
        ("1318333540276", 1318333540276),
        ("2011101112345", 2011101112345),  # not the eleventh of October
    ],
)
def test_an_instant_is_read_to_the_millisecond(text: str, milliseconds: int) -> None:
    assert TimeReader(None).milliseconds(text) == milliseconds


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1)),  # noqa: DTZ001 - as drawn
    st.integers(-14 * 60, 14 * 60),
)
def test_every_offset_names_the_same_instant(wall_clock: datetime, minutes: int) -> None:
    moment = wall_clock.replace(tzinfo=UTC)
    shown = moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat(sep=" ")
    expected = (moment - EPOCH) // timedelta(milliseconds=1)
    assert TimeReader(None).milliseconds(shown) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Why.BAD_TIME),
        ("yesterday", Why.BAD_TIME),
        ("11/10/2011", Why.BAD_TIME),
        ("2011-02-29T00:00:00Z", Why.BAD_TIME),
        ("1318333540", Why.BAD_TIME),  # seconds
        ("20111011", Why.BAD_TIME),
        ("9" * 16, Why.BAD_TIME),
        ("9" * 5_000, Why.BAD_TIME),
        ("2011-10-11T13:45:40", Why.TIME_WITHOUT_ZONE),
        ("2011-10-11", Why.TIME_WITHOUT_ZONE),
    ],
)
def test_what_names_no_instant_is_turned_away(text: str, why: Why) -> None:
    with pytest.raises(TurnedAwayError) as caught:
        TimeReader(None).milliseconds(text)
    assert caught.value.why is why


BERLIN = TimeReader(ZoneInfo("Europe/Berlin"))


def test_a_wall_clock_is_read_in_the_zone() -> None:
    assert BERLIN.milliseconds("2011-10-11 13:45:40.276") == 1318333540276
    assert BERLIN.milliseconds("2011-10-11 13:45:40.276+00:00") == 1318340740276


def test_of_two_the_first_instant_is_taken() -> None:
    first = TimeReader(None).milliseconds("2024-10-27T02:30:00+02:00")
    assert BERLIN.milliseconds("2024-10-27 02:30:00") == first


@pytest.mark.parametrize("text", ["2024-03-31 02:00:00", "2024-03-31 02:59:59.999"])
def test_a_wall_clock_that_was_skipped_is_turned_away(text: str) -> None:
    with pytest.raises(TurnedAwayError, match="Europe/Berlin ever showed") as caught:
        BERLIN.milliseconds(text)
    assert caught.value.why is Why.TIME_SKIPPED
    BERLIN.milliseconds("2024-03-31 01:59:59.999")
    BERLIN.milliseconds("2024-03-31 03:00:00")


@pytest.mark.parametrize(
    ("text", "zone"),
    [("0001-01-01 00:00:00", "Asia/Tokyo"), ("9999-12-31 23:59:59", "America/New_York")],
)
def test_the_ends_of_the_calendar_break_nothing(text: str, zone: str) -> None:
    with pytest.raises(TurnedAwayError) as caught:
        TimeReader(ZoneInfo(zone)).milliseconds(text)
    assert caught.value.why is Why.BAD_TIME


def test_an_offset_may_reach_over_the_end_of_the_calendar() -> None:
    assert TimeReader(None).milliseconds("9999-12-31T23:59:59-14:00") == 253402351199000
