"""Parts that views share: changes, rankings, calendar buckets."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import ChangeReason, Measure, RankedPerson

Described = Callable[[str], tuple[str | None, str | None]]
"""Name and email of a user id."""


def measure(value: int, previous: int) -> Measure:
    """A value beside the one it is compared with (definitions §1)."""
    if previous:
        return Measure(value, previous, (value - previous) / previous * 100, None)
    if value:
        return Measure(value, previous, None, ChangeReason.NEW)
    return Measure(value, previous, 0.0, None)


def incomplete(
    value: int,
    previous: int,
    mean_per_day: float | None,
    previous_mean_per_day: float | None,
) -> Measure:
    """The same where days without data are on either side, with the means over the others."""
    reason = ChangeReason.INCOMPLETE
    return Measure(value, previous, None, reason, mean_per_day, previous_mean_per_day)


def mean_of(by_day: NDArray[np.int64], covered: NDArray[np.bool_]) -> float | None:
    """The mean over the covered days; None where there are none."""
    days = int(np.count_nonzero(covered))
    return int(by_day[covered].sum()) / days if days else None


def ranked(
    values: NDArray[np.int64],
    previous: NDArray[np.int64],
    user_ids: Sequence[str],
    most: int,
    described: Described,
) -> list[RankedPerson]:
    """The `most` people with the largest values above 0: equal values share a rank, and are
    ordered by user id.
    """
    wanted = min(most, int(np.count_nonzero(values)))
    if not wanted:
        return []
    threshold = np.partition(values, len(values) - wanted)[len(values) - wanted]
    candidates = np.flatnonzero(values >= max(int(threshold), 1)).tolist()
    ordered = sorted((-int(values[at]), user_ids[at], at) for at in candidates)[:wanted]
    rows = []
    rank = 1
    for place, (negative, user_id, at) in enumerate(ordered, start=1):
        if negative != ordered[place - 2][0] or place == 1:
            rank = place
        name, email = described(user_id)
        rows.append(RankedPerson(rank, user_id, name, email, -negative, int(previous[at])))
    return rows


def points_with(flags: NDArray[np.bool_], starts: Sequence[int]) -> list[bool]:
    """Which points of a series, given by the rows at which they begin, have a row that is set."""
    found: list[bool] = np.logical_or.reduceat(flags, starts).tolist()
    return found


def buckets(window: Window, start_of: Callable[[date], date]) -> tuple[list[date], list[int]]:
    """The starts of the weeks or months of a window, and the row at which each begins."""
    row_of: dict[date, int] = {}
    for row, start in enumerate(map(start_of, window.days())):
        row_of.setdefault(start, row)
    return list(row_of), list(row_of.values())
