"""Home (definitions §4): five figures against the period before, two tables, two top lists."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from shared.metrics.domain.periods import Window, week_start
from shared.metrics.domain.views.answers import (
    Attendance,
    AttendanceSeries,
    HomeAnswer,
    Proof,
    WeekSeries,
)
from shared.metrics.domain.views.day_table import DayTable
from shared.metrics.domain.views.measures import Described, buckets, measure, ranked

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


@dataclass(frozen=True, slots=True)
class Period:
    """A window, the days it is read from, and the size of its roster."""

    window: Window
    table: DayTable
    roster: int

    @property
    def active(self) -> int:
        """Distinct people with a login or a hit."""
        return int(np.count_nonzero(self.table.active(self.window)))


def home(
    plan: HomePlan,
    current: Period,
    compared: Period,
    *,
    proof: Proof,
    first_weekday: int,
    top: int,
    described: Described,
) -> HomeAnswer:
    """Compute Home. Both periods number the same people alike."""
    now, then = current.table, compared.table
    rows, rows_then = now.rows(current.window), then.rows(compared.window)
    active, active_then = current.active, compared.active
    attendance = int(now.active_by_day[rows].sum())
    hits_by_person = now.hits_by_person(current.window)
    attendance_by_person = now.attendance_by_person(current.window)
    return HomeAnswer(
        proof=proof,
        first=current.window.first,
        last=current.window.last,
        compared_first=compared.window.first,
        compared_last=compared.window.last,
        total_hits=measure(
            int(now.hits_by_day[rows].sum()), int(then.hits_by_day[rows_then].sum())
        ),
        features_used=measure(
            now.features_used(current.window), then.features_used(compared.window)
        ),
        attendance=Attendance(
            measure=measure(attendance, int(then.active_by_day[rows_then].sum())),
            org_days=int(np.count_nonzero(now.active_by_day[rows])),
            average_per_active_user=attendance / active if active else None,
        ),
        active_users=measure(active, active_then),
        inactive_users=measure(current.roster - active, compared.roster - active_then),
        hits_by_week=_hits_by_week(now, plan.weeks, first_weekday, is_partial=proof.is_partial),
        attendance_by_day=AttendanceSeries(
            dates=plan.days.days(),
            active_users=now.active_by_day[now.rows(plan.days)].tolist(),
            logins=now.logins_by_day[now.rows(plan.days)].tolist(),
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
    table: DayTable, window: Window, first_weekday: int, *, is_partial: bool
) -> WeekSeries:
    dates, starts = buckets(window, lambda day: week_start(day, first_weekday))
    hits = np.add.reduceat(table.hits_by_day[table.rows(window)], starts).tolist()
    peak = max(hits)
    return WeekSeries(
        dates=dates,
        hits=hits,
        is_peak=[week == peak and peak > 0 for week in hits],
        is_partial=[_reaches_out(start, window, is_partial=is_partial) for start in dates],
    )


def _reaches_out(start: date, window: Window, *, is_partial: bool) -> bool:
    """Whether a week has days outside the window, or its last day is not over."""
    last = start + _WEEK - timedelta(days=1)
    return start < window.first or last > window.last or (is_partial and last == window.last)
