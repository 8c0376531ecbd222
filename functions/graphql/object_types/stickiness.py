"""Stickiness (definitions §4)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.views import engagement_answers as answers


@strawberry.type(description="Active people by day, as parallel lists.")
class RollingActives:
    """One entry a day, none left out."""

    dates: list[date]
    daily_active: list[int] = strawberry.field(graphql_type=list[Count])
    weekly_active: list[int] = strawberry.field(
        graphql_type=list[Count], description="Distinct people of the 7 days that end with it."
    )
    monthly_active: list[int] = strawberry.field(
        graphql_type=list[Count], description="Distinct people of the 30 days that end with it."
    )
    stickiness: list[float | None] = strawberry.field(
        description="The mean of the 30 days' daily people / their distinct people; null if nobody "
        "was active."
    )
    consistent: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="Who was active on at least `minActiveDays` of the 30 days.",
    )
    no_data: list[bool] = strawberry.field(
        description="Whether the day is without data; means are over the others."
    )

    @classmethod
    def of(cls, series: answers.RollingActives) -> Self:
        """From a view's series."""
        return cls(
            dates=series.dates,
            daily_active=series.daily_active,
            weekly_active=series.weekly_active,
            monthly_active=series.monthly_active,
            stickiness=series.stickiness,
            consistent=series.consistent,
            no_data=series.no_data,
        )


@strawberry.type(description="Active people by calendar month, as parallel lists.")
class MonthlyActives:
    """One entry a month that the range touches, of those of its days."""

    dates: list[date] = strawberry.field(description="The first day of each month.")
    is_partial: list[bool] = strawberry.field(
        description="Whether the month reaches outside of the days that were counted."
    )
    monthly_active: list[int] = strawberry.field(graphql_type=list[Count])
    mean_daily_active: list[float | None] = strawberry.field(
        description="Over the days that have data; null if none has."
    )
    stickiness: list[float | None]
    consistent: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="Who was active on at least `minActiveDays` of the days.",
    )
    no_data: list[bool] = strawberry.field(
        description="Whether the month has a day without data among those that were counted."
    )

    @classmethod
    def of(cls, series: answers.MonthlyActives) -> Self:
        """From a view's series."""
        return cls(
            dates=series.dates,
            is_partial=series.is_partial,
            monthly_active=series.monthly_active,
            mean_daily_active=series.mean_daily_active,
            stickiness=series.stickiness,
            consistent=series.consistent,
            no_data=series.no_data,
        )


@strawberry.type(
    description="Stickiness by group of people, as parallel lists: those with most user-days "
    'first; beyond 50 the others are one, "(other groups)".'
)
class StickinessGroups:
    """One entry a group with anyone active in the range."""

    names: list[str]
    active_users: list[int] = strawberry.field(graphql_type=list[Count])
    mean_daily_active: list[float | None]
    stickiness: list[float | None]
    consistent_users: list[int] = strawberry.field(graphql_type=list[Count])
    overlaps: bool = strawberry.field(
        description="Whether someone was active in several groups, so that their people sum to "
        "more than there were."
    )
    is_backfilled: bool = strawberry.field(
        description="Whether a value that was known only later told someone's group."
    )

    @classmethod
    def of(cls, groups: answers.StickinessGroups) -> Self:
        """From a view's groups."""
        return cls(
            names=groups.names,
            active_users=groups.active,
            mean_daily_active=groups.mean_daily_active,
            stickiness=groups.stickiness,
            consistent_users=groups.consistent,
            overlaps=groups.overlaps,
            is_backfilled=groups.is_backfilled,
        )


@strawberry.type(description="How many of the people of a month are there on a mean day.")
class Stickiness(Answer):
    """The answer of the view."""

    range: Range
    active_users: int = strawberry.field(
        graphql_type=Count, description="Distinct people of the range."
    )
    mean_daily_active: float | None = strawberry.field(
        description="Over the days of the range that have data; null if none has."
    )
    stickiness: float | None = strawberry.field(
        description="meanDailyActive / activeUsers; null if nobody was active."
    )
    consistent_users: int = strawberry.field(
        graphql_type=Count,
        description="Who was active on at least `minActiveDays` days of the range.",
    )
    by_day: RollingActives
    by_month: MonthlyActives
    groups: StickinessGroups | None = strawberry.field(
        description="Of the whole range; null unless `groupBy` is given."
    )

    @classmethod
    def of(cls, answer: answers.StickinessAnswer) -> Self:
        """From the view's answer."""
        window, total = answer.proof.window, answer.total
        return cls(
            **proved(answer.proof),
            range=Range(from_=window.first, to=window.last),
            active_users=total.active,
            mean_daily_active=total.mean_daily_active,
            stickiness=total.stickiness,
            consistent_users=total.consistent,
            by_day=RollingActives.of(answer.by_day),
            by_month=MonthlyActives.of(answer.by_month),
            groups=StickinessGroups.of(answer.groups) if answer.groups else None,
        )
