"""One person (definitions §4), from a history."""

from collections import Counter
from datetime import date

from shared.metrics.domain.errors import NotFoundError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import ChangeReason, Proof
from shared.metrics.domain.views.person import (
    PersonAnswer,
    PersonAttributes,
    PersonDays,
    PersonFeatures,
    PersonMeasure,
)
from shared.metrics.engine.engagement_requests import PersonRequest
from shared.metrics.engine.requests import PeopleFilter
from tests.oracles import no_data, windows, working_days
from tests.oracles.counting import Counting, counting
from tests.oracles.engagement import active_days, state
from tests.oracles.history import History, PersonDay
from tests.oracles.roster import NOT_SET, Person
from tests.oracles.sessions import kind_of


def person(
    history: History, request: PersonRequest, now_ms: int, proof: Proof, *, first_weekday: int = 0
) -> PersonAnswer:
    """Everything about a person."""
    user_id = request.user_id
    if not is_known(history, user_id):
        raise NotFoundError("there is no such person")
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    window, before = windows.compared(window, request.comparison, is_partial=is_partial)
    cut = None
    if is_partial:
        cut = (before.last, windows.same_hours_end_ms(history.zone, before.last, now_ms))
    who = counting(history, PeopleFilter(), now_ms)
    now = deeds(who, user_id, window)
    then = deeds(counting(history, PeopleFilter(), now_ms, cut=cut), user_id, before)
    sessions = history.sessions_of(user_id)
    counted = [day for day in windows.days(window) if who.counts(user_id, day)]
    counted_then = [day for day in windows.days(before) if who.counts(user_id, day)]
    today = history.day_of(now_ms)
    ever = [day for day in active_days(history, now_ms, user_id) if day <= today]
    did = who.days.get(user_id, {})
    directory = history.person(user_id)
    hits: Counter[str] = Counter()
    for each in now.values():
        hits.update(each.features)
    features = sorted(hits, key=lambda name: (-hits[name], name))
    nothing = PersonDay()
    by_day = [now.get(day, nothing) for day in windows.days(window)]

    both = [*windows.days(window), *windows.days(before)]
    has_gaps = no_data.any_missing(history, both, now_ms)

    def measure(value: int, value_before: int | None) -> PersonMeasure:
        if has_gaps and value_before is not None:
            return PersonMeasure(value, value_before, None, ChangeReason.INCOMPLETE)
        return measure_of(value, value_before)

    def of_sessions(column: Counter[date]) -> PersonMeasure:
        then_value = None if is_partial else sum(column[day] for day in counted_then)
        return measure(sum(column[day] for day in counted), then_value)

    def current(attribute: str) -> str | None:
        value = directory.value(attribute, now_ms)
        return None if value == NOT_SET else value

    return PersonAnswer(
        proof=proof,
        compared=before,
        user_id=user_id,
        name=directory.latest("name"),
        email=directory.latest("email"),
        language=current("language"),
        country=current("country"),
        time_zone=current("time_zone"),
        account_status=current("account_status"),
        role=current("role"),
        team=current("team"),
        manager=current("manager"),
        licence=current("licence"),
        is_integration=directory.is_integration(now_ms),
        attributes=stated(directory),
        state=state(ever, window.last),
        first_active=min(ever, default=None),
        last_seen_ms=max((did[day].last_seen_ms for day in ever), default=None),
        last_login_ms=max((did[day].last_login_ms for day in ever), default=0) or None,
        hits=measure(*(sum(day.hits for day in each.values()) for each in (now, then))),
        attendance=measure(len(now), len(then)),
        working_day_attendance=working_days.of_person(
            history, PeopleFilter(), user_id, window, now, now_ms
        ),
        logins=measure(*(sum(day.logins for day in each.values()) for each in (now, then))),
        features_used=measure(
            *(len({name for day in each.values() for name in day.features}) for each in (now, then))
        ),
        sessions=of_sessions(sessions.count),
        single_event_sessions=of_sessions(sessions.single_event),
        session_milliseconds=of_sessions(sessions.milliseconds),
        features=PersonFeatures(
            features[:100], [hits[name] for name in features[:100]], len(features)
        ),
        days=PersonDays(
            dates=windows.days(window),
            is_active=[day.attended for day in by_day],
            hits=[day.hits for day in by_day],
            logins=[day.logins for day in by_day],
            sessions=[sessions.count[d] if d in counted else 0 for d in windows.days(window)],
            session_milliseconds=[
                sessions.milliseconds[d] if d in counted else 0 for d in windows.days(window)
            ],
            no_data=[no_data.is_missing(history, d, now_ms) for d in windows.days(window)],
        ),
    )


def is_known(history: History, user_id: str) -> bool:
    """Whether someone is in the directory, or did anything as a person."""
    return user_id in history.directory or any(
        event.user_id == user_id and kind_of(event) is not None for event in history.usage
    )


def deeds(who: Counting, user_id: str, window: Window) -> dict[date, PersonDay]:
    """What someone did on the days of a window on which they were active."""
    return {day: did for other, day, did in who.counted(window) if other == user_id}


def measure_of(value: int, before: int | None) -> PersonMeasure:
    """A value against the one before."""
    if before is None:
        return PersonMeasure(value, None, None, None)
    if before == 0:
        reason = ChangeReason.NEW if value else None
        return PersonMeasure(value, 0, None if value else 0.0, reason)
    return PersonMeasure(value, before, 100 * (value - before) / before, None)


def stated(directory: Person) -> PersonAttributes:
    """Every change of every attribute: what only repeats the value before is none."""
    rows = []
    for attribute in sorted(directory.stated):
        changes: list[tuple[int, str]] = []
        for at_ms, value in directory.stated[attribute]:
            if not changes or changes[-1][1] != value:
                changes.append((at_ms, value))
        rows += [(attribute, value or None, at_ms) for at_ms, value in changes[-100:]]
    return PersonAttributes(
        [name for name, _, _ in rows], [value for _, value, _ in rows], [at for _, _, at in rows]
    )
