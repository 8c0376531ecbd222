"""Lifecycle (definitions §4)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.views.engagement_answers import LifecycleAnswer


@strawberry.type(description="People by where they stand, as parallel lists.")
class LifecycleSeries:
    """One entry a day, week or month."""

    dates: list[date] = strawberry.field(description="The first day of each point.")
    is_partial: list[bool] = strawberry.field(
        description="Whether the point reaches outside of the days that were counted."
    )
    new: list[int] = strawberry.field(
        graphql_type=list[Count], description="Active in the point, and never before."
    )
    returning: list[int] = strawberry.field(
        graphql_type=list[Count], description="Active in the point, and shortly before."
    )
    resurrected: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="Active in the point, after at least 30 days without activity.",
    )
    dormant: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="Active once, but not in the 30 days that end with the point.",
    )
    became_dormant: list[int] = strawberry.field(
        graphql_type=list[Count], description="Those whose thirtieth such day is in the point."
    )
    no_data: list[bool] = strawberry.field(
        description="Whether the point has a day without data among those that were counted."
    )


@strawberry.type(description="Who is new, goes on, comes back, or has gone quiet.")
class Lifecycle(Answer):
    """The answer of the view."""

    range: Range
    series: LifecycleSeries

    @classmethod
    def of(cls, answer: LifecycleAnswer) -> Self:
        """From the view's answer."""
        window = answer.proof.window
        return cls(
            **proved(answer.proof),
            range=Range(from_=window.first, to=window.last),
            series=LifecycleSeries(
                dates=answer.dates,
                is_partial=answer.is_partial,
                new=answer.new,
                returning=answer.returning,
                resurrected=answer.resurrected,
                dormant=answer.dormant,
                became_dormant=answer.became_dormant,
                no_data=answer.no_data,
            ),
        )
