"""Local days of many instants at once, as days since 1970."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import LocalCalendar

_FIRST: Final = date(1970, 1, 1)
_DAY_MS: Final = 86_400_000
_EARLIEST: Final = (date(1900, 1, 1) - _FIRST).days
_LATEST: Final = (date(2999, 12, 31) - _FIRST).days
"""What people type as a date may lie anywhere; clocks have no rules for so far away."""


def starts_ms(calendar: LocalCalendar, days: NDArray[np.int64]) -> NDArray[np.int64]:
    """When local days begin, milliseconds UTC; days before 1900 and after 2999 count as those."""
    return _by_value(lambda day: calendar.start_ms(day_of(day)), np.clip(days, _EARLIEST, _LATEST))


def local_days(calendar: LocalCalendar, at_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """The local days that hold instants."""
    utc = np.clip(at_ms // _DAY_MS, _EARLIEST, _LATEST)
    # No zone is more than a day from UTC, so it is the day of UTC or a neighbour of it.
    begin, end = np.split(starts_ms(calendar, np.concatenate((utc, utc + 1))), 2)
    return utc - 1 + (at_ms >= begin).astype(np.int64) + (at_ms >= end)


def day_of(day: int) -> date:
    """A day since 1970 as a date."""
    return _FIRST + timedelta(days=day)


def number_of(day: date) -> int:
    """A date as days since 1970."""
    return (day - _FIRST).days


def _by_value(function: Callable[[int], int], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """A function of each value, asked once for each that there is."""
    if not len(values):
        return values
    lowest = int(values.min())
    place = values - lowest
    # Days lie close together: a place for each is less work than sorting all that there are.
    found = np.zeros(int(place.max()) + 1, np.int64)
    distinct = np.flatnonzero(np.bincount(place))
    found[distinct] = [function(lowest + value) for value in distinct.tolist()]
    return found[place]
