"""Weekends and public holidays of countries, from the package `holidays`.

It is imported when the first working day is asked for: that takes 130 ms, and most requests ask
for none.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.working_calendars import PublicDays
from shared.metrics.engine.country_names import codes_by_name, plain

_REMEMBERED_YEARS: Final = 5_000
"""Of one country each; 1.5 KB a year."""
_LONGEST_NAME: Final = 100


class PublicHolidays:
    """The port `Countries`. What it has looked up is remembered by the process."""

    def code(self, country: str) -> str | None:
        """The ISO 3166 alpha-2 code of a country, given it, alpha-3 or the English name."""
        if len(country) > _LONGEST_NAME:
            return None
        return _codes().get(plain(country))

    def required_code(self, country: str) -> str:
        """The code of a country that someone asks for; BadInputError if it is unknown."""
        code = self.code(country)
        if code is None:
            message = (
                f"unknown country {country[:_LONGEST_NAME]!r}; give its ISO 3166 code such as DE, "
                "or its English name"
            )
            raise BadInputError(message, field="country")
        return code

    def check_subdivision(self, code: str, subdivision: str) -> None:
        """BadInputError, with those there are, unless the country has this subdivision."""
        import holidays

        allowed = holidays.country_holidays(code, years=()).subdivisions
        if subdivision not in allowed:
            message = f"{code} has no subdivision {subdivision!r} here; it may be " + (
                ", ".join(sorted(allowed)) or "left out only"
            )
            raise BadInputError(message, field="subdivision")

    def days(self, code: str, subdivision: str | None, window: Window) -> PublicDays:
        """What a country, or one of its subdivisions, says of the days of a window."""
        years = range(window.first.year, window.last.year + 1)
        whole = np.concatenate([_year(code, subdivision, year) for year in years], axis=1)
        skipped = window.first.timetuple().tm_yday - 1
        weekend, free, worked = whole[:, skipped : skipped + window.length]
        return PublicDays(weekend, free, worked)


@cache
def _codes() -> dict[str, str]:
    from holidays.registry import COUNTRIES

    def known() -> Iterator[tuple[str, list[str]]]:
        for name, (_, code, *aliases) in COUNTRIES.items():
            yield code, [name.replace("_", " "), *aliases]

    return codes_by_name(known())


@lru_cache(maxsize=_REMEMBERED_YEARS)
def _year(code: str, subdivision: str | None, year: int) -> NDArray[np.bool_]:
    """Weekend, holidays and worked weekend days of a year: 3 × days."""
    import holidays

    # A neighbouring year may move a holiday, or the work for one, into this one.
    found = holidays.country_holidays(
        code, subdiv=subdivision, years=range(year - 1, year + 2), expand=False, language="en_US"
    )
    days = Window(date(year, 1, 1), date(year, 12, 31)).days()
    weekend = [found.is_weekend(day) for day in days]
    worked = [off and found.is_working_day(day) for day, off in zip(days, weekend, strict=True)]
    answer = np.array([weekend, [day in found for day in days], worked], bool)
    answer.setflags(write=False)
    return answer
