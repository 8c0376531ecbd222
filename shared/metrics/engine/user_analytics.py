"""User analytics: reads the days it needs, and lets the domain compute."""

from dataclasses import replace
from typing import Final

import numpy as np

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.views import user_analytics as domain
from shared.metrics.domain.views.people_answers import PersonSort, UserAnalyticsAnswer
from shared.metrics.domain.views.people_pages import Order, people_page
from shared.metrics.engine.people_selection import matching, values_of
from shared.metrics.engine.person_values import PersonValues
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import UserAnalyticsRequest
from shared.metrics.engine.usage import check_known

MAX_FEATURES: Final = 20

_COLUMNS: Final = {
    PersonSort.HITS: "hits",
    PersonSort.ATTENDANCE: "attendance",
    PersonSort.SESSIONS: "sessions",
    PersonSort.SINGLE_EVENT_SESSIONS: "single_event_sessions",
    PersonSort.SESSION_TIME: "session_ms",
    PersonSort.FEATURES_USED: "features_used",
    PersonSort.LAST_SEEN: "last_seen_ms",
    PersonSort.LAST_LOGIN: "last_login_ms",
}
_NULL_AT_ZERO: Final = frozenset({PersonSort.LAST_SEEN, PersonSort.LAST_LOGIN})


def user_analytics(question: Question, request: UserAnalyticsRequest) -> UserAnalyticsAnswer:
    """Answer user analytics."""
    if len(request.features) > MAX_FEATURES:
        message = f"{len(request.features)} features are chosen; at most {MAX_FEATURES} may be"
        raise BadInputError(message, field="features")
    asked = question.asked(request)
    values = values_of(question, asked, request.comparison, request.people)
    reading = values.reading
    for at, selection in enumerate(request.features):
        check_known(reading, selection, f"features[{at}]")
    members = matching(values, request.conditions)
    chosen = np.zeros((len(request.features), reading.width), np.int64)
    for row, selection in enumerate(request.features):
        chosen[row] = values.feature_hits(selection)
    order = _order(values, request.sort, descending=request.descending)
    page = people_page(members, reading.user_ids, order, request.first, request.after)
    of_page = np.array(page.people, np.int64)
    return domain.user_analytics(
        domain.Segment(reading.user_ids, values.roster, members, chosen),
        page,
        values.of(of_page).table,
        values.working_attendance(of_page) if request.working_days else None,
        order,
        proof=question.proof(replace(asked, window=values.window), values.window),
        compared=values.compared,
        described=reading.described,
    )


def _order(values: PersonValues, sort: PersonSort, *, descending: bool) -> Order:
    if sort is PersonSort.USER_ID:
        return Order(None, descending)
    if sort is PersonSort.ATTENDANCE_CHANGE:
        return Order(values.attendance_change, descending)
    column = getattr(values, _COLUMNS[sort]).astype(np.float64)
    if sort in _NULL_AT_ZERO:
        column[column == 0] = np.nan
    return Order(column, descending)
