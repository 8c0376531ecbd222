"""Open hours of a business, across clock changes and holidays."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shared.metrics.domain.calendar_changes import Weekday
from shared.metrics.domain.periods import LocalCalendar, Window
from shared.metrics.domain.records.business_calendar import BusinessCalendar, OpeningHours
from tests.builders import HOUR_MS, MINUTE_MS, instant_ms

ZONE = "Europe/Berlin"
HOLIDAY = date(2026, 4, 6)
NINE_TO_FIVE = OpeningHours.daily(time(9), time(17))


def working(window: Window) -> NDArray[np.bool_]:
    return np.array([day.weekday() < 5 and day != HOLIDAY for day in window.days()])


def always(window: Window) -> NDArray[np.bool_]:
    return np.ones(window.length, bool)


def open_hours(calendar: BusinessCalendar, start: str, end: str) -> float:
    instants = [np.array([instant_ms(each, ZONE)]) for each in (start, end)]
    return float(calendar.open_ms(*instants)[0] / HOUR_MS)


WEEKDAYS = BusinessCalendar(LocalCalendar(ZONE), NINE_TO_FIVE, working)


def test_only_open_hours_count() -> None:
    assert open_hours(WEEKDAYS, "2026-03-06 16:00", "2026-03-09 10:30") == 2.5
    assert open_hours(WEEKDAYS, "2026-03-07 10:00", "2026-03-08 10:00") == 0
    assert open_hours(WEEKDAYS, "2026-03-09 10:30", "2026-03-06 16:00") == -2.5


def test_holidays_are_closed() -> None:
    assert open_hours(WEEKDAYS, "2026-04-03 16:00", "2026-04-07 10:00") == 2


def test_a_night_on_which_clocks_go_forward_is_an_hour_shorter() -> None:
    nights = OpeningHours.daily(time(0), time(0))
    calendar = BusinessCalendar(LocalCalendar(ZONE), nights, always)
    assert open_hours(calendar, "2026-03-28 12:00", "2026-03-29 12:00") == 23
    assert open_hours(calendar, "2026-10-24 12:00", "2026-10-25 12:00") == 25


spans = st.tuples(st.integers(0, 60 * 24 * 30), st.integers(0, 60 * 24 * 30))


@given(spans)
def test_every_open_minute_counts_once(span: tuple[int, int]) -> None:
    start = datetime(2026, 3, 15, tzinfo=ZoneInfo("UTC"))
    first, last = sorted(span)
    hours = OpeningHours(
        {Weekday.MONDAY: ((time(9), time(12)), (time(13), time(17))), Weekday.SUNDAY: ()}
    )
    calendar = BusinessCalendar(LocalCalendar(ZONE), hours, working)
    base_ms = int(start.timestamp()) * 1000
    found = calendar.open_ms(
        np.array([base_ms + first * MINUTE_MS]), np.array([base_ms + last * MINUTE_MS])
    )
    opened = 0
    for minute in range(first, last):
        local = (start + timedelta(minutes=minute)).astimezone(ZoneInfo(ZONE))
        is_open = 9 <= local.hour < 12 or 13 <= local.hour < 17
        opened += local.weekday() == 0 and local.date() != HOLIDAY and is_open
    assert found[0] == opened * MINUTE_MS
