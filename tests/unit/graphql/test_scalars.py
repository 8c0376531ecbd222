"""The scalars: what they take, what they give, and what they refuse."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.graphql.scalars import SCALARS, Count, Milliseconds


def parse(kind: object) -> Callable[[Any], Any]:
    parser = SCALARS[kind].parse_value
    assert parser
    return parser


def serialize(kind: object) -> Callable[[Any], Any]:
    serializer = SCALARS[kind].serialize
    assert serializer
    return serializer


@pytest.mark.parametrize("kind", [Count, Milliseconds])
@pytest.mark.parametrize("value", [0, 2**31, 2**53 + 1, 2**63 - 1, 1 - 2**63])
def test_numbers_have_64_bits(kind: object, value: int) -> None:
    assert serialize(kind)(value) == parse(kind)(value) == value


@pytest.mark.parametrize("kind", [Count, Milliseconds])
@pytest.mark.parametrize("value", [2**63, -(2**63), 1.0, "1", True, None, [1]])
def test_nothing_else_is_a_number(kind: object, value: object) -> None:
    for convert in (serialize(kind), parse(kind)):
        with pytest.raises(ValueError, match="whole number"):
            convert(value)


@given(st.dates())
def test_a_day_comes_back_as_it_went(day: date) -> None:
    assert parse(date)(serialize(date)(day)) == day


@pytest.mark.parametrize(
    "text",
    ["", "20261122", "2026-W47-7", "2026-11-22T00:00:00", "2026-2-3", "2026-02-30", "2026-13-01",
     "0000-01-01", " 2026-11-22", "2026-11-22\n", "\uff12026-11-22", "10000-01-01", 20261122, None],
)  # fmt: skip
def test_only_a_day_is_a_day(text: object) -> None:
    with pytest.raises(ValueError, match="2026-11-22"):
        parse(date)(text)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1)), st.integers(-840, 840))  # noqa: DTZ001
def test_an_instant_is_told_in_utc(wall_clock: datetime, minutes: int) -> None:
    instant = wall_clock.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    text = serialize(datetime)(instant)
    assert text.endswith("Z")
    assert parse(datetime)(text) == instant
    assert parse(datetime)(text).utcoffset() == timedelta()


def test_milliseconds_are_kept() -> None:
    instant = datetime(2026, 11, 22, 6, 32, 5, 678_000, UTC)
    assert serialize(datetime)(instant) == "2026-11-22T06:32:05.678Z"
    assert parse(datetime)("2026-11-22T07:32:05.678+01:00") == instant


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-22", "2026-11-22T06:32:00", "2026-11-22 06:32:00Z", "2026-11-22T06:32Z",
     "2026-11-22T25:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T06:32:00+25:00", 1_795_329_125,
     None],
)  # fmt: skip
def test_an_instant_needs_an_offset(text: object) -> None:
    with pytest.raises(ValueError, match="2026-11-22T06:32:00Z"):
        parse(datetime)(text)


def test_an_instant_without_a_zone_is_not_told() -> None:
    with pytest.raises(ValueError, match="time zone"):
        serialize(datetime)(datetime(2026, 11, 22))  # noqa: DTZ001
