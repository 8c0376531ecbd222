"""Stickiness (definitions §4): how many of the people of a month are there on a mean day."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window, month_start
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.engagement_answers import (
    MonthlyActives,
    RollingActives,
    Stickiness,
    StickinessAnswer,
    StickinessGroups,
)
from shared.metrics.domain.views.grouping import kept_groups
from shared.metrics.domain.views.measures import buckets, points_with
from shared.metrics.domain.views.points import cut_off_points

WEEK_DAYS: Final = 7
MONTH_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Days:
    """Who was there on which day (days × people), and which of the days are without data."""

    present: NDArray[np.bool_]
    no_data: NDArray[np.bool_]

    def of_rows(self, rows: slice) -> "Days":
        """Some of the days."""
        return Days(self.present[rows], self.no_data[rows])

    @property
    def covered(self) -> "Days":
        """Those with data, over which means are."""
        if not self.no_data.any():
            return self
        return Days(self.present[~self.no_data], np.zeros(np.count_nonzero(~self.no_data), bool))


@dataclass(frozen=True, slots=True)
class Grouped:
    """The group of each person on each day of the window (days × people, indexing `names`)."""

    names: list[str]
    code: NDArray[np.int64]
    is_backfilled: bool


def stickiness(
    window: Window,
    days: Days,
    min_active_days: int,
    grouped: Grouped | None,
    *,
    proof: Proof,
) -> StickinessAnswer:
    """Compute it over a window, from the 29 days before and the window."""
    of_window = days.of_rows(slice(MONTH_DAYS - 1, None))
    return StickinessAnswer(
        proof=proof,
        total=_of_days(of_window, min_active_days),
        by_day=_by_day(window, days, min_active_days),
        by_month=_by_month(window, of_window, min_active_days, is_partial=proof.is_partial),
        groups=None if grouped is None else _by_group(grouped, of_window, min_active_days),
    )


def _by_group(grouped: Grouped, window_days: Days, min_active_days: int) -> StickinessGroups:
    present, covered = window_days.present, window_days.covered.present
    people, everyone = present.shape[1], len(grouped.names)
    all_days = covered_days = _days_by_group(grouped.code, present, everyone)
    if covered is not present:
        covered_days = _days_by_group(grouped.code[~window_days.no_data], covered, everyone)
    weights, active = all_days.sum(axis=0), np.count_nonzero(all_days, axis=0)
    there = np.flatnonzero(weights)
    names = [grouped.names[at] for at in there.tolist()]
    kept = kept_groups(names, weights[there].tolist(), active[there].tolist())
    days = np.zeros((people, len(kept.names)), np.int64)
    np.add.at(days.T, kept.place, all_days[:, there].T)
    user_days_of = np.zeros(len(kept.names), np.int64)
    np.add.at(user_days_of, kept.place, covered_days[:, there].sum(axis=0))
    found = [
        _of_person_days(days[:, at], user_days, len(covered), min_active_days)
        for at, user_days in enumerate(user_days_of.tolist())
    ]
    return StickinessGroups(
        names=kept.names,
        active=[group.active for group in found],
        mean_daily_active=[group.mean_daily_active for group in found],
        stickiness=[group.stickiness for group in found],
        consistent=[group.consistent for group in found],
        overlaps=sum(group.active for group in found) > int(np.count_nonzero(days.any(axis=1))),
        is_backfilled=grouped.is_backfilled,
    )


def _days_by_group(
    code: NDArray[np.int64], present: NDArray[np.bool_], groups: int
) -> NDArray[np.int64]:
    """People × groups: on how many days each person was there in each group."""
    people = present.shape[1]
    _, person = np.nonzero(present)
    cells = person * groups + code[present]
    return np.bincount(cells, minlength=people * groups).reshape(people, groups)


def _of_days(days: Days, min_active_days: int) -> Stickiness:
    by_person, covered = np.count_nonzero(days.present, axis=0), days.covered.present
    return _of_person_days(by_person, int(np.count_nonzero(covered)), len(covered), min_active_days)


def _of_person_days(
    days: NDArray[Any], user_days: int, covered: int, min_active_days: int
) -> Stickiness:
    """From the number of active days of each person, and the user-days of so many covered days."""
    active, mean = int(np.count_nonzero(days)), _mean(user_days, covered)
    return Stickiness(
        active=active,
        mean_daily_active=mean,
        stickiness=_share(mean, active),
        consistent=int(np.count_nonzero(days >= min_active_days)),
    )


def _mean(user_days: int, covered: int) -> float | None:
    return user_days / covered if covered else None


def _share(mean: float | None, active: int) -> float | None:
    return None if mean is None or not active else mean / active


def _by_day(window: Window, days: Days, min_active_days: int) -> RollingActives:
    present = days.present
    daily = np.count_nonzero(present, axis=1)
    people = present.shape[1]
    last_active = np.full(people, -WEEK_DAYS)
    active_days = np.zeros(people, np.int64)
    weekly, monthly, consistent = [], [], []
    for at, there in enumerate(present):
        last_active[there] = at
        active_days += there
        if at >= MONTH_DAYS:
            active_days -= present[at - MONTH_DAYS]
        if at >= MONTH_DAYS - 1:
            weekly.append(int(np.count_nonzero(last_active > at - WEEK_DAYS)))
            monthly.append(int(np.count_nonzero(active_days)))
            consistent.append(int(np.count_nonzero(active_days >= min_active_days)))
    user_days, covered = _of_each_month(daily * ~days.no_data), _of_each_month(~days.no_data)
    return RollingActives(
        dates=window.days(),
        daily_active=daily[MONTH_DAYS - 1 :].tolist(),
        weekly_active=weekly,
        monthly_active=monthly,
        stickiness=[
            _share(_mean(*of_month), active)
            for *of_month, active in zip(user_days, covered, monthly, strict=True)
        ],
        consistent=consistent,
        no_data=days.no_data[MONTH_DAYS - 1 :].tolist(),
    )


def _of_each_month(by_day: NDArray[Any]) -> list[int]:
    """The sums of the 30 days that end with each day, from the thirtieth on."""
    added = np.concatenate(([0], np.cumsum(by_day)))
    sums: list[int] = (added[MONTH_DAYS:] - added[:-MONTH_DAYS]).tolist()
    return sums


def _by_month(
    window: Window, days: Days, min_active_days: int, *, is_partial: bool
) -> MonthlyActives:
    dates, starts = buckets(window, month_start)
    ends = [*starts[1:], window.length]
    months = [
        _of_days(days.of_rows(slice(start, end)), min_active_days)
        for start, end in zip(starts, ends, strict=True)
    ]
    return MonthlyActives(
        dates=dates,
        is_partial=cut_off_points(window, dates, month_start, is_partial=is_partial),
        monthly_active=[month.active for month in months],
        mean_daily_active=[month.mean_daily_active for month in months],
        stickiness=[month.stickiness for month in months],
        consistent=[month.consistent for month in months],
        no_data=points_with(days.no_data, starts),
    )
