"""One person with all metrics of a range."""

from datetime import datetime
from typing import Self

import strawberry

from functions.graphql.scalars import Count, Milliseconds
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.views import answers


@strawberry.type(description="One person with all metrics of the range.")
class PersonMetrics:
    """A row of user analytics."""

    user_id: str
    name: str | None
    email: str | None
    hits: int = strawberry.field(graphql_type=Count)
    attendance: int = strawberry.field(graphql_type=Count, description="Active local days.")
    sessions: int = strawberry.field(graphql_type=Count)
    single_event_sessions: int = strawberry.field(graphql_type=Count)
    session_milliseconds: int = strawberry.field(graphql_type=Milliseconds)
    features_used: int = strawberry.field(
        graphql_type=Count, description="Distinct features with a hit."
    )
    last_seen: datetime = strawberry.field(description="The latest login or hit.")
    last_login: datetime | None

    @classmethod
    def of(cls, person: answers.PersonMetrics) -> Self:
        """From a view's row."""
        login_ms = person.last_login_ms
        return cls(
            user_id=person.user_id,
            name=person.name,
            email=person.email,
            hits=person.hits,
            attendance=person.attendance,
            sessions=person.sessions,
            single_event_sessions=person.single_event_sessions,
            session_milliseconds=person.session_milliseconds,
            features_used=person.features_used,
            last_seen=from_milliseconds(person.last_seen_ms),
            last_login=None if login_ms is None else from_milliseconds(login_ms),
        )
