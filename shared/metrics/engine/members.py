"""The members behind a figure: reads the days it needs, and lets the domain list them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.buckets import ANY_HITS, Bucket
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.hub_figures import in_bucket
from shared.metrics.domain.views.member_pages import Found, members_page
from shared.metrics.domain.views.members import Figure, MembersAnswer
from shared.metrics.engine.figure_requests import MembersRequest
from shared.metrics.engine.hub import selected_hits
from shared.metrics.engine.members_by_hit import records, sessions_containing
from shared.metrics.engine.part_tables import hits_by_row_and_person, rows_of, use_by_row
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.same_hours import cut_reading
from shared.metrics.engine.usage import check_known, hits_by_day_and_person


def members(question: Question, request: MembersRequest) -> MembersAnswer:
    """Answer with the members of a figure."""
    _check(request)
    asked = question.asked(request)
    window = asked.window
    reading = question.read(window, request.people)
    check_known(reading, request.selection, "figure.selection")
    if request.same_hours_as_ms is not None:
        reading = cut_reading(question, reading, window.last, request.same_hours_as_ms)
    if request.figure is Figure.SESSIONS and not request.selection.is_everything():
        found = sessions_containing(question, request.people, request.selection, window)
    else:
        found = _FOUND[request.figure](reading, request, window)
    is_of_people = request.figure not in (Figure.FEATURES_USED, Figure.RECORDS)
    return members_page(
        found,
        is_sum=request.figure.is_sum(),
        first=request.first,
        after=request.after,
        described=reading.described if is_of_people else _itself,
        proof=question.proof(asked, window),
    )


def _check(request: MembersRequest) -> None:
    """BadInputError if parts of a request do not go together."""
    figure, bucket = request.figure, request.bucket
    has_buckets = figure in (Figure.FREQUENCY, Figure.FREQUENCY_OF_PAIRS)
    if has_buckets != (bucket is not None):
        message = f"hits goes with FREQUENCY and FREQUENCY_OF_PAIRS, not with {figure.value}"
        if has_buckets:
            message = f"{figure.value} needs hits, the bucket to open"
        raise BadInputError(message, field="figure.hits")
    if bucket and (bucket.from_hits > 0) < (figure is Figure.FREQUENCY_OF_PAIRS):
        message = "of pairs only those with a hit are counted; hits.from is 1 or more"
        raise BadInputError(message, field="figure.hits.from")
    if bucket and not 0 <= bucket.from_hits <= _end(bucket):
        message = f"hits goes from {bucket.from_hits} to {bucket.to_hits}; give 0 <= from <= to"
        raise BadInputError(message, field="figure.hits")
    if request.row and figure is not Figure.POPULARITY:
        message = f"a row goes with POPULARITY, not with {figure.value}"
        raise BadInputError(message, field="figure.row")
    if figure in _OF_EVERYTHING and not request.selection.is_everything():
        message = f"{figure.value} has no selection; {', '.join(sorted(_SELECTABLE))} have one"
        raise BadInputError(message, field="figure.selection")


def _end(bucket: Bucket) -> int:
    return bucket.from_hits if bucket.to_hits is None else bucket.to_hits


def _itself(name: str) -> tuple[str | None, str | None]:
    return name, None


def _hits(reading: Reading, request: MembersRequest, window: Window) -> Found:
    hits = selected_hits(reading, request.selection, window)
    return Found.adding_up(reading.user_ids, hits)


def _features(reading: Reading, request: MembersRequest, window: Window) -> Found:
    rows = rows_of(reading, request.selection, Part.FEATURE)
    return Found.adding_up(rows.names, use_by_row(reading, rows, window).hits)


def _attendance(reading: Reading, request: MembersRequest, window: Window) -> Found:
    days = reading.table.attendance_by_person(window)
    if not request.selection.is_everything():
        days = np.count_nonzero(hits_by_day_and_person(reading, request.selection), axis=0)
    return Found.adding_up(reading.user_ids, days)


def _active(reading: Reading, request: MembersRequest, window: Window) -> Found:
    if not request.selection.is_everything():
        return _hits(reading, request, window)
    return Found(reading.user_ids, reading.table.active(window), None)


def _inactive(reading: Reading, request: MembersRequest, window: Window) -> Found:
    active = _active(reading, request, window).is_member
    return Found(reading.user_ids, reading.roster(window) & ~active, None)


def _popularity(reading: Reading, request: MembersRequest, window: Window) -> Found:
    row = request.row
    if row is None:
        return _hits(reading, request, window)
    # A row that nobody used has no members, such as one of the compared window alone: of that the
    # days that are read here need not know.
    rows = rows_of(reading, request.selection, row.part, only=row.name, also=[row.name])
    hits = hits_by_row_and_person(reading, rows, window)[0]
    return Found.adding_up(reading.user_ids, hits.astype(np.int64))


def _frequency(reading: Reading, request: MembersRequest, window: Window) -> Found:
    bucket = request.bucket or ANY_HITS
    hits = selected_hits(reading, request.selection, window)
    is_member = in_bucket(hits, bucket)
    if bucket.from_hits == 0:
        is_member &= reading.roster(window)
    return Found(reading.user_ids, is_member, hits)


def _frequency_of_pairs(reading: Reading, request: MembersRequest, window: Window) -> Found:
    bucket = request.bucket or ANY_HITS
    rows = rows_of(reading, request.selection, Part.FEATURE)
    table = hits_by_row_and_person(reading, rows, window)
    return Found.adding_up(reading.user_ids, np.count_nonzero(in_bucket(table, bucket), axis=0))


def _records(reading: Reading, request: MembersRequest, window: Window) -> Found:
    return records(reading, request.selection, window)


def _of_column(
    kind: BlockKind, column: str, reading: Reading, _request: MembersRequest, _window: Window
) -> Found:
    """Of a whole span, which is the window."""
    table = reading.snapshot.matrix(kind, column, np.int64)
    if reading.mask is not None:
        table = np.where(reading.mask, table, 0)
    return Found.adding_up(reading.user_ids, table.sum(axis=0))


_Finder = Callable[[Reading, MembersRequest, Window], Found]

_FOUND: Final[Mapping[Figure, _Finder]] = {
    Figure.TOTAL_HITS: _hits,
    Figure.FEATURES_USED: _features,
    Figure.ATTENDANCE: _attendance,
    Figure.ACTIVE_USERS: _active,
    Figure.INACTIVE_USERS: _inactive,
    Figure.POPULARITY: _popularity,
    Figure.FREQUENCY: _frequency,
    Figure.FREQUENCY_OF_PAIRS: _frequency_of_pairs,
    Figure.LOGINS: partial(_of_column, BlockKind.CORE, "logins"),
    Figure.SESSIONS: partial(_of_column, BlockKind.TIME, "sessions"),
    Figure.SINGLE_EVENT_SESSIONS: partial(_of_column, BlockKind.TIME, "single_event_sessions"),
    Figure.SESSION_MILLISECONDS: partial(_of_column, BlockKind.TIME, "session_ms"),
    Figure.RECORDS: _records,
}

_OF_EVERYTHING: Final = frozenset(
    {
        Figure.LOGINS,
        Figure.SINGLE_EVENT_SESSIONS,
        Figure.SESSION_MILLISECONDS,
    }
)
_SELECTABLE: Final = [figure.value for figure in Figure if figure not in _OF_EVERYTHING]
