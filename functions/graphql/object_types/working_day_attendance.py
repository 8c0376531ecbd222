"""Working-day attendance of one person (definitions §4)."""

from typing import Self

import strawberry

from functions.graphql.scalars import Count
from shared.metrics.domain.views import working_attendance


@strawberry.type(
    description="The days of one person against the working days of their own calendar: on each "
    "day that of the country they are in."
)
class WorkingDayAttendance:
    """A part of a person's metrics."""

    rate: float | None = strawberry.field(
        description="attendedWorkingDays / workingDays; null if there was no working day."
    )
    attended_working_days: int = strawberry.field(graphql_type=Count)
    working_days: int = strawberry.field(
        graphql_type=Count,
        description="Those on which the person counts, without days that have no data.",
    )
    attended_other_days: int = strawberry.field(
        graphql_type=Count, description="On weekends and holidays."
    )
    is_default_calendar: bool = strawberry.field(
        description="Whether the default calendar stood in on any day, because the person's "
        "country is missing or unknown."
    )

    @classmethod
    def of(cls, found: working_attendance.WorkingDayAttendance) -> Self:
        """From a view's."""
        return cls(
            rate=found.rate,
            attended_working_days=found.attended_working_days,
            working_days=found.working_days,
            attended_other_days=found.attended_other_days,
            is_default_calendar=found.is_default_calendar,
        )
