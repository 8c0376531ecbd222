"""A number beside the one it is compared with."""

from typing import Self

import strawberry

from functions.graphql.enums import ChangeReason
from functions.graphql.scalars import Count
from shared.metrics.domain.views import answers


@strawberry.type(description="A number, the one it is compared with, and the change.")
class Measure:
    """One of the figures of Home."""

    value: int = strawberry.field(graphql_type=Count)
    previous: int = strawberry.field(
        graphql_type=Count, description="The same over the compared range."
    )
    change_percent: float | None = strawberry.field(
        description="(value - previous) / previous x 100; null when it cannot be known."
    )
    reason: ChangeReason | None = strawberry.field(
        description="Why there is no percentage, or what to know about it."
    )

    @classmethod
    def of(cls, measure: answers.Measure) -> Self:
        """From a view's measure."""
        return cls(
            value=measure.value,
            previous=measure.previous,
            change_percent=measure.change_percent,
            reason=measure.reason,
        )


@strawberry.type(description="User-days: the sum over people of their distinct active local days.")
class Attendance(Measure):
    """Attendance, with the two figures that put it in proportion."""

    org_days: int = strawberry.field(description="Distinct days on which anyone was active.")
    average_per_active_user: float | None = strawberry.field(
        description="User-days per active person; null when nobody was active."
    )

    @classmethod
    def of_attendance(cls, attendance: answers.Attendance) -> Self:
        """From a view's attendance."""
        measure = attendance.measure
        return cls(
            value=measure.value,
            previous=measure.previous,
            change_percent=measure.change_percent,
            reason=measure.reason,
            org_days=attendance.org_days,
            average_per_active_user=attendance.average_per_active_user,
        )
