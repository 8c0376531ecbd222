"""Activity (definitions §4), from a history; the norms of the timeline have an oracle of theirs."""

from collections import Counter
from datetime import date, timedelta

from shared.metrics.domain.catalogue import CATALOGUE, Category
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.activity import (
    ActivePerson,
    ActivityPeopleAnswer,
    ModuleOrder,
    Modules,
)
from shared.metrics.domain.views.answers import Proof
from shared.metrics.engine.activity import ActivityRequest
from shared.metrics.engine.activity_people import ActivityPeopleRequest
from tests.oracles import windows
from tests.oracles.counting import Counting, counting
from tests.oracles.history import History, is_hit


def modules(history: History, request: ActivityRequest, now_ms: int, window: Window) -> Modules:
    """Hits of each module of the catalogue over the days of the timeline."""
    hits: Counter[str] = Counter()
    who = counting(history, request.people, now_ms)
    for _, _, did in who.counted(window):
        hits += did.features
    names = [name for name, of in CATALOGUE.items() if of.category is Category.MODULES]
    rows = sorted((name, hits[name]) for name in names)
    if request.module_order is ModuleOrder.NAME_REVERSED:
        rows = rows[::-1]
    if request.module_order is ModuleOrder.MOST_HITS:
        rows = sorted(rows, key=lambda row: (-row[1], row[0]))
    if request.module_order is ModuleOrder.FEWEST_HITS:
        rows = sorted(rows, key=lambda row: (row[1], row[0]))
    return Modules([row[0] for row in rows], [row[1] for row in rows])


def hits_by_day(
    history: History, request: ActivityRequest, now_ms: int, window: Window
) -> list[int]:
    """Hits of the selection on every day."""
    who = counting(history, request.people, now_ms)
    found = dict.fromkeys(windows.days(window), 0)
    for day in _hits(history, who, request.selection, window).values():
        for each, hits in day.items():
            found[each] += hits
    return list(found.values())


def people(
    history: History,
    request: ActivityPeopleRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> ActivityPeopleAnswer:
    """A list of people."""
    window, _ = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    who = counting(history, request.people, now_ms)
    active = {user_id for user_id, _, _ in who.counted(window)}
    used = _hits(history, who, request.used, window)
    if request.without_since is not None:
        since = {user for user, days in used.items() if max(days) >= request.without_since}
        found = who.roster(window) - since
    else:
        found = active if request.is_active else who.roster(window) - active
        if request.used != FeatureSelection():
            found = found & set(used)
    text = request.search.strip().casefold()
    listed = []
    for user_id in sorted(found):
        person = history.person(user_id)
        if text in user_id.casefold() or text in (person.latest("email") or "").casefold():
            listed.append(_row(history, who, user_id, window))
    start = sum(request.after is not None and row.user_id <= request.after for row in listed)
    shown = listed[start : start + request.first]
    return ActivityPeopleAnswer(proof, shown, start, len(listed))


def _row(history: History, who: Counting, user_id: str, window: Window) -> ActivePerson:
    person = history.person(user_id)
    days = [did for user, _, did in who.counted(window) if user == user_id]
    return ActivePerson(
        user_id,
        person.latest("name"),
        person.latest("email"),
        hits=sum(did.hits for did in days),
        attendance=len(days),
        last_seen_ms=max((did.last_seen_ms for did in days), default=0) or None,
    )


def _hits(
    history: History, who: Counting, selection: FeatureSelection, window: Window
) -> dict[str, Counter[date]]:
    """Hits of a selection by person and day, of those who count."""
    found: dict[str, Counter[date]] = {}
    for event in history.usage:
        day = history.day_of(event.occurred_at_ms)
        path = (event.feature, event.property, event.attribute, event.action)
        if not is_hit(event) or day not in window or not who.counts(event.user_id, day):
            continue
        if selection.covers(path):
            found.setdefault(event.user_id, Counter())[day] += 1
    return found


def shown_window(history: History, request: ActivityRequest, window: Window) -> Window:
    """The days of the timeline: an explicit range, or 60."""
    if request.window is not None:
        return window
    return Window(window.last - timedelta(days=59), window.last)
