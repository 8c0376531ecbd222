"""Working days and working-day attendance (definitions §4), day by day and person by person."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final, NamedTuple

import holidays

from shared.metrics.domain.calendar_changes import CalendarChanges
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance
from shared.metrics.engine.requests import AttributeValues, PeopleFilter
from tests.oracles import local_days, no_data, windows
from tests.oracles.counting import counting
from tests.oracles.history import History

COUNTRIES: Final = ("DE", "AT")
"""Those that worlds have people in, by the code that is their name."""


class Known(NamedTuple):
    """What is known of a country: its weekend, its holidays, and weekend days that are worked."""

    weekend: set[int]
    holidays: set[date]
    worked: set[date]


def is_working_day(day: date, known: Known | None, own: CalendarChanges | None) -> bool:
    """Whether a day is worked in a country of which this is known (None: nothing is)."""
    if own and day in own.working:
        return True
    if own and any(day == holiday.day for holiday in own.holidays):
        return False
    weekend = known.weekend if known else {5, 6}
    if own and own.weekend is not None:
        weekend = {int(weekday) for weekday in own.weekend}
    if day.weekday() in weekend:
        return bool(known and day in known.worked)
    return not (known and day in known.holidays)


class Attendance(NamedTuple):
    """The days of one person."""

    attended_working_days: int
    working_days: int
    attended_other_days: int


def attendance(present: list[bool], works: list[bool]) -> Attendance:
    """Attendance of one person, given which days they came and which are working days to them."""
    attended = possible = other = 0
    for came, should in zip(present, works, strict=True):
        if should:
            possible += 1
            if came:
                attended += 1
        elif came:
            other += 1
    return Attendance(attended, possible, other)


def days_between(first: date, last: date) -> list[date]:
    """Every day, both ends included."""
    days = [first]
    while days[-1] < last:
        days.append(days[-1] + timedelta(days=1))
    return days


def of_person(
    history: History,
    people: PeopleFilter,
    user_id: str,
    window: Window,
    came: Collection[date],
    now_ms: int,
) -> WorkingDayAttendance:
    """That of a person over a window, given on which days they came while counting."""
    who = counting(history, people, now_ms)
    present, works = [], []
    is_default = False
    for day in windows.days(window):
        start_ms, end_ms = local_days.day_bounds_ms(history.zone, day)
        if start_ms == end_ms or no_data.is_missing(history, day, now_ms):
            continue
        if not who.counts(user_id, day):
            continue
        is_current = people.attribute_values is AttributeValues.CURRENT
        country = history.person(user_id).value("country", now_ms if is_current else end_ms)
        known = public_days(country, day) if country in COUNTRIES else None
        is_default |= known is None
        present.append(day in came)
        works.append(is_working_day(day, known, None))
    counted = attendance(present, works)
    rate = counted.attended_working_days / counted.working_days if counted.working_days else None
    return WorkingDayAttendance(*counted, rate, is_default)


def public_days(country: str, day: date) -> Known:
    """What a country says of a day."""
    found = holidays.country_holidays(country, years=range(day.year - 1, day.year + 2))
    return Known({5, 6}, {day} & set(found), set())
