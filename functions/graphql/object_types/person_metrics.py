"""One person with all metrics of a range."""

from datetime import datetime
from typing import Self

import strawberry

from functions.graphql.enums import ChangeReason
from functions.graphql.object_types.working_day_attendance import WorkingDayAttendance
from functions.graphql.scalars import Count, Milliseconds
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.views import people_answers
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance as WorkingDays


@strawberry.type(description="One person with all metrics of the range.")
class PersonMetrics:
    """A row of user analytics."""

    user_id: str
    name: str | None
    email: str | None
    hits: int = strawberry.field(graphql_type=Count)
    attendance: int = strawberry.field(graphql_type=Count, description="Active local days.")
    previous_attendance: int = strawberry.field(
        graphql_type=Count, description="The same over the compared range."
    )
    attendance_change_percent: float | None = strawberry.field(
        description="(attendance - previous) / previous x 100; null when it cannot be known."
    )
    attendance_change_reason: ChangeReason | None = strawberry.field(
        description="Why there is no percentage."
    )
    sessions: int = strawberry.field(graphql_type=Count)
    single_event_sessions: int = strawberry.field(graphql_type=Count)
    session_milliseconds: int = strawberry.field(graphql_type=Milliseconds)
    features_used: int = strawberry.field(
        graphql_type=Count, description="Distinct features with a hit."
    )
    last_seen: datetime | None = strawberry.field(
        description="The latest login or hit in the range; null for none."
    )
    last_login: datetime | None = strawberry.field(
        description="The latest login in the range; null for none."
    )
    feature_hits: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="The hits of each of the chosen `features`, in their order.",
    )
    has_used: list[bool] = strawberry.field(
        description="Whether the person has used each of the chosen `features`."
    )

    found_attendance: strawberry.Private[WorkingDays | None]

    @strawberry.field
    def working_day_attendance(self) -> WorkingDayAttendance:
        """Looked up only if it is asked for."""
        if self.found_attendance is None:
            message = "the view was not asked for working-day attendance"
            raise ValueError(message)
        return WorkingDayAttendance.of(self.found_attendance)

    @classmethod
    def of(cls, person: people_answers.PersonMetrics) -> Self:
        """From a view's row."""
        return cls(
            user_id=person.user_id,
            name=person.name,
            email=person.email,
            hits=person.hits,
            attendance=person.attendance,
            previous_attendance=person.previous_attendance,
            attendance_change_percent=person.attendance_change_percent,
            attendance_change_reason=person.attendance_change_reason,
            sessions=person.sessions,
            single_event_sessions=person.single_event_sessions,
            session_milliseconds=person.session_milliseconds,
            features_used=person.features_used,
            last_seen=instant(person.last_seen_ms),
            last_login=instant(person.last_login_ms),
            feature_hits=person.feature_hits,
            found_attendance=person.working_day_attendance,
            has_used=[hits > 0 for hits in person.feature_hits],
        )


def instant(milliseconds: int | None) -> datetime | None:
    """A time in milliseconds UTC, which may be None for never."""
    return None if milliseconds is None else from_milliseconds(milliseconds)
