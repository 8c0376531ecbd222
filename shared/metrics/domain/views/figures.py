"""The five figures that Home and Activity begin with (definitions §4)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import Attendance, Measure
from shared.metrics.domain.views.day_table import DayTable
from shared.metrics.domain.views.measures import incomplete, mean_of, measure


@dataclass(frozen=True, slots=True)
class Period:
    """A window, the days it is read from, the size of its roster, and which of its days are without
    data.
    """

    window: Window
    table: DayTable
    roster: int
    no_data: NDArray[np.bool_]

    @property
    def active(self) -> int:
        """Distinct people with a login or a hit."""
        return int(np.count_nonzero(self.table.active(self.window)))

    @property
    def rows(self) -> slice:
        """The rows of its days in the table."""
        return self.table.rows(self.window)

    def mean(self, by_day: NDArray[np.int64]) -> float | None:
        """The mean of a measure of every day, over those with data."""
        return mean_of(by_day, ~self.no_data)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a period comes to, each figure beside that of the period it is compared with."""

    total_hits: Measure
    features_used: Measure
    attendance: Attendance
    active_users: Measure
    inactive_users: Measure


def figures(current: Period, compared: Period) -> Figures:
    """The figures of a period. Both number the same people alike."""
    active, active_then = current.active, compared.active
    present = _active_by_day(current)
    attendance = int(present.sum())
    is_complete = not (current.no_data.any() or compared.no_data.any())

    def change(value: int, previous: int, by_day: _ByDay) -> Measure:
        if is_complete:
            return measure(value, previous)
        means = (period.mean(by_day(period)) for period in (current, compared))
        return incomplete(value, previous, *means)

    return Figures(
        total_hits=change(
            int(_hits_by_day(current).sum()), int(_hits_by_day(compared).sum()), _hits_by_day
        ),
        features_used=change(
            current.table.features_used(current.window),
            compared.table.features_used(compared.window),
            _features_by_day,
        ),
        attendance=Attendance(
            measure=change(attendance, int(_active_by_day(compared).sum()), _active_by_day),
            org_days=int(np.count_nonzero(present)),
            average_per_active_user=attendance / active if active else None,
        ),
        active_users=change(active, active_then, _active_by_day),
        inactive_users=change(
            current.roster - active, compared.roster - active_then, _inactive_by_day
        ),
    )


_ByDay = Callable[[Period], NDArray[np.int64]]


def _hits_by_day(period: Period) -> NDArray[np.int64]:
    return period.table.hits_by_day[period.rows]


def _active_by_day(period: Period) -> NDArray[np.int64]:
    return period.table.active_by_day[period.rows]


def _inactive_by_day(period: Period) -> NDArray[np.int64]:
    """The people of the window's roster who were not there on each day."""
    inactive: NDArray[np.int64] = period.roster - _active_by_day(period)
    return inactive


def _features_by_day(period: Period) -> NDArray[np.int64]:
    used: NDArray[np.int64] = np.count_nonzero(period.table.features[period.rows], axis=1)
    return used
