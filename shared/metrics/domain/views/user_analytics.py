"""User analytics (definitions §4): each active person with all metrics."""

import numpy as np

from shared.metrics.domain.views.answers import PersonMetrics, Proof, UserAnalyticsAnswer
from shared.metrics.domain.views.day_table import PersonTable
from shared.metrics.domain.views.measures import Described


def user_analytics(
    table: PersonTable, user_ids: list[str], *, proof: Proof, described: Described
) -> UserAnalyticsAnswer:
    """The people with a login or a hit, by user id."""
    active = sorted(np.flatnonzero(table.attendance).tolist(), key=user_ids.__getitem__)
    return UserAnalyticsAnswer(
        proof=proof,
        people=[_metrics(table, at, user_ids[at], described) for at in active],
    )


def _metrics(table: PersonTable, at: int, user_id: str, described: Described) -> PersonMetrics:
    name, email = described(user_id)
    return PersonMetrics(
        user_id=user_id,
        name=name,
        email=email,
        hits=int(table.hits[at]),
        attendance=int(table.attendance[at]),
        sessions=int(table.sessions[at]),
        single_event_sessions=int(table.single_event_sessions[at]),
        session_milliseconds=int(table.session_ms[at]),
        features_used=int(table.features_used[at]),
        last_seen_ms=int(table.last_seen_ms[at]),
        last_login_ms=int(table.last_login_ms[at]) or None,
    )
