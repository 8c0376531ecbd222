"""Zylker's six offices in four time zones, and the days on which they are closed."""

from datetime import date, datetime, time
from functools import cache
from typing import Final, NamedTuple

from shared.metrics.domain.periods import LocalCalendar

HEADQUARTERS_ZONE: Final = "Europe/Berlin"
_SATURDAY: Final = 5


class Office(NamedTuple):
    """Where people work. `holidays` are (month, day); the first language is the usual one."""

    country: str
    time_zone: str
    languages: tuple[str, ...]
    holidays: frozenset[tuple[int, int]]

    def is_closed(self, day: date) -> bool:
        """Whether it is a weekend or a holiday here."""
        return day.weekday() >= _SATURDAY or (day.month, day.day) in self.holidays

    def noon_ms(self, day: date) -> int:
        """Noon of a day here, in milliseconds UTC: far from any change of the clocks."""
        return _noon_ms(self.time_zone, day)


@cache
def _calendar(time_zone: str) -> LocalCalendar:
    return LocalCalendar(time_zone)


@cache
def _noon_ms(time_zone: str, day: date) -> int:
    return _calendar(time_zone).instant_ms(datetime.combine(day, time(12)))


# Holidays that move with the moon or the week are left out: a fixed date keeps the table readable.
_YEAR_END: Final = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)}

OFFICES: Final = {
    "DE": Office(
        "DE",
        HEADQUARTERS_ZONE,
        ("de", "de", "de", "en"),
        frozenset(_YEAR_END | {(5, 1), (10, 3)}),
    ),
    "SE": Office(
        "SE", HEADQUARTERS_ZONE, ("sv", "sv", "en"), frozenset(_YEAR_END | {(5, 1), (6, 6)})
    ),
    "US": Office(
        "US",
        "America/New_York",
        ("en", "en", "en", "es"),
        frozenset({(1, 1), (6, 19), (7, 4), (11, 11), (12, 24), (12, 25)}),
    ),
    "IN": Office(
        "IN", "Asia/Kolkata", ("en", "en", "hi"), frozenset({(1, 26), (8, 15), (10, 2), (12, 25)})
    ),
    "SG": Office(
        "SG", "Asia/Singapore", ("en", "en", "zh-CN"), frozenset({(1, 1), (5, 1), (8, 9), (12, 25)})
    ),
    "MY": Office(
        "MY",
        "Asia/Singapore",
        ("en", "ms"),
        frozenset({(1, 1), (5, 1), (8, 31), (9, 16), (12, 25)}),
    ),
}

HEADCOUNT: Final = {"DE": 80, "SE": 30, "US": 70, "IN": 70, "SG": 30, "MY": 20}
"""People by office: 300."""
