"""Trends (definitions §4): measures by day, week or month, of everyone and of groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import Measure, Proof
from shared.metrics.domain.views.grouping import KeptGroups
from shared.metrics.domain.views.measures import incomplete, mean_of, measure, points_with
from shared.metrics.domain.views.points import cut_off_points
from shared.metrics.domain.views.trends_answer import (
    DISTINCT,
    GroupedTrends,
    TrendsAnswer,
    TrendsMeasure,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Measures as groups × points, and those that do not add up also over the whole window, by
    group.
    """

    series: Mapping[TrendsMeasure, NDArray[np.int64]]
    distinct: Mapping[TrendsMeasure, NDArray[np.int64]]

    def totals(self, which: TrendsMeasure) -> NDArray[np.int64]:
        """A measure of each group over the whole window."""
        if which in DISTINCT:
            return self.distinct[which]
        totals: NDArray[np.int64] = self.series[which].sum(axis=1)
        return totals


@dataclass(frozen=True, slots=True)
class Daily:
    """The same with a point for every day of a window, of which some are covered by data."""

    covered: NDArray[np.bool_]
    everyone: Counted
    groups: Counted | None

    def means(self, which: TrendsMeasure, *, of_groups: bool) -> list[float | None]:
        """A measure's means over the covered days: of everyone, or of each group."""
        counted = self.groups if of_groups and self.groups else self.everyone
        return [mean_of(by_day, self.covered) for by_day in counted.series[which]]


@dataclass(frozen=True, slots=True)
class Period:
    """A window with its points, given by the offsets of their first days, and what was counted in
    it: of everyone (one group), and of the groups asked for. `no_data` says which of its days are
    without data; `daily` is there if means must stand in for changes.
    """

    window: Window
    starts: Sequence[int]
    everyone: Counted
    groups: Counted | None
    no_data: NDArray[np.bool_]
    daily: Daily | None

    @property
    def dates(self) -> list[date]:
        """The first day of each point that is in the window."""
        return [self.window.first + timedelta(days=start) for start in self.starts]


def aligned_starts(starts: Sequence[int], length: int, step: int | None) -> list[int]:
    """The points of a compared window of so many days, beside those of another.

    Calendar months differ in length: points beyond the window are left out, and if it goes on,
    further points of `step` days follow; None: the last point has the rest.
    """
    aligned = [start for start in starts if start < length]
    while step is not None and len(aligned) >= len(starts) and aligned[-1] + step < length:
        aligned.append(aligned[-1] + step)
    return aligned


def trends(
    now: Period,
    then: Period | None,
    start_of: Callable[[date], date],
    *,
    proof: Proof,
    is_backfilled: bool,
    with_totals: bool,
    groups: KeptGroups | None,
) -> TrendsAnswer:
    """Put together what was counted. `start_of` gives the first day of the interval that holds a
    day; the first point is given by it, even if that is before the window.
    """
    dates = [start_of(day) for day in now.dates]
    compared = then.everyone if then else None
    totals, changes = _totals(now, then, of_groups=False) if with_totals else ({}, {})
    return TrendsAnswer(
        proof=proof,
        window=now.window,
        compared=then.window if then else None,
        is_backfilled=is_backfilled,
        dates=dates,
        is_partial=cut_off_points(now.window, dates, start_of, is_partial=proof.is_partial),
        no_data=points_with(now.no_data, now.starts),
        series={which: lists[0] for which, lists in _lists(now.everyone).items()},
        compared_dates=then.dates if then else [],
        compared_no_data=points_with(then.no_data, then.starts) if then else [],
        compared_series={which: lists[0] for which, lists in _lists(compared).items()},
        totals={which: values[0] for which, values in totals.items()},
        changes={which: values[0] for which, values in changes.items()},
        groups=_grouped(now, then, groups, with_totals=with_totals) if groups else None,
    )


def _grouped(
    now: Period, then: Period | None, groups: KeptGroups, *, with_totals: bool
) -> GroupedTrends | None:
    if now.groups is None:
        return None
    compared = then.groups if then else None
    totals, changes = _totals(now, then, of_groups=True) if with_totals else ({}, {})
    of_groups = int(now.groups.totals(TrendsMeasure.ACTIVE_USERS).sum())
    return GroupedTrends(
        names=groups.names,
        series=_lists(now.groups),
        compared_series=_lists(compared),
        totals=totals,
        changes=changes,
        has_others=groups.has_others,
        overlaps=of_groups > int(now.everyone.totals(TrendsMeasure.ACTIVE_USERS)[0]),
    )


def _lists(counted: Counted | None) -> dict[TrendsMeasure, list[list[int]]]:
    if counted is None:
        return {}
    return {which: values.tolist() for which, values in counted.series.items()}


_Totals = dict[TrendsMeasure, list[int]]
_Changes = dict[TrendsMeasure, list[Measure]]


def _totals(now: Period, then: Period | None, *, of_groups: bool) -> tuple[_Totals, _Changes]:
    """Over the whole windows, by group; the changes only if there is a compared window."""
    counted = _counted(now, of_groups=of_groups)
    totals: _Totals = {which: counted.totals(which).tolist() for which in counted.series}
    if then is None:
        return totals, {}
    before = _counted(then, of_groups=of_groups)
    changes: _Changes = {}
    for which, values in totals.items():
        pairs = zip(values, before.totals(which).tolist(), strict=True)
        if now.daily is None or then.daily is None:
            changes[which] = [measure(value, previous) for value, previous in pairs]
        else:
            means = [each.means(which, of_groups=of_groups) for each in (now.daily, then.daily)]
            changes[which] = [
                incomplete(*pair, *of_pair) for pair, *of_pair in zip(pairs, *means, strict=True)
            ]
    return totals, changes


def _counted(period: Period, *, of_groups: bool) -> Counted:
    if of_groups and period.groups is not None:
        return period.groups
    return period.everyone
