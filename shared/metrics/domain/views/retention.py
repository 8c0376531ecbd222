"""Retention (definitions §4): which share of the people who began in a week were there later."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window, week_start
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.engagement_answers import RetentionAnswer, RetentionGroups
from shared.metrics.domain.views.grouping import kept_groups
from shared.metrics.domain.views.measures import buckets
from shared.metrics.domain.views.points import cut_off_points


@dataclass(frozen=True, slots=True)
class Grouped:
    """The group of each person on the day on which they began, an index of `names`."""

    names: list[str]
    code: NDArray[np.int64]
    is_backfilled: bool


def retention(
    window: Window,
    active: NDArray[np.bool_],
    first_row: NDArray[np.int64],
    weeks: int,
    first_weekday: int,
    grouped: Grouped | None,
    *,
    proof: Proof,
) -> RetentionAnswer:
    """Compute it over a window. `active` is days × people who return, `first_row` the day of the
    window on which each person began, negative for who did not begin in it.
    """
    start_of = partial(week_start, first_weekday=first_weekday)
    dates, starts = buckets(window, start_of)
    is_cut = cut_off_points(window, dates, start_of, is_partial=proof.is_partial)
    began = np.flatnonzero(first_row >= 0)
    cohorts = _Cohorts(
        by_week=np.logical_or.reduceat(active[:, began], starts, axis=0),
        cohort=np.searchsorted(starts, first_row[began], side="right") - 1,
        is_cut=is_cut,
    )
    table, sizes = cohorts.table(), cohorts.sizes()
    number = len(dates)
    returned: list[list[int | None]] = [
        [int(table[at, at + week]) if at + week < number else None for week in range(weeks)]
        for at in range(number)
    ]
    return RetentionAnswer(
        proof=proof,
        dates=dates,
        cohort_is_partial=is_cut,
        sizes=sizes,
        returned=returned,
        rates=[
            [None if count is None or not size else count / size for count in counts]
            for counts, size in zip(returned, sizes, strict=True)
        ],
        is_partial=[
            [at + week < number and is_cut[at + week] for week in range(weeks)]
            for at in range(number)
        ],
        mean_rates=cohorts.mean_rates(weeks),
        groups=None if grouped is None else _by_group(cohorts, grouped, began, weeks),
    )


def _by_group(
    cohorts: "_Cohorts", grouped: Grouped, began: NDArray[np.intp], weeks: int
) -> RetentionGroups:
    code = grouped.code[began]
    sizes = np.bincount(code, minlength=len(grouped.names))
    there = np.flatnonzero(sizes)
    kept = kept_groups([grouped.names[at] for at in there.tolist()], sizes[there].tolist())
    place = np.zeros(len(grouped.names), np.int64)
    place[there] = kept.place
    groups = [cohorts.of(place[code] == at) for at in range(len(kept.names))]
    return RetentionGroups(
        names=kept.names,
        sizes=[len(group.cohort) for group in groups],
        mean_rates=[group.mean_rates(weeks) for group in groups],
        is_backfilled=grouped.is_backfilled,
    )


@dataclass(frozen=True, slots=True)
class _Cohorts:
    """People who began: weeks × people in which they were there, the week in which each began,
    and which weeks are not counted whole.
    """

    by_week: NDArray[np.bool_]
    cohort: NDArray[np.intp]
    is_cut: list[bool]

    def of(self, some: NDArray[np.bool_]) -> "_Cohorts":
        """Some of them."""
        return _Cohorts(self.by_week[:, some], self.cohort[some], self.is_cut)

    def sizes(self) -> list[int]:
        """The people of each cohort."""
        sizes: list[int] = np.bincount(self.cohort, minlength=len(self.is_cut)).tolist()
        return sizes

    def table(self) -> NDArray[np.int64]:
        """Cohorts × weeks of the calendar; cohort c is k weeks old in week c + k."""
        number = len(self.is_cut)
        counts = [np.bincount(self.cohort[there], minlength=number) for there in self.by_week]
        return np.array(counts, np.int64).T

    def mean_rates(self, weeks: int) -> list[float | None]:
        """By age in weeks, of all whole cohorts and weeks together; None without any."""
        table, sizes, is_cut = self.table(), self.sizes(), self.is_cut
        rates: list[float | None] = []
        for age in range(weeks):
            ages = range(len(is_cut) - age)
            whole = [at for at in ages if not (is_cut[at] or is_cut[at + age])]
            people = sum(sizes[at] for at in whole)
            returned = sum(int(table[at, at + age]) for at in whole)
            rates.append(returned / people if people else None)
        return rates
