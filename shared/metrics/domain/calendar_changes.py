"""What a tenant says of the working days of a country, beside what the country itself says.

Apart from the arithmetic (working_calendars.py), because those who only read or write a tenant's
words need no numpy.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple

from shared.metrics.domain.errors import BadInputError

MAX_CALENDAR_DAYS: Final = 500
"""Holidays, and working days, of one calendar: decades of them."""
MAX_HOLIDAY_NAME: Final = 100


class Weekday(IntEnum):
    """The days of a week, numbered as `date.weekday` does."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class Holiday(NamedTuple):
    """A day on which nobody works, and what it is called."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class CalendarChanges:
    """A tenant's own calendar of a country.

    `country` is an ISO 3166 alpha-2 code; None is the default calendar, for people whose country
    is missing or unknown. `subdivision` (`BY` of `DE`) adds the public holidays of that part of the
    country. `weekend` replaces the weekdays without work; None leaves them.
    `holidays` are free and `working` days are worked whatever the country says; both are sorted.
    """

    country: str | None
    subdivision: str | None = None
    weekend: tuple[Weekday, ...] | None = None
    holidays: tuple[Holiday, ...] = ()
    working: tuple[date, ...] = ()

    def checked(self) -> "CalendarChanges":
        """The same in order of days; BadInputError where it contradicts itself or has too much."""
        if self.country is None and self.subdivision is not None:
            message = "a subdivision is a part of a country; give the country too"
            raise BadInputError(message, field="subdivision")
        if self.weekend is not None and set(self.weekend) == set(Weekday):
            message = "the weekend is the whole week; it leaves at least one day to work on"
            raise BadInputError(message, field="weekend")
        _at_most("holidays", len(self.holidays))
        _at_most("workingDates", len(self.working))
        for holiday in self.holidays:
            if not 0 < len(holiday.name) <= MAX_HOLIDAY_NAME or not holiday.name.isprintable():
                message = f"a holiday's name has 1 to {MAX_HOLIDAY_NAME} printable characters"
                raise BadInputError(message, field="holidays.name")
        if twice := _first_repeated([*(holiday.day for holiday in self.holidays), *self.working]):
            message = f"{twice} is given twice; a day is one holiday, or one working day"
            raise BadInputError(message, field="holidays")
        return CalendarChanges(
            self.country,
            self.subdivision,
            None if self.weekend is None else tuple(sorted(set(self.weekend))),
            tuple(sorted(self.holidays)),
            tuple(sorted(self.working)),
        )


NO_CHANGES: Final = CalendarChanges(None)


def _at_most(name: str, given: int) -> None:
    if given > MAX_CALENDAR_DAYS:
        message = f"{name} has {given} days; it may have {MAX_CALENDAR_DAYS}"
        raise BadInputError(message, field=name)


def _first_repeated(days: Iterable[date]) -> date | None:
    seen: set[date] = set()
    for day in days:
        if day in seen:
            return day
        seen.add(day)
    return None
