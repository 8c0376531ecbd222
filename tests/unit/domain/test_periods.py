"""Local days against a wall clock that is read minute by minute."""

from datetime import date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import LocalCalendar
from tests.builders import HOUR_MS, instant_ms
from tests.oracles import local_days
from tests.unit.domain.strategies import PLACES, Place, instants_near, places

ONE_DAY = timedelta(days=1)
ZONES = sorted(name for name in available_timezones() if "/" in name)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_bounds_are_where_the_wall_clock_reaches_midnight(place: Place) -> None:
    calendar = LocalCalendar(place.zone)
    for offset in range(-2, 4):
        day = place.day + offset * ONE_DAY
        assert calendar.bounds(day) == local_days.day_bounds_ms(place.zone, day)


@given(st.sampled_from(ZONES), st.dates(date(1973, 1, 1), date(2037, 12, 31)))
def test_bounds_of_any_day_in_any_zone(zone: str, day: date) -> None:
    assert LocalCalendar(zone).bounds(day) == local_days.day_bounds_ms(zone, day)


@given(st.data(), places)
def test_the_day_of_an_instant_is_the_one_whose_bounds_hold_it(
    data: st.DataObject, place: Place
) -> None:
    calendar = LocalCalendar(place.zone)
    for instant in data.draw(st.lists(instants_near(place), min_size=1, max_size=8)):
        assert calendar.day_of(instant) == local_days.day_of(place.zone, instant)


@given(places, st.integers(-2, 3), st.times())
def test_an_instant_is_the_first_one_at_which_the_wall_clock_has_come_so_far(
    place: Place, offset: int, time_of_day: time
) -> None:
    whole = time_of_day.replace(microsecond=time_of_day.microsecond // 1000 * 1000)
    wall_clock = datetime.combine(place.day + offset * ONE_DAY, whole)
    expected = local_days.first_reading_ms(place.zone, wall_clock)
    assert LocalCalendar(place.zone).instant_ms(wall_clock) == expected


@given(places, st.integers(-2, 2))
def test_neighbours_are_the_nearest_days_that_have_any_length(place: Place, offset: int) -> None:
    calendar = LocalCalendar(place.zone)
    day = place.day + offset * ONE_DAY
    following, earlier = calendar.next_day(day), calendar.previous_day(day)
    assert local_days.has_length(place.zone, following)
    assert local_days.has_length(place.zone, earlier)
    between = [earlier + n * ONE_DAY for n in range(1, (following - earlier).days)]
    assert not any(local_days.has_length(place.zone, each) for each in between if each != day)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("America/St_Johns", date(2006, 10, 29), 25),
    ],
)
def test_days_are_as_long_as_their_clocks_make_them(zone: str, day: date, hours: float) -> None:
    bounds = LocalCalendar(zone).bounds(day)
    assert (bounds.end_ms - bounds.start_ms) / HOUR_MS == hours


def test_a_day_without_midnight_starts_at_the_change() -> None:
    start = LocalCalendar("America/Sao_Paulo").start_ms(date(2018, 11, 4))
    assert start == instant_ms("2018-11-04 01:00", "America/Sao_Paulo")


def test_a_midnight_that_comes_twice_begins_the_day_once() -> None:
    """Clocks in St John's went back from 00:01 to 23:01: the hour after stays in the new day."""
    calendar = LocalCalendar("America/St_Johns")
    first_midnight = instant_ms("2006-10-29 00:00", "America/St_Johns")
    assert calendar.start_ms(date(2006, 10, 29)) == first_midnight
    half_past_eleven_again = first_midnight + HOUR_MS // 2
    assert calendar.wall_clock(half_past_eleven_again) == datetime(2006, 10, 28, 23, 30)  # noqa: DTZ001 - a wall clock
    assert calendar.day_of(half_past_eleven_again) == date(2006, 10, 29)


@pytest.mark.parametrize("name", ["", "Mars/Phobos", "../UTC", "Europe", "europe/berlin\0"])
def test_an_unknown_zone_is_refused_with_a_right_example(name: str) -> None:
    with pytest.raises(BadInputError, match="Europe/Berlin"):
        LocalCalendar(name)
