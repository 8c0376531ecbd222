"""Home (definitions §4), from a history."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import (
    Attendance,
    AttendanceSeries,
    ChangeReason,
    HomeAnswer,
    Measure,
    Proof,
    RankedPerson,
    WeekSeries,
)
from shared.metrics.engine.requests import HomeRequest
from tests.oracles import no_data, windows
from tests.oracles.counting import Counting, counting
from tests.oracles.history import History
from tests.oracles.windows import ONE_DAY


@dataclass
class Figures:
    """What one period comes to."""

    hits: Counter[str]
    attendance: Counter[str]
    features: set[str]
    org_days: set[date]
    roster: set[str]


def home(
    history: History, request: HomeRequest, now_ms: int, proof: Proof, *, first_weekday: int = 0
) -> HomeAnswer:
    """Home, with a proof that is taken as given."""
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    window, before = windows.compared(window, request.comparison, is_partial=is_partial)
    cut = None
    if is_partial:
        cut = (before.last, windows.same_hours_end_ms(history.zone, before.last, now_ms))
    who = counting(history, request.people, now_ms)
    now = figures(who, window)
    who_then = counting(history, request.people, now_ms, cut=cut)
    then = figures(who_then, before)
    weeks = days = window
    if request.window is None:
        monday = windows.week_start(window.last, first_weekday)
        weeks = Window(monday - timedelta(weeks=4), window.last)
        days = Window(window.last - timedelta(days=34), window.last)
    active = len(now.attendance)
    attendance = now.attendance.total()
    sides = [
        Side(who, now, windows.days(window), no_data.covered(history, window, now_ms)),
        Side(who_then, then, windows.days(before), no_data.covered(history, before, now_ms)),
    ]
    return HomeAnswer(
        proof=proof,
        first=window.first,
        last=window.last,
        compared_first=before.first,
        compared_last=before.last,
        total_hits=beside(sides, lambda some, _: some.hits.total()),
        features_used=beside(sides, lambda some, _: len(some.features)),
        attendance=Attendance(
            beside(sides, lambda some, _: some.attendance.total()),
            len(now.org_days),
            attendance / active if active else None,
        ),
        active_users=beside(sides, lambda some, _: len(some.attendance)),
        inactive_users=beside(sides, lambda some, all_: len(all_.roster) - len(some.attendance)),
        hits_by_week=hits_by_week(who, weeks, first_weekday, today_is_in=is_partial),
        attendance_by_day=attendance_by_day(who, days),
        top_by_hits=top(history, now.hits, then.hits, request.top),
        top_by_attendance=top(history, now.attendance, then.attendance, request.top),
    )


@dataclass
class Side:
    """A period: who counts in it, what it comes to, its days, and those of them with data."""

    who: Counting
    figures: Figures
    days: list[date]
    covered: list[date]


def beside(sides: list[Side], number: Callable[[Figures, Figures], int]) -> Measure:
    """A figure of both sides; with days without data, the means of the others stand beside it.
    `number` makes it of some days, and of the whole side that they are of.
    """
    now, then = (number(side.figures, side.figures) for side in sides)
    if all(side.days == side.covered for side in sides):
        return measure(now, then)
    means = [
        mean([number(figures(side.who, Window(d, d)), side.figures) for d in side.covered])
        for side in sides
    ]
    return Measure(now, then, None, ChangeReason.INCOMPLETE, *means)


def mean(numbers: list[int]) -> float | None:
    """Their mean; None of nothing."""
    return sum(numbers) / len(numbers) if numbers else None


def figures(who: Counting, window: Window) -> Figures:
    """The figures of a period."""
    found = Figures(Counter(), Counter(), set(), set(), who.roster(window))
    for user_id, day, did in who.counted(window):
        found.hits[user_id] += did.hits
        found.attendance[user_id] += 1
        found.features |= set(did.features)
        found.org_days.add(day)
    return found


def measure(value: int, previous: int) -> Measure:
    """A value against the one before: in percent, NEW from nothing, 0 if both are 0."""
    if previous == 0:
        return Measure(value, 0, None if value else 0.0, ChangeReason.NEW if value else None)
    return Measure(value, previous, (value - previous) / previous * 100, None)


def hits_by_week(
    who: Counting, window: Window, first_weekday: int, *, today_is_in: bool
) -> WeekSeries:
    """Hits by week; every week with the most hits is a peak, unless there are none."""
    hits: Counter[date] = Counter()
    for _, day, did in who.counted(window):
        hits[windows.week_start(day, first_weekday)] += did.hits
    dates = sorted({windows.week_start(day, first_weekday) for day in windows.days(window)})
    most = max(hits[start] for start in dates)
    is_over = window.last - ONE_DAY if today_is_in else window.last
    return WeekSeries(
        dates=dates,
        hits=[hits[start] for start in dates],
        is_peak=[most > 0 and hits[start] == most for start in dates],
        is_partial=[start < window.first or start + timedelta(days=6) > is_over for start in dates],
        no_data=[
            no_data.any_missing(
                who.history,
                [d for d in windows.days(window) if windows.week_start(d, first_weekday) == start],
                who.now_ms,
            )
            for start in dates
        ],
    )


def attendance_by_day(who: Counting, window: Window) -> AttendanceSeries:
    """Active people and logins of every day."""
    people: Counter[date] = Counter()
    logins: Counter[date] = Counter()
    for _, day, did in who.counted(window):
        people[day] += 1
        logins[day] += did.logins
    dates = windows.days(window)
    return AttendanceSeries(
        dates,
        [people[day] for day in dates],
        [logins[day] for day in dates],
        [no_data.is_missing(who.history, day, who.now_ms) for day in dates],
    )


def top(history: History, now: Counter[str], then: Counter[str], most: int) -> list[RankedPerson]:
    """The people with the largest numbers: one more than those who have more is the rank."""
    rows = []
    for user_id in sorted(now, key=lambda user_id: (-now[user_id], user_id)):
        if now[user_id] > 0:
            person = history.person(user_id)
            rank = 1 + sum(other > now[user_id] for other in now.values())
            rows.append(
                RankedPerson(
                    rank,
                    user_id,
                    person.latest("name"),
                    person.latest("email"),
                    now[user_id],
                    then[user_id],
                )
            )
    return rows[:most]
