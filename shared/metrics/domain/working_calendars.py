"""Working days: what a country says, and what a tenant says instead (definitions §4).

What countries say comes from outside (`Countries`), and is not stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.calendar_changes import NO_CHANGES, CalendarChanges, Weekday
from shared.metrics.domain.periods import Window

DEFAULT_WEEKEND: Final = (Weekday.SATURDAY, Weekday.SUNDAY)
"""Where nothing is known of the country and the tenant says nothing else."""

ChangesByCountry: TypeAlias = Mapping[str | None, CalendarChanges]
"""A tenant's own calendars; under None the default one."""


@dataclass(frozen=True, slots=True)
class PublicDays:
    """What a country says of each day of a window; arrays of one entry a day.

    `worked` are days of the weekend that are worked to make up for another day.
    """

    weekend: NDArray[np.bool_]
    holidays: NDArray[np.bool_]
    worked: NDArray[np.bool_]


class Countries(Protocol):
    """Who knows the weekends and public holidays of countries."""

    def code(self, country: str) -> str | None:
        """The ISO 3166 alpha-2 code of a country, given it or the English name; None if unknown."""
        ...

    def days(self, code: str, subdivision: str | None, window: Window) -> PublicDays:
        """What a country, or one of its subdivisions, says of the days of a window."""
        ...


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days of a window are working days, one entry a day.

    `country` is the code of the country that was meant. Where it is None, the country is missing
    or unknown, and the days are those of the default calendar.
    """

    days: NDArray[np.bool_]
    country: str | None

    @property
    def is_default(self) -> bool:
        """Whether the default calendar stands in for an unknown one."""
        return self.country is None


def working_days(
    country: str | None, window: Window, changes: ChangesByCountry, countries: Countries
) -> WorkingDays:
    """The working days of a country (code or English name, in any case) as a tenant has them."""
    code = countries.code(country) if country else None
    own = changes.get(code, NO_CHANGES)
    if code is None:
        weekend = _on_weekdays(DEFAULT_WEEKEND if own.weekend is None else own.weekend, window)
        works = ~weekend
    else:
        public = countries.days(code, own.subdivision, window)
        weekend = public.weekend if own.weekend is None else _on_weekdays(own.weekend, window)
        works = np.where(weekend, public.worked, ~public.holidays)
    for holiday in own.holidays:
        if holiday.day in window:
            works[(holiday.day - window.first).days] = False
    for day in own.working:
        if day in window:
            works[(day - window.first).days] = True
    return WorkingDays(works, code)


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """The calendars of many people over a window.

    `working` is calendars × days, `calendar` the row of each person's; `is_default` says of each
    calendar whether it stands in for an unknown country.
    """

    working: NDArray[np.bool_]
    calendar: NDArray[np.intp]
    is_default: NDArray[np.bool_]

    def people_on_default(self) -> int:
        """How many people have the default calendar for want of a country that is known."""
        return int(np.count_nonzero(self.is_default[self.calendar]))


def calendar_table(
    country_of: Sequence[str | None],
    window: Window,
    changes: ChangesByCountry,
    countries: Countries,
) -> CalendarTable:
    """The calendar of each person, given their countries as the roster has them."""
    rows: dict[str | None, int] = {}
    calendar = np.fromiter(
        (rows.setdefault(country, len(rows)) for country in country_of), np.intp, len(country_of)
    )
    found = [working_days(country, window, changes, countries) for country in rows]
    working = np.array([each.days for each in found], bool).reshape(len(found), window.length)
    return CalendarTable(working, calendar, np.array([each.is_default for each in found], bool))


def _on_weekdays(weekdays: Sequence[Weekday], window: Window) -> NDArray[np.bool_]:
    """For each day whether it falls on one of the weekdays."""
    weekday = (window.first.weekday() + np.arange(window.length)) % len(Weekday)
    return np.isin(weekday, np.array(weekdays, np.int64))
