"""Home (definitions §4): five figures against the period before, two tables, two top lists."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from shared.metrics.domain.no_data import NoData
from shared.metrics.domain.periods import Window, week_start
from shared.metrics.domain.views.answers import (
    AttendanceSeries,
    HomeAnswer,
    Proof,
    WeekSeries,
)
from shared.metrics.domain.views.day_table import DayTable
from shared.metrics.domain.views.figures import Period, figures
from shared.metrics.domain.views.measures import Described, buckets, points_with, ranked

ATTENDANCE_DAYS = 35
WEEKS = 5
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class HomePlan:
    """The days that Home needs. The tables cover an explicit range, else the last 35 days and
    the last day's week with the four before.
    """

    window: Window
    compared: Window
    weeks: Window
    days: Window

    @property
    def current_span(self) -> Window:
        """Every day but those of the period before."""
        return Window(min(self.window.first, self.weeks.first, self.days.first), self.window.last)

    @property
    def span(self) -> Window:
        """Every day."""
        return Window(min(self.current_span.first, self.compared.first), self.window.last)


def plan_home(window: Window, compared: Window, first_weekday: int, *, explicit: bool) -> HomePlan:
    """Which days to load for Home."""
    if explicit:
        return HomePlan(window, compared, window, window)
    last = window.last
    weeks = Window(week_start(last, first_weekday) - (WEEKS - 1) * _WEEK, last)
    return HomePlan(
        window, compared, weeks, Window(last - timedelta(days=ATTENDANCE_DAYS - 1), last)
    )


def home(
    plan: HomePlan,
    current: Period,
    compared: Period,
    *,
    proof: Proof,
    first_weekday: int,
    top: int,
    described: Described,
    no_data: NoData,
) -> HomeAnswer:
    """Compute Home. Both periods number the same people alike; `no_data` is of the plan's span."""
    now, then = current.table, compared.table
    five = figures(current, compared)
    hits_by_person = now.hits_by_person(current.window)
    attendance_by_person = now.attendance_by_person(current.window)
    return HomeAnswer(
        proof=proof,
        first=current.window.first,
        last=current.window.last,
        compared_first=compared.window.first,
        compared_last=compared.window.last,
        total_hits=five.total_hits,
        features_used=five.features_used,
        attendance=five.attendance,
        active_users=five.active_users,
        inactive_users=five.inactive_users,
        hits_by_week=_hits_by_week(
            now, plan.weeks, first_weekday, no_data, is_partial=proof.is_partial
        ),
        attendance_by_day=AttendanceSeries(
            dates=plan.days.days(),
            active_users=now.active_by_day[now.rows(plan.days)].tolist(),
            logins=now.logins_by_day[now.rows(plan.days)].tolist(),
            no_data=no_data.days(plan.days).tolist(),
        ),
        top_by_hits=ranked(
            hits_by_person,
            then.hits_by_person(compared.window),
            now.user_ids,
            top,
            described,
        ),
        top_by_attendance=ranked(
            attendance_by_person,
            then.attendance_by_person(compared.window),
            now.user_ids,
            top,
            described,
        ),
    )


def _hits_by_week(
    table: DayTable, window: Window, first_weekday: int, no_data: NoData, *, is_partial: bool
) -> WeekSeries:
    dates, starts = buckets(window, lambda day: week_start(day, first_weekday))
    hits = np.add.reduceat(table.hits_by_day[table.rows(window)], starts).tolist()
    peak = max(hits)
    return WeekSeries(
        dates=dates,
        hits=hits,
        is_peak=[week == peak and peak > 0 for week in hits],
        is_partial=[_reaches_out(start, window, is_partial=is_partial) for start in dates],
        no_data=points_with(no_data.days(window), starts),
    )


def _reaches_out(start: date, window: Window, *, is_partial: bool) -> bool:
    """Whether a week has days outside the window, or its last day is not over."""
    last = start + _WEEK - timedelta(days=1)
    return start < window.first or last > window.last or (is_partial and last == window.last)
