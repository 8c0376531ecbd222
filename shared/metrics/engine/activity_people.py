"""The lists of people of Activity, searched by person and by what they have used."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection
from shared.metrics.domain.views.activity import ActivePerson, ActivityPeopleAnswer
from shared.metrics.domain.views.people_answers import Position
from shared.metrics.domain.views.people_pages import Order, people_page
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import Request
from shared.metrics.engine.usage import check_known, hits_by_person

MAX_SEARCH = 200
_FAR_MS = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPeopleRequest(Request[ActivityPeopleAnswer]):
    """The active or the inactive people of a range, by user id: those whose user id or e-mail
    holds `search`, and who have a hit of `used`. With `without_since` instead the people of the
    roster who have no hit of `used` from that day on.
    """

    is_active: bool = True
    search: str = ""
    used: FeatureSelection = EVERYTHING
    without_since: date | None = None
    first: int = 50
    after: str | None = None


def activity_people(question: Question, request: ActivityPeopleRequest) -> ActivityPeopleAnswer:
    """Answer with a page of people."""
    if len(request.search) > MAX_SEARCH:
        message = f"search has {len(request.search)} characters; it may have up to {MAX_SEARCH}"
        raise BadInputError(message, field="search")
    asked = question.asked(request)
    window = asked.window
    reading = question.read(window, request.people)
    check_known(reading, request.used, "used")
    table = reading.table
    members = _found(reading, request, window) & _matching(reading, request.search)
    after = None if request.after is None else Position(0.0, request.after)
    page = people_page(members, reading.user_ids, Order(None), request.first, after)
    hits, attendance = table.hits_by_person(window), table.attendance_by_person(window)
    seen_ms = _last_seen_ms(reading, page.people)
    return ActivityPeopleAnswer(
        proof=question.proof(asked, window),
        people=[
            ActivePerson(
                reading.user_ids[at],
                *reading.described(reading.user_ids[at]),
                hits=int(hits[at]),
                attendance=int(attendance[at]),
                last_seen_ms=last_ms or None,
            )
            for at, last_ms in zip(page.people, seen_ms, strict=True)
        ],
        people_before=page.before,
        size=int(np.count_nonzero(members)),
    )


def _found(reading: Reading, request: ActivityPeopleRequest, window: Window) -> Mask:
    if request.without_since is not None:
        if request.without_since not in window:
            message = f"{request.without_since} is not in the range {window.first} to {window.last}"
            raise BadInputError(message, field="since")
        since = Window(request.without_since, window.last)
        hits = hits_by_person(reading, request.used, since)
        without: Mask = reading.roster(window) & (hits == 0)
        return without
    active = reading.table.active(window)
    found = active if request.is_active else reading.roster(window) & ~active
    if not request.used.is_everything():
        found = found & (hits_by_person(reading, request.used, window) > 0)
    return found


def _matching(reading: Reading, search: str) -> Mask:
    """Whose user id or e-mail holds a text, in any case and without the white space around it."""
    text = search.strip().casefold()
    if not text:
        return np.ones(reading.width, bool)
    roster = reading.snapshot.roster
    emails = roster.history("email")
    codes = emails.codes_at(_FAR_MS, len(roster.user_ids)).tolist()
    email_of = dict(zip(roster.user_ids, map(emails.value, codes), strict=True))
    return np.array(
        [
            text in user_id.casefold() or text in (email_of.get(user_id) or "").casefold()
            for user_id in reading.user_ids
        ],
        bool,
    )


def _last_seen_ms(reading: Reading, people: list[int]) -> list[int]:
    """The latest login or hit of some people on the days that count, in ms UTC; 0 for none."""
    since_start = reading.snapshot.matrix(BlockKind.TIME, "last_seen", np.int64)[:, people]
    if reading.mask is not None:
        since_start = np.where(reading.mask[:, people], since_start, 0)
    calendar = reading.snapshot.data.calendar
    starts_ms = np.array([calendar.start_ms(day) for day in reading.span.days()])
    at_ms = np.where(since_start > 0, since_start - 1 + starts_ms[:, None], 0)
    latest: list[int] = at_ms.max(axis=0, initial=0).tolist()
    return latest
