"""User analytics (definitions §4), from a history: whom conditions leave, and what they did."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cmp_to_key

from shared.metrics.domain.conditions import (
    Comparator,
    Condition,
    ConditionMetric,
    SessionTime,
    Threshold,
)
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import ChangeReason, Proof
from shared.metrics.domain.views.people_answers import (
    PersonMetrics,
    PersonSort,
    Position,
    UserAnalyticsAnswer,
)
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance
from shared.metrics.engine.requests import PeopleFilter, UserAnalyticsRequest
from tests.oracles import no_data, windows, working_days
from tests.oracles.counting import Counting, counting
from tests.oracles.history import History, is_hit, is_login

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
Number = int | Fraction
"""Percentages are rounded only when they are shown."""


@dataclass
class Asked:
    """A question with its windows, and how each of them counts."""

    history: History
    window: Window
    before: Window
    now: Counting
    then: Counting
    now_ms: int

    def days(self, user_id: str) -> list[date]:
        """The days of the window on which a person counts."""
        return [day for day in windows.days(self.window) if self.now.counts(user_id, day)]

    def attendance(self, user_id: str) -> int:
        """Active days of the window."""
        did = self.now.days.get(user_id, {})
        return sum(day in did for day in self.days(user_id))

    def attendance_before(self, user_id: str) -> int:
        """Active days of the window before."""
        did = self.then.days.get(user_id, {})
        return sum(
            day in did and self.then.counts(user_id, day) for day in windows.days(self.before)
        )

    @property
    def has_gaps(self) -> bool:
        """Whether a day of either window is without data."""
        both = [*windows.days(self.window), *windows.days(self.before)]
        return no_data.any_missing(self.history, both, self.now_ms)

    def hits_of(self, user_id: str, selection: FeatureSelection) -> int:
        """Hits of a selection in the window."""
        days = set(self.days(user_id))
        return sum(
            is_hit(event)
            and event.user_id == user_id
            and self.history.day_of(event.occurred_at_ms) in days
            and selection.covers((event.feature, event.property, event.attribute, event.action))
            for event in self.history.usage
        )

    def row(
        self,
        user_id: str,
        features: tuple[FeatureSelection, ...],
        people: PeopleFilter | None = None,
    ) -> PersonMetrics:
        """All metrics of a person; working-day attendance if a filter is given, which is theirs."""
        did = self.now.days.get(user_id, {})
        days = self.days(user_id)
        done = [did[day] for day in days if day in did]
        sessions = self.history.sessions_of(user_id)
        person = self.history.person(user_id)
        attendance, before = len(done), self.attendance_before(user_id)
        change = change_of(attendance, before)
        reason = ChangeReason.NEW if change is None else None
        if self.has_gaps:
            change, reason = None, ChangeReason.INCOMPLETE
        return PersonMetrics(
            user_id=user_id,
            name=person.latest("name"),
            email=person.latest("email"),
            hits=sum(day.hits for day in done),
            attendance=attendance,
            previous_attendance=before,
            attendance_change_percent=None if change is None else float(change),
            attendance_change_reason=reason,
            sessions=sum(sessions.count[day] for day in days),
            single_event_sessions=sum(sessions.single_event[day] for day in days),
            session_milliseconds=sum(sessions.milliseconds[day] for day in days),
            features_used=len({feature for day in done for feature in day.features}),
            last_seen_ms=max((day.last_seen_ms for day in done), default=0) or None,
            last_login_ms=max((day.last_login_ms for day in done), default=0) or None,
            feature_hits=[self.hits_of(user_id, selection) for selection in features],
            working_day_attendance=None if people is None else self.at_work(user_id, people),
        )

    def at_work(self, user_id: str, people: PeopleFilter) -> WorkingDayAttendance:
        """Working-day attendance of a person, as a filter counts them."""
        did = self.now.days.get(user_id, {})
        came = [day for day in self.days(user_id) if day in did]
        return working_days.of_person(self.history, people, user_id, self.window, came, self.now_ms)


def user_analytics(
    history: History,
    request: UserAnalyticsRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> UserAnalyticsAnswer:
    """The people of the roster who satisfy every condition."""
    about = asked(history, request, now_ms)
    roster = about.now.roster(about.window)
    found = members(about, roster, request.conditions)
    people = request.people if request.working_days else None
    rows = [about.row(user_id, request.features, people) for user_id in sorted(found)]
    used = [sum(row.feature_hits[at] > 0 for row in rows) for at in range(len(request.features))]
    rows = ordered(rows, request.sort, descending=request.descending)
    places = [Position(value_of(row, request.sort), row.user_id) for row in rows]
    start = 0
    if request.after is not None:
        start = sum(
            not comes_before(request.after, place, descending=request.descending, sort=request.sort)
            for place in places
        )
    end = len(rows) if request.first is None else start + request.first
    return UserAnalyticsAnswer(
        proof=proof,
        compared=about.before,
        people=rows[start:end],
        positions=places[start:end],
        people_before=start,
        size=len(rows),
        roster_size=len(roster),
        share_of_roster=len(rows) / len(roster) if roster else None,
        feature_users=used,
        feature_shares=[number / len(rows) if rows else None for number in used],
    )


def asked(history: History, request: UserAnalyticsRequest, now_ms: int) -> Asked:
    """What a request is about."""
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    window, before = windows.compared(window, request.comparison, is_partial=is_partial)
    cut = None
    if is_partial:
        cut = (before.last, windows.same_hours_end_ms(history.zone, before.last, now_ms))
    now = counting(history, request.people, now_ms)
    then = counting(history, request.people, now_ms, cut=cut)
    return Asked(history, window, before, now, then, now_ms)


def members(about: Asked, roster: set[str], conditions: tuple[Condition, ...]) -> set[str]:
    """Who of a roster satisfies all conditions."""
    return {
        user_id for user_id in roster if all(satisfies(about, user_id, each) for each in conditions)
    }


def satisfies(about: Asked, user_id: str, condition: Condition) -> bool:
    """Whether a person does."""
    met = [is_met(condition.threshold, each) for each in numbers(about, user_id, condition)]
    if condition.metric is ConditionMetric.NEVER_SEEN:
        return last_seen_ms(about, user_id) == 0
    if condition.metric is ConditionMetric.FEATURE_NOT_USED:
        return not any(met)
    return any(met)


def numbers(about: Asked, user_id: str, condition: Condition) -> list[Number]:
    """The numbers of which one must meet the threshold; none where they cannot be known."""
    row = about.row(user_id, ())
    plain: dict[ConditionMetric, int] = {
        ConditionMetric.ATTENDANCE: row.attendance,
        ConditionMetric.SESSIONS: row.sessions,
        ConditionMetric.HITS: row.hits,
        ConditionMetric.DISTINCT_FEATURES: row.features_used,
    }
    if condition.metric in plain:
        return [plain[condition.metric]]
    if condition.selection is not None:
        return [about.hits_of(user_id, condition.selection)]
    if condition.metric is ConditionMetric.SESSION_MINUTES:
        return minutes(about, user_id, condition)
    if condition.metric is ConditionMetric.LAST_SEEN:
        seen_ms = last_seen_ms(about, user_id)
        return [Fraction(about.now_ms - seen_ms, DAY_MS)] if seen_ms else []
    change = change_of(row.attendance, row.previous_attendance)
    if change is None or about.has_gaps:
        return []
    is_decrease = condition.metric is ConditionMetric.ATTENDANCE_DECREASE
    return [max(-change if is_decrease else change, Fraction(0))]


def minutes(about: Asked, user_id: str, condition: Condition) -> list[Number]:
    """The session times of which one must meet the threshold."""
    milliseconds = about.history.sessions_of(user_id).milliseconds
    days = about.days(user_id)
    total = sum(milliseconds[day] for day in days)
    if condition.session_time is SessionTime.TOTAL:
        return [Fraction(total, MINUTE_MS)]
    if condition.session_time is SessionTime.PER_ACTIVE_DAY:
        attended = about.attendance(user_id)
        return [Fraction(total, MINUTE_MS * attended)] if attended else []
    did = about.now.days.get(user_id, {})
    return [
        Fraction(milliseconds[day], MINUTE_MS) for day in days if day in did or milliseconds[day]
    ]


def last_seen_ms(about: Asked, user_id: str) -> int:
    """The latest login or hit ever, up to the day of asking, but as an integration; 0 if never."""
    history = about.history
    everyone = counting(history, PeopleFilter(), about.now_ms)
    today = history.day_of(about.now_ms)
    times = [0]
    for event in history.usage:
        day = history.day_of(event.occurred_at_ms)
        is_activity = event.user_id == user_id and (is_hit(event) or is_login(event))
        if is_activity and day <= today and everyone.counts(user_id, day):
            times.append(event.occurred_at_ms)
    return max(times)


def is_met(threshold: Threshold, number: Number) -> bool:
    """Whether a number meets a threshold. Thresholds are written as decimals."""
    value = Fraction(repr(float(threshold.value)))
    up_to = None if threshold.up_to is None else Fraction(repr(float(threshold.up_to)))
    match threshold.comparator:
        case Comparator.GREATER_THAN:
            return number > value
        case Comparator.AT_LEAST:
            return number >= value
        case Comparator.LESS_THAN:
            return number < value
        case Comparator.AT_MOST:
            return number <= value
        case Comparator.EQUAL:
            return number == value
        case Comparator.BETWEEN:
            assert up_to is not None
            return value <= number <= up_to
    raise AssertionError(threshold)


def change_of(value: int, before: int) -> Fraction | None:
    """The change in percent; None from nothing."""
    if before:
        return Fraction(100 * (value - before), before)
    return None if value else Fraction(0)


def value_of(row: PersonMetrics, sort: PersonSort) -> float | None:
    """What a row is ordered by."""
    values: dict[PersonSort, float | None] = {
        PersonSort.USER_ID: 0,
        PersonSort.HITS: row.hits,
        PersonSort.ATTENDANCE: row.attendance,
        PersonSort.ATTENDANCE_CHANGE: row.attendance_change_percent,
        PersonSort.SESSIONS: row.sessions,
        PersonSort.SINGLE_EVENT_SESSIONS: row.single_event_sessions,
        PersonSort.SESSION_TIME: row.session_milliseconds,
        PersonSort.FEATURES_USED: row.features_used,
        PersonSort.LAST_SEEN: row.last_seen_ms,
        PersonSort.LAST_LOGIN: row.last_login_ms,
    }
    return values[sort]


def ordered(
    rows: list[PersonMetrics], sort: PersonSort, *, descending: bool
) -> list[PersonMetrics]:
    """Rows in order: null at the end, ties by user id."""

    def compared(one: PersonMetrics, other: PersonMetrics) -> int:
        first = Position(value_of(one, sort), one.user_id)
        second = Position(value_of(other, sort), other.user_id)
        return -1 if comes_before(first, second, descending=descending, sort=sort) else 1

    return sorted(rows, key=cmp_to_key(compared))


def comes_before(one: Position, other: Position, *, descending: bool, sort: PersonSort) -> bool:
    """Whether a place is before another."""
    if sort is PersonSort.USER_ID and descending:
        return one.user_id > other.user_id
    if one.value == other.value:
        return one.user_id < other.user_id
    if one.value is None or other.value is None:
        return other.value is None
    return one.value > other.value if descending else one.value < other.value
