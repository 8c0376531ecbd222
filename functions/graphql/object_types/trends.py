"""Trends (definitions §4)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.scalars import Count, Milliseconds
from shared.metrics.domain.views.answers import TrendsAnswer


@strawberry.type(description="The measures of the whole tenant, as parallel lists.")
class TrendsSeries:
    """One entry a day, week or month."""

    dates: list[date] = strawberry.field(description="The first day of each point.")
    is_partial: list[bool] = strawberry.field(
        description="Whether the point reaches outside of the days that were counted."
    )
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    active_users: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="Distinct people of each point; those of a week are not the sum of its days.",
    )
    attendance: list[int] = strawberry.field(graphql_type=list[Count], description="User-days.")
    logins: list[int] = strawberry.field(graphql_type=list[Count])
    sessions: list[int] = strawberry.field(
        graphql_type=list[Count], description="Sessions, counted where they start."
    )
    single_event_sessions: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="Those of them with one activity on their start day.",
    )
    session_milliseconds: list[int] = strawberry.field(graphql_type=list[Milliseconds])


@strawberry.type(description="How the use of the CRM develops.")
class Trends(Answer):
    """The answer of the view."""

    series: TrendsSeries

    @classmethod
    def of(cls, answer: TrendsAnswer) -> Self:
        """From the view's answer."""
        series = TrendsSeries(
            dates=answer.dates,
            is_partial=answer.is_partial,
            hits=answer.hits,
            active_users=answer.active_users,
            attendance=answer.attendance,
            logins=answer.logins,
            sessions=answer.sessions,
            single_event_sessions=answer.single_event_sessions,
            session_milliseconds=answer.session_milliseconds,
        )
        return cls(**proved(answer.proof), series=series)
