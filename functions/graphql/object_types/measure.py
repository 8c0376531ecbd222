"""A number beside the one it is compared with."""

from typing import Self

import strawberry

from functions.graphql.context import Info
from functions.graphql.enums import ChangeReason
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.members import MemberConnection, opened
from functions.graphql.object_types.opening import Opening
from functions.graphql.object_types.proof import Proof
from functions.graphql.scalars import Count
from shared.metrics.domain.views import answers


def _proof(root: "Measure", info: Info) -> Proof:
    return Proof.of(info.context.views.ask(root.opening.proof))


def _previous_proof(root: "Measure", info: Info) -> Proof:
    return Proof.of(info.context.views.ask(root.opening.previous_proof))


def _members(
    root: "Measure", info: Info, *, first: int = DEFAULT_FIRST, after: str | None = None
) -> MemberConnection:
    return opened(info, root.opening.members, first, after)


def _previous_members(
    root: "Measure", info: Info, *, first: int = DEFAULT_FIRST, after: str | None = None
) -> MemberConnection:
    return opened(info, root.opening.previous_members, first, after)


@strawberry.type(description="A number, the one it is compared with, and the change.")
class Measure:
    """One of the figures of a view."""

    opening: strawberry.Private[Opening]

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
    mean_per_day: float | None = strawberry.field(
        description="If the reason is INCOMPLETE, the mean over the days of the range that have "
        "data; of figures that do not add up, that of the days' own figures."
    )
    previous_mean_per_day: float | None = strawberry.field(
        description="The same over the compared range."
    )
    proof: Proof = strawberry.field(
        resolver=_proof, description="What the range's numbers were counted from."
    )
    previous_proof: Proof = strawberry.field(
        resolver=_previous_proof, description="What those of the compared range were counted from."
    )
    members: MemberConnection = strawberry.field(
        resolver=_members, description="Who or what is behind the value. For admins and managers."
    )
    previous_members: MemberConnection = strawberry.field(
        resolver=_previous_members,
        description="Who or what is behind the previous value. For admins and managers.",
    )

    @classmethod
    def of(cls, measure: answers.Measure, opening: Opening) -> Self:
        """From a view's measure, and from what opens it."""
        return cls(
            opening=opening,
            value=measure.value,
            previous=measure.previous,
            change_percent=measure.change_percent,
            reason=measure.reason,
            mean_per_day=measure.mean_per_day,
            previous_mean_per_day=measure.previous_mean_per_day,
        )


@strawberry.type(description="User-days: the sum over people of their distinct active local days.")
class Attendance(Measure):
    """Attendance, with the two figures that put it in proportion."""

    org_days: int = strawberry.field(description="Distinct days on which anyone was active.")
    average_per_active_user: float | None = strawberry.field(
        description="User-days per active person; null when nobody was active."
    )

    @classmethod
    def of_attendance(cls, attendance: answers.Attendance, opening: Opening) -> Self:
        """From a view's attendance."""
        measure = attendance.measure
        return cls(
            opening=opening,
            value=measure.value,
            previous=measure.previous,
            change_percent=measure.change_percent,
            reason=measure.reason,
            mean_per_day=measure.mean_per_day,
            previous_mean_per_day=measure.previous_mean_per_day,
            org_days=attendance.org_days,
            average_per_active_user=attendance.average_per_active_user,
        )
