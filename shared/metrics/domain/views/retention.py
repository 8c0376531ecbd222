"""Retention (definitions §4): which share of the people who began in a week were there later."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.engagement_answers import RetentionAnswer, RetentionGroups
from shared.metrics.domain.views.grouping import kept_groups


@dataclass(frozen=True, slots=True)
class Grouped:
    """The group of each person on the day on which they began, an index of `names`."""

    names: list[str]
    code: NDArray[np.int64]
    is_backfilled: bool


@dataclass(frozen=True, slots=True)
class Gaps:
    """Which days of the window are without data for what people begin with, and for what counts as
    being there later.
    """

    beginning: list[bool]
    being_there: list[bool]


def retention(
    dates: list[date],
    is_cut: list[bool],
    active: NDArray[np.bool_],
    cohort: NDArray[np.int64],
    weeks: int,
    grouped: Grouped | None,
    *,
    gaps: Gaps,
    proof: Proof,
) -> RetentionAnswer:
    """Compute it over a window, whose weeks begin on `dates`, and of which those at its ends may be
    cut off. `active` is weeks × people who were
    there in them, `cohort` the week in which each person began, negative for who did not begin in
    the window.
    """
    cohort_no_data, no_data = gaps.beginning, gaps.being_there
    began = np.flatnonzero(cohort >= 0)
    cohorts = _Cohorts(
        by_week=active[:, began],
        cohort=cohort[began],
        cohort_is_whole=~np.array(is_cut, bool) & ~np.array(cohort_no_data, bool),
        week_is_whole=~np.array(is_cut, bool) & ~np.array(no_data, bool),
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
        cohort_no_data=cohort_no_data,
        no_data=[
            [at + week < number and no_data[at + week] for week in range(weeks)]
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
    """People who began: weeks × people in which they were there, the week in which each began, and
    of which weeks it is known who began in them, and who was there.
    """

    by_week: NDArray[np.bool_]
    cohort: NDArray[np.int64]
    cohort_is_whole: NDArray[np.bool_]
    week_is_whole: NDArray[np.bool_]

    def of(self, some: NDArray[np.bool_]) -> "_Cohorts":
        """Some of them."""
        return replace(self, by_week=self.by_week[:, some], cohort=self.cohort[some])

    def sizes(self) -> list[int]:
        """The people of each cohort."""
        sizes: list[int] = np.bincount(self.cohort, minlength=len(self.by_week)).tolist()
        return sizes

    def table(self) -> NDArray[np.int64]:
        """Cohorts × weeks of the calendar; cohort c is k weeks old in week c + k."""
        number = len(self.by_week)
        counts = [np.bincount(self.cohort[there], minlength=number) for there in self.by_week]
        return np.array(counts, np.int64).T

    def mean_rates(self, weeks: int) -> list[float | None]:
        """By age in weeks, of all whole cohorts and weeks together; None without any."""
        table, sizes, number = self.table(), self.sizes(), len(self.by_week)
        rates: list[float | None] = []
        for age in range(weeks):
            # Beyond the weeks of the range there is no cohort of this age.
            is_whole = self.cohort_is_whole[: max(number - age, 0)] & self.week_is_whole[age:]
            whole = np.flatnonzero(is_whole).tolist()
            people = sum(sizes[at] for at in whole)
            returned = sum(int(table[at, at + age]) for at in whole)
            rates.append(returned / people if people else None)
        return rates
