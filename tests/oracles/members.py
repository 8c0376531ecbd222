"""The members behind a figure (definitions §6), from a history."""

from collections import Counter, defaultdict

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.members import Figure, Member, MembersAnswer
from shared.metrics.engine.figure_requests import MembersRequest
from tests.oracles import windows
from tests.oracles.counting import Counting, counting
from tests.oracles.history import History, is_hit
from tests.oracles.hub import is_in
from tests.oracles.selected_hits import Hit, hits_in, is_of, row_of
from tests.oracles.sessions import kind_of
from tests.oracles.sessions import sessions as timeline

Values = dict[str, int | None]


def members(
    history: History,
    request: MembersRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> MembersAnswer:
    """A page of the members of a figure, by id."""
    window, _ = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    cut = None
    if request.same_hours_as_ms is not None:
        end_ms = windows.same_hours_end_ms(history.zone, window.last, request.same_hours_as_ms)
        cut = (window.last, end_ms)

    def is_counted(at_ms: int) -> bool:
        return cut is None or at_ms < cut[1] or history.day_of(at_ms) != cut[0]

    who = counting(history, request.people, now_ms, cut=cut)
    hits = list(hits_in(who, window, request.selection, is_counted))
    found = FIGURES[request.figure](who, request, hits)
    ids = sorted(found)
    behind = [each for each in ids if request.after is None or each > request.after]
    is_sum = request.figure not in COUNTS
    return MembersAnswer(
        proof=proof,
        members=[
            member(history, request.figure, each, found[each]) for each in behind[: request.first]
        ],
        member_count=len(ids),
        total=sum(value or 0 for value in found.values()) if is_sum else len(ids),
        has_previous=len(behind) < len(ids),
        has_next=len(behind) > request.first,
    )


COUNTS = (
    Figure.FEATURES_USED,
    Figure.ACTIVE_USERS,
    Figure.INACTIVE_USERS,
    Figure.POPULARITY,
    Figure.FREQUENCY,
    Figure.RECORDS,
)


def member(history: History, figure: Figure, each: str, value: int | None) -> Member:
    """Someone, or some feature or record."""
    if figure in (Figure.FEATURES_USED, Figure.RECORDS):
        return Member(each, each, None, value)
    person = history.person(each)
    return Member(each, person.latest("name"), person.latest("email"), value)


def total_hits(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    return dict(Counter(hit.user_id for hit in hits))


def features_used(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    return dict(Counter(hit.event.feature for hit in hits))


def attendance(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    days = {(hit.user_id, hit.day) for hit in hits}
    if request.selection.is_everything():
        days = {(user_id, day) for user_id, day, _ in who.counted(window_of(who, request))}
    return dict(Counter(user_id for user_id, _ in days))


def active_users(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    if not request.selection.is_everything():
        return total_hits(who, request, hits)
    return {user_id: None for user_id, _, _ in who.counted(window_of(who, request))}


def inactive_users(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    active = active_users(who, request, hits)
    return dict.fromkeys(who.roster(window_of(who, request)) - set(active))


def popularity(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    row = request.row
    kept = [hit for hit in hits if row is None or row_of(hit.event, row.part) == row.name]
    return total_hits(who, request, kept)


def frequency(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    assert request.bucket
    counts = dict.fromkeys(who.roster(window_of(who, request)), 0)
    counts |= Counter(hit.user_id for hit in hits)
    bucket = (request.bucket.from_hits, request.bucket.to_hits)
    return {user_id: count for user_id, count in counts.items() if is_in(count, bucket)}


def frequency_of_pairs(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    assert request.bucket
    bucket = (request.bucket.from_hits, request.bucket.to_hits)
    pairs = Counter((hit.user_id, hit.event.feature) for hit in hits)
    return dict(Counter(user_id for (user_id, _), count in pairs.items() if is_in(count, bucket)))


def logins(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    found: Counter[str] = Counter()
    for user_id, _, did in who.counted(window_of(who, request)):
        found[user_id] += did.logins
    return nonzero(found)


def records(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    return dict(Counter(hit.event.record_id for hit in hits if hit.event.record_id))


def sessions_containing(who: Counting, request: MembersRequest) -> Values:
    """Each session counts on the day on which the selection first occurs in it."""
    history, window = who.history, window_of(who, request)
    found: Counter[str] = Counter()
    for user_id in history.user_ids:
        theirs = [event for event in history.usage if event.user_id == user_id]
        activities = [(event.occurred_at_ms, kind_of(event)) for event in theirs]
        known = [(at_ms, kind) for at_ms, kind in activities if kind is not None]
        for times in timeline(known, history.timeout_ms):
            days = [
                history.day_of(event.occurred_at_ms)
                for event in theirs
                if is_hit(event)
                and is_of(event, request.selection)
                and times[0] <= event.occurred_at_ms <= times[-1]
            ]
            if days and min(days) in window and who.counts(user_id, min(days)):
                found[user_id] += 1
    return dict(found)


def sessions(who: Counting, request: MembersRequest, hits: list[Hit]) -> Values:
    if not request.selection.is_everything():
        return sessions_containing(who, request)
    found: dict[str, int] = defaultdict(int)
    for user_id in who.history.user_ids:
        of_days = who.history.sessions_of(user_id)
        measure = {
            Figure.SESSIONS: of_days.count,
            Figure.SINGLE_EVENT_SESSIONS: of_days.single_event,
            Figure.SESSION_MILLISECONDS: of_days.milliseconds,
        }[request.figure]
        for day in windows.days(window_of(who, request)):
            if who.counts(user_id, day):
                found[user_id] += measure[day]
    return nonzero(found)


def nonzero(found: dict[str, int]) -> Values:
    return {user_id: value for user_id, value in found.items() if value}


def window_of(who: Counting, request: MembersRequest) -> Window:
    """The days asked about."""
    return windows.asked(
        request.window, who.history.zone, who.now_ms, include_today=request.include_today
    )[0]


FIGURES = {
    Figure.TOTAL_HITS: total_hits,
    Figure.FEATURES_USED: features_used,
    Figure.ATTENDANCE: attendance,
    Figure.ACTIVE_USERS: active_users,
    Figure.INACTIVE_USERS: inactive_users,
    Figure.POPULARITY: popularity,
    Figure.FREQUENCY: frequency,
    Figure.FREQUENCY_OF_PAIRS: frequency_of_pairs,
    Figure.LOGINS: logins,
    Figure.SESSIONS: sessions,
    Figure.SINGLE_EVENT_SESSIONS: sessions,
    Figure.SESSION_MILLISECONDS: sessions,
    Figure.RECORDS: records,
}
