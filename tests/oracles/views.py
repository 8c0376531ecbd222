"""The views (definitions §4), from a history. The proof is not theirs to compute."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import (
    PersonMetrics,
    Proof,
    TrendsAnswer,
    UserAnalyticsAnswer,
)
from shared.metrics.engine.requests import Interval, TrendsRequest, UserAnalyticsRequest
from tests.oracles import windows
from tests.oracles.counting import counting
from tests.oracles.history import History
from tests.oracles.windows import ONE_DAY


def trends(
    history: History, request: TrendsRequest, now_ms: int, proof: Proof, *, first_weekday: int = 0
) -> TrendsAnswer:
    """Trends; distinct people of an interval are counted over the whole of it."""
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    who = counting(history, request.people, now_ms)
    start_of = interval_start(request.interval, first_weekday)
    dates = sorted({start_of(day) for day in windows.days(window)})
    sums: dict[str, Counter[date]] = defaultdict(Counter)
    people: dict[date, set[str]] = defaultdict(set)
    for user_id, day, did in who.counted(window):
        at = start_of(day)
        people[at].add(user_id)
        sums["attendance"][at] += 1
        sums["hits"][at] += did.hits
        sums["logins"][at] += did.logins
    for user_id in history.user_ids:
        sessions = history.sessions_of(user_id)
        for day in windows.days(window):
            if who.counts(user_id, day):
                sums["sessions"][start_of(day)] += sessions.count[day]
                sums["single"][start_of(day)] += sessions.single_event[day]
                sums["ms"][start_of(day)] += sessions.milliseconds[day]
    return TrendsAnswer(
        proof=proof,
        dates=dates,
        is_partial=[_is_cut_off(at, window, start_of, today_is_in=is_partial) for at in dates],
        hits=[sums["hits"][at] for at in dates],
        active_users=[len(people[at]) for at in dates],
        attendance=[sums["attendance"][at] for at in dates],
        logins=[sums["logins"][at] for at in dates],
        sessions=[sums["sessions"][at] for at in dates],
        single_event_sessions=[sums["single"][at] for at in dates],
        session_milliseconds=[sums["ms"][at] for at in dates],
    )


def user_analytics(
    history: History,
    request: UserAnalyticsRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> UserAnalyticsAnswer:
    """Everyone active in the window, by user id, with what they did on the days that count."""
    window, _ = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    who = counting(history, request.people, now_ms)
    active = sorted({user_id for user_id, _, _ in who.counted(window)})
    found = []
    for user_id in active:
        did = [each for other, _, each in who.counted(window) if other == user_id]
        days = [day for day in windows.days(window) if who.counts(user_id, day)]
        sessions = history.sessions_of(user_id)
        found.append(
            PersonMetrics(
                user_id=user_id,
                name=history.person(user_id).latest("name"),
                email=history.person(user_id).latest("email"),
                hits=sum(day.hits for day in did),
                attendance=len(did),
                sessions=sum(sessions.count[day] for day in days),
                single_event_sessions=sum(sessions.single_event[day] for day in days),
                session_milliseconds=sum(sessions.milliseconds[day] for day in days),
                features_used=len({feature for day in did for feature in day.features}),
                last_seen_ms=max(day.last_seen_ms for day in did),
                last_login_ms=max(day.last_login_ms for day in did) or None,
            )
        )
    return UserAnalyticsAnswer(proof, found)


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
