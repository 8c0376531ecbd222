"""Working days and working-day attendance (definitions §4), day by day and person by person."""

from datetime import date, timedelta
from typing import NamedTuple

from shared.metrics.domain.calendar_changes import CalendarChanges


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
