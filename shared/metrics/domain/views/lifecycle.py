"""Lifecycle (definitions §4): who is new, goes on, comes back, or has gone quiet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.engagement_answers import LifecycleAnswer, LifecycleState
from shared.metrics.domain.views.measures import buckets, points_with
from shared.metrics.domain.views.points import cut_off_points

QUIET_DAYS: Final = 30
"""So many days without activity in a row make someone dormant, and their return a resurrection."""


@dataclass(frozen=True, slots=True)
class ActiveDays:
    """Days × people of the 30 days before a window and the window: who was active at all, who was
    while counting, and who counts (None: everyone). `first_active` are the days, as ordinals, of
    the first activity ever, 0 for none.
    """

    seen: NDArray[np.bool_]
    active: NDArray[np.bool_]
    counts: NDArray[np.bool_] | None
    first_active: NDArray[np.int64]


@dataclass
class _Counts:
    """The people of one point."""

    new: int = 0
    returning: int = 0
    resurrected: int = 0
    dormant: int = 0
    became_dormant: int = 0


def lifecycle(
    window: Window,
    days: ActiveDays,
    start_of: Callable[[date], date],
    no_data: NDArray[np.bool_],
    *,
    proof: Proof,
) -> LifecycleAnswer:
    """Compute it over a window, of which some days are without data. A person is what they are on
    their first active day of a point: new if it is their first ever, resurrected after at least 30
    days without any activity.
    """
    dates, starts = buckets(window, start_of)
    ends = [*starts[1:], window.length]
    walk = _Walk(days, window.first.toordinal())
    for row in range(QUIET_DAYS):
        walk.pass_day(row)
    points = [
        _point(walk, range(start + QUIET_DAYS, end + QUIET_DAYS))
        for start, end in zip(starts, ends, strict=True)
    ]
    return LifecycleAnswer(
        proof=proof,
        dates=dates,
        is_partial=cut_off_points(window, dates, start_of, is_partial=proof.is_partial),
        new=[point.new for point in points],
        returning=[point.returning for point in points],
        resurrected=[point.resurrected for point in points],
        dormant=[point.dormant for point in points],
        became_dormant=[point.became_dormant for point in points],
        no_data=points_with(no_data, starts),
    )


class _Walk:
    """Goes through the days, and knows of each person the last active one."""

    def __init__(self, days: ActiveDays, first_ordinal: int) -> None:
        self.days = days
        self._ordinal_of_row_0 = first_ordinal - QUIET_DAYS
        self._last_row = np.full(days.seen.shape[1], -1)

    def pass_day(self, row: int) -> None:
        """Go on to the end of a day."""
        self._last_row[self.days.seen[row]] = row

    def is_first_ever(self, row: int) -> NDArray[np.bool_]:
        """Whose first activity ever was on a day."""
        first: NDArray[np.bool_] = self.days.first_active == self._ordinal_of_row_0 + row
        return first

    def is_quiet(self, row: int) -> NDArray[np.bool_]:
        """Who has been active before, but not in the 30 days that end with a day, when it has been
        passed.
        """
        first = self.days.first_active
        has_been = (first > 0) & (first <= self._ordinal_of_row_0 + row)
        quiet: NDArray[np.bool_] = has_been & (self._last_row <= row - QUIET_DAYS)
        return quiet

    def falls_quiet(self, row: int) -> NDArray[np.bool_]:
        """Who is dormant at the end of a day for the first time."""
        quiet: NDArray[np.bool_] = self._last_row == row - QUIET_DAYS
        return quiet

    def number(self, who: NDArray[np.bool_], row: int) -> int:
        """How many of them count on a day."""
        counts = self.days.counts
        return int(np.count_nonzero(who if counts is None else who & counts[row]))


def _point(walk: _Walk, rows: range) -> _Counts:
    counts = _Counts()
    before = np.zeros(walk.days.seen.shape[1], bool)
    for row in rows:
        come = walk.days.active[row] & ~before
        quiet = come & walk.is_quiet(row - 1)
        new = come & walk.is_first_ever(row)
        counts.new += int(np.count_nonzero(new))
        counts.resurrected += int(np.count_nonzero(quiet))
        counts.returning += int(np.count_nonzero(come & ~new & ~quiet))
        before |= come
        walk.pass_day(row)
        counts.became_dormant += walk.number(walk.falls_quiet(row), row)
    counts.dormant = walk.number(walk.is_quiet(rows[-1]), rows[-1])
    return counts


def state_of(active_days: Sequence[int], last: int) -> LifecycleState:
    """The state of one person at the end of a day, from all of their active days up to it, as
    ordinals that ascend: that of the 30 days that end with it.
    """
    if not active_days:
        return LifecycleState.NEVER_SEEN
    first_of_month = last - QUIET_DAYS + 1
    if active_days[-1] < first_of_month:
        return LifecycleState.DORMANT
    if active_days[0] >= first_of_month:
        return LifecycleState.NEW
    came_back = any(
        day >= first_of_month and day - before > QUIET_DAYS for before, day in pairwise(active_days)
    )
    return LifecycleState.RESURRECTED if came_back else LifecycleState.RETURNING
