"""Trends (definitions §4), from a history: everything is a list of things that happened."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from shared.metrics.domain.events import Event
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import ChangeReason, Measure, Proof
from shared.metrics.domain.views.trends_answer import GroupedTrends, TrendsAnswer, TrendsMeasure
from shared.metrics.engine.requests import (
    AttributeValues,
    Interval,
    PeopleAttribute,
    TrendsRequest,
)
from tests.oracles import local_days, no_data, sessions, windows
from tests.oracles.counting import Counting, counting
from tests.oracles.history import History, is_hit, is_login
from tests.oracles.home import mean, measure
from tests.oracles.selected_hits import is_of, row_of
from tests.oracles.windows import ONE_DAY

M = TrendsMeasure
OTHERS = "(other groups)"
MOST_GROUPS = 50
NOT_OF_FEATURES = {M.LOGINS, M.SINGLE_EVENT_SESSIONS, M.SESSION_MILLISECONDS}


@dataclass(frozen=True)
class Thing:
    """Something that counts on a day, in a group. Of equal keys one counts, with its weight."""

    day: date
    group: str
    key: object
    weight: int = 1


@dataclass
class Period:
    """A window as one request asks about it, up to an instant of its last day."""

    request: TrendsRequest
    history: History
    who: Counting
    window: Window
    points: list[list[date]]
    until_ms: int | None

    def things(self, which: TrendsMeasure, *, by_group: bool) -> list[Thing]:
        """What a measure counts, of those who count; all in one group unless by group."""
        found = {
            M.HITS: self._hits,
            M.ACTIVE_USERS: self._people,
            M.ATTENDANCE: self._user_days,
            M.LOGINS: self._logins,
            M.SESSIONS: self._sessions,
            M.SINGLE_EVENT_SESSIONS: self._single_event_sessions,
            M.SESSION_MILLISECONDS: self._gaps,
            M.RECORDS: self._records,
        }[which]
        return list(found(self.request.group_by if by_group else None))

    def _hits(self, by: "By") -> Iterator[Thing]:
        for event, day in self._events(is_hit):
            if is_of(event, self.request.selection):
                yield Thing(
                    day, self._group(by, event, day), (event.event_id, event.occurred_at_ms)
                )

    def _present(self, by: "By") -> Iterator[tuple[Event, date]]:
        """Logins and hits; of a selection, and by part, only hits."""
        for event, day in self._events(lambda event: is_hit(event) or is_login(event)):
            of_all = self.request.selection.is_everything() and not isinstance(by, Part)
            if of_all or (is_hit(event) and is_of(event, self.request.selection)):
                yield event, day

    def _people(self, by: "By") -> Iterator[Thing]:
        for event, day in self._present(by):
            yield Thing(day, self._group(by, event, day), event.user_id)

    def _user_days(self, by: "By") -> Iterator[Thing]:
        for event, day in self._present(by):
            yield Thing(day, self._group(by, event, day), (event.user_id, day))

    def _logins(self, by: "By") -> Iterator[Thing]:
        for event, day in self._events(is_login):
            yield Thing(day, self._group(by, event, day), (event.event_id, event.occurred_at_ms))

    def _records(self, by: "By") -> Iterator[Thing]:
        for event, day in self._events(is_hit):
            if is_of(event, self.request.selection) and event.record_id:
                yield Thing(day, self._group(by, event, day), event.record_id)

    def _sessions(self, by: "By") -> Iterator[Thing]:
        for user_id, times in self._all_sessions():
            if self.request.selection.is_everything() and not isinstance(by, Part):
                day = self.history.day_of(times[0])
                if self._is_asked_for(user_id, day):
                    yield Thing(day, self._group_of(by, user_id, day), (user_id, times[0]))
                continue
            first_days: dict[str, date] = {}
            for event in self._in_session(user_id, times):
                if is_of(event, self.request.selection):
                    part = row_of(event, by) if isinstance(by, Part) else ""
                    day = self.history.day_of(event.occurred_at_ms)
                    first_days[part] = min(first_days.get(part, day), day)
            for part, day in first_days.items():
                if self._is_asked_for(user_id, day):
                    group = part or self._group_of(by, user_id, day)
                    yield Thing(day, group, (user_id, times[0]))

    def _single_event_sessions(self, by: "By") -> Iterator[Thing]:
        for user_id, times in self._all_sessions():
            day = self.history.day_of(times[0])
            on_that_day = [at_ms for at_ms in times if self.history.day_of(at_ms) == day]
            if len(on_that_day) == 1 and self._is_asked_for(user_id, day):
                yield Thing(day, self._group_of(by, user_id, day), (user_id, times[0]))

    def _gaps(self, by: "By") -> Iterator[Thing]:
        for user_id, times in self._all_sessions():
            for number, (earlier, later) in enumerate(pairwise(times)):
                day = self.history.day_of(later)
                if self._is_asked_for(user_id, day):
                    group = self._group_of(by, user_id, day)
                    yield Thing(day, group, (user_id, times[0], number), later - earlier)

    def _all_sessions(self) -> Iterator[tuple[str, list[int]]]:
        for user_id in self.history.user_ids:
            activities = [
                (event.occurred_at_ms, kind)
                for event in self.history.usage
                if event.user_id == user_id
                and self._is_in_time(event)
                and (kind := sessions.kind_of(event)) is not None
            ]
            for times in sessions.sessions(activities, self.history.timeout_ms):
                yield user_id, times

    def _in_session(self, user_id: str, times: list[int]) -> Iterator[Event]:
        for event in self.history.usage:
            is_hit_of_theirs = event.user_id == user_id and is_hit(event)
            is_in_time = self._is_in_time(event) and times[0] <= event.occurred_at_ms <= times[-1]
            if is_hit_of_theirs and is_in_time:
                yield event

    def _events(self, wanted: Callable[[Event], bool]) -> Iterator[tuple[Event, date]]:
        for event in self.history.usage:
            day = self.history.day_of(event.occurred_at_ms)
            if wanted(event) and self._is_in_time(event) and self._is_asked_for(event.user_id, day):
                yield event, day

    def _is_in_time(self, event: Event) -> bool:
        return self.until_ms is None or event.occurred_at_ms < self.until_ms

    def _is_asked_for(self, user_id: str, day: date) -> bool:
        return day in self.window and self.who.counts(user_id, day)

    def _group(self, by: "By", event: Event, day: date) -> str:
        return row_of(event, by) if isinstance(by, Part) else self._group_of(by, event.user_id, day)

    def _group_of(self, by: "By", user_id: str, day: date) -> str:
        if not isinstance(by, PeopleAttribute):
            return ""
        return self.history.person(user_id).value(by.value, self._looked_at_ms(day))

    def _looked_at_ms(self, day: date) -> int:
        if self.request.people.attribute_values is AttributeValues.CURRENT:
            return self.who.now_ms
        return local_days.day_bounds_ms(self.history.zone, day)[1]

    @property
    def covered(self) -> list[date]:
        """The days that have data for the selection."""
        return no_data.covered(self.history, self.window, self.who.now_ms, self.request.selection)

    @property
    def no_data(self) -> list[bool]:
        """Which points have a day without."""
        covered = self.covered
        return [any(day not in covered for day in point) for point in self.points]

    def is_backfilled(self) -> bool:
        """Whether someone who was there had a value that was known only later."""
        attributes = list(self.request.people.conditions())
        if isinstance(self.request.group_by, PeopleAttribute):
            attributes.append(self.request.group_by.value)
        for event, day in self._present(None):
            for attribute in attributes:
                stated = self.history.person(event.user_id).stated.get(attribute, [])
                if stated and stated[0][1] and stated[0][0] >= self._looked_at_ms(day):
                    return True
        return False


By = PeopleAttribute | Part | None


def trends(
    history: History, request: TrendsRequest, now_ms: int, proof: Proof, *, first_weekday: int = 0
) -> TrendsAnswer:
    """Trends, with a proof that is taken as given."""
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    before = None
    if request.comparison is not None:
        window, before = windows.compared(window, request.comparison, is_partial=is_partial)
    start_of = interval_start(request.interval, first_weekday)
    points = points_of(window, start_of)
    who = counting(history, request.people, now_ms)
    now = Period(request, history, who, window, points, None)
    periods = [now]
    if before is not None:
        until_ms = None
        if is_partial:
            until_ms = windows.same_hours_end_ms(history.zone, before.last, now_ms)
        aligned = points_beside(points, before, request.interval)
        periods.append(Period(request, history, who, before, aligned, until_ms))
    known = request.measures
    if not request.selection.is_everything():
        known = known - NOT_OF_FEATURES
    series = [
        {which: values(period.things(which, by_group=False), period.points) for which in known}
        for period in periods
    ]
    totals = [
        {which: value(period.things(which, by_group=False), period.window) for which in known}
        for period in periods
    ]
    dates = sorted({start_of(day) for day in windows.days(window)})
    return TrendsAnswer(
        proof=proof,
        window=window,
        compared=before,
        is_backfilled=any(period.is_backfilled() for period in periods),
        dates=dates,
        is_partial=[_is_cut_off(at, window, start_of, today_is_in=is_partial) for at in dates],
        no_data=now.no_data,
        series=series[0],
        compared_dates=[point[0] for point in periods[1].points] if before else [],
        compared_no_data=periods[1].no_data if before else [],
        compared_series=series[1] if before else {},
        totals=totals[0] if request.totals else {},
        changes={
            which: change(periods, [period.things(which, by_group=False) for period in periods])
            for which in known
        }
        if request.totals and before
        else {},
        groups=grouped(periods, known) if request.group_by else None,
    )


def grouped(periods: list[Period], known: frozenset[TrendsMeasure]) -> GroupedTrends:
    """The groups of which there is anything, those with most hits first."""
    request = periods[0].request
    ranking = [M.HITS]
    if isinstance(request.group_by, Part):
        known = known - NOT_OF_FEATURES
    else:
        ranking.append(M.ATTENDANCE)
    things = [
        {
            which: period.things(which, by_group=True)
            for which in known | {*ranking, M.ACTIVE_USERS, M.ATTENDANCE}
        }
        for period in periods
    ]
    there = {
        thing.group for each in things for found in each.values() for thing in found if thing.weight
    }
    names = sorted(
        there,
        key=lambda name: (
            *(
                -value([thing for thing in each[which] if thing.group == name], period.window)
                for period, each in zip(periods, things, strict=True)
                for which in ranking
            ),
            name,
        ),
    )
    has_others = len(names) > MOST_GROUPS
    kept = names[:MOST_GROUPS]
    parts: list[set[str]] = [{name} for name in kept]
    if has_others:
        parts.append(set(names[MOST_GROUPS:]))

    def of(at: int, which: TrendsMeasure, part: set[str]) -> list[Thing]:
        return [thing for thing in things[at][which] if thing.group in part]

    def series(at: int) -> dict[TrendsMeasure, list[list[int]]]:
        return {
            which: [values(of(at, which, part), periods[at].points) for part in parts]
            for which in known
        }

    def totals(at: int, which: TrendsMeasure) -> list[int]:
        return [value(of(at, which, part), periods[at].window) for part in parts]

    def changes(which: TrendsMeasure) -> list[Measure]:
        return [change(periods, [of(at, which, part) for at in (0, 1)]) for part in parts]

    is_compared = len(periods) > 1
    everyone = periods[0].things(M.ACTIVE_USERS, by_group=False)
    return GroupedTrends(
        names=[*kept, OTHERS] if has_others else kept,
        series=series(0),
        compared_series=series(1) if is_compared else {},
        totals={which: totals(0, which) for which in known} if request.totals else {},
        changes={which: changes(which) for which in known}
        if request.totals and is_compared
        else {},
        has_others=has_others,
        overlaps=sum(totals(0, M.ACTIVE_USERS)) > value(everyone, periods[0].window),
    )


def change(periods: list[Period], things: list[list[Thing]]) -> Measure:
    """A measure over both windows; with days without data, beside the means of the others."""
    now, then = (
        value(counted, period.window) for period, counted in zip(periods, things, strict=True)
    )
    if all(period.covered == windows.days(period.window) for period in periods):
        return measure(now, then)
    means = [
        mean([value(counted, Window(day, day)) for day in period.covered])
        for period, counted in zip(periods, things, strict=True)
    ]
    return Measure(now, then, None, ChangeReason.INCOMPLETE, *means)


def values(things: list[Thing], points: list[list[date]]) -> list[int]:
    """A measure at each point."""
    return [_weight(thing for thing in things if thing.day in point) for point in points]


def value(things: list[Thing], window: Window) -> int:
    """A measure over a whole window."""
    return _weight(thing for thing in things if thing.day in window)


def _weight(things: Iterable[Thing]) -> int:
    return sum({thing.key: thing.weight for thing in things}.values())


def points_of(window: Window, start_of: Callable[[date], date]) -> list[list[date]]:
    """The days of each point of a window."""
    points: dict[date, list[date]] = {}
    for day in windows.days(window):
        points.setdefault(start_of(day), []).append(day)
    return list(points.values())


def points_beside(points: list[list[date]], window: Window, interval: Interval) -> list[list[date]]:
    """The days of a compared window, each point as far from its first day as the other's. What is
    left over goes on as days or weeks, or belongs to the last month.
    """
    days = windows.days(window)
    beside = []
    for number, point in enumerate(points):
        length = len(point)
        if number == len(points) - 1 and interval is Interval.WEEK:
            length = 7
        if number == len(points) - 1 and interval is Interval.MONTH:
            length = len(days)
        beside.append(days[:length])
        days = days[length:]
    while days:
        length = 7 if interval is Interval.WEEK else 1
        beside.append(days[:length])
        days = days[length:]
    return [point for point in beside if point]


def interval_start(interval: Interval, first_weekday: int) -> Callable[[date], date]:
    """What gives the first day of the interval that holds a day."""
    if interval is Interval.WEEK:
        return lambda day: windows.week_start(day, first_weekday)
    if interval is Interval.MONTH:
        return lambda day: date(day.year, day.month, 1)
    return lambda day: day


def _is_cut_off(
    start: date, window: Window, start_of: Callable[[date], date], *, today_is_in: bool
) -> bool:
    """Whether an interval has days outside the window, or one that is not over."""
    day = start
    while start_of(day) == start:
        if day not in window:
            return True
        if today_is_in and day == window.last:
            return True
        day += ONE_DAY
    return False
