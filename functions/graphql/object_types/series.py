"""Series, as parallel lists: a list of objects would cost ten times as much to answer."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.scalars import Count
from shared.metrics.domain.views import answers


@strawberry.type(description="Hits by week, as parallel lists.")
class WeekSeries:
    """One entry a week."""

    dates: list[date] = strawberry.field(description="The first day of each week.")
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    is_peak: list[bool] = strawberry.field(description="Whether no other week has more hits.")
    is_partial: list[bool] = strawberry.field(
        description="Whether the week reaches outside of the days that were counted."
    )
    no_data: list[bool] = strawberry.field(
        description="Whether the week has a day without data among those."
    )

    @classmethod
    def of(cls, series: answers.WeekSeries) -> Self:
        """From a view's series."""
        return cls(
            dates=series.dates,
            hits=series.hits,
            is_peak=series.is_peak,
            is_partial=series.is_partial,
            no_data=series.no_data,
        )


@strawberry.type(description="Attendance of every day, as parallel lists.")
class AttendanceSeries:
    """One entry a day, none left out."""

    dates: list[date]
    active_users: list[int] = strawberry.field(graphql_type=list[Count])
    logins: list[int] = strawberry.field(graphql_type=list[Count])
    no_data: list[bool] = strawberry.field(
        description="Whether the day is without data: a source that should have sent something "
        "did not."
    )

    @classmethod
    def of(cls, series: answers.AttendanceSeries) -> Self:
        """From a view's series."""
        return cls(
            dates=series.dates,
            active_users=series.active_users,
            logins=series.logins,
            no_data=series.no_data,
        )
