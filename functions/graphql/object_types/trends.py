"""Trends (definitions §4)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.enums import ChangeReason
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.grouped_trends import TrendsGroups
from functions.graphql.object_types.range import Range
from functions.graphql.object_types.trends_fields import by_field
from functions.graphql.scalars import Count, Milliseconds
from shared.metrics.domain.views.answers import Measure
from shared.metrics.domain.views.trends_answer import TrendsAnswer

_PEOPLE = (
    "Distinct people of each point; those of a week are not the sum of its days. Of a selection: "
    "those with a hit of it."
)
_SESSIONS = (
    "Sessions, counted where they start. Of a selection: those that contain it, counted on the "
    "day it first occurs in them."
)


@strawberry.type(description="Measures, as parallel lists.")
class TrendsSeries:
    """One entry a day, week or month."""

    dates: list[date] = strawberry.field(description="The first day of each point.")
    is_partial: list[bool] = strawberry.field(
        description="Whether the point reaches outside of the days that were counted."
    )
    no_data: list[bool] = strawberry.field(
        description="Whether the point has a day without data for the selection: a source that "
        "feeds it should have sent something, and did not."
    )
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    active_users: list[int] = strawberry.field(graphql_type=list[Count], description=_PEOPLE)
    attendance: list[int] = strawberry.field(graphql_type=list[Count], description="User-days.")
    logins: list[int] | None = strawberry.field(
        graphql_type=list[Count] | None, description="Null for a selection: it has no logins."
    )
    sessions: list[int] = strawberry.field(graphql_type=list[Count], description=_SESSIONS)
    single_event_sessions: list[int] | None = strawberry.field(
        graphql_type=list[Count] | None,
        description="Those with one activity on their start day; null for a selection.",
    )
    session_milliseconds: list[int] | None = strawberry.field(
        graphql_type=list[Milliseconds] | None, description="Null for a selection."
    )
    records: list[int] = strawberry.field(
        graphql_type=list[Count], description="Distinct records that were hit."
    )
    logins_per_active_user: list[float | None] | None = strawberry.field(
        description="Logins / active users; null where nobody was active, and for a selection."
    )

    @classmethod
    def of(cls, answer: TrendsAnswer) -> Self:
        """From the view's answer."""
        return cls(
            dates=answer.dates,
            is_partial=answer.is_partial,
            no_data=answer.no_data,
            logins_per_active_user=answer.logins_per_active_user,
            **by_field(answer.series),
        )


@strawberry.type(
    description="The measures of the compared range: each point covers the days at the same "
    "distance from its first day as the point of the series that it stands beside. Months differ "
    "in length, so one of the two may have more points."
)
class ComparedTrendsSeries:
    """One entry beside each of the series."""

    dates: list[date] = strawberry.field(description="The first day of each point.")
    no_data: list[bool]
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    active_users: list[int] = strawberry.field(graphql_type=list[Count])
    attendance: list[int] = strawberry.field(graphql_type=list[Count])
    logins: list[int] | None = strawberry.field(graphql_type=list[Count] | None)
    sessions: list[int] = strawberry.field(graphql_type=list[Count])
    single_event_sessions: list[int] | None = strawberry.field(graphql_type=list[Count] | None)
    session_milliseconds: list[int] | None = strawberry.field(
        graphql_type=list[Milliseconds] | None
    )
    records: list[int] = strawberry.field(graphql_type=list[Count])

    @classmethod
    def of(cls, answer: TrendsAnswer) -> Self:
        """From the view's answer."""
        return cls(
            dates=answer.compared_dates,
            no_data=answer.compared_no_data,
            **by_field(answer.compared_series),
        )


@strawberry.type(description="Measures over the whole range.")
class TrendsTotals:
    """One number a measure."""

    hits: int = strawberry.field(graphql_type=Count)
    active_users: int = strawberry.field(
        graphql_type=Count, description="Distinct people of the range, not the sum of its points."
    )
    attendance: int = strawberry.field(graphql_type=Count)
    logins: int | None = strawberry.field(graphql_type=Count | None)
    sessions: int = strawberry.field(graphql_type=Count)
    single_event_sessions: int | None = strawberry.field(graphql_type=Count | None)
    session_milliseconds: int | None = strawberry.field(graphql_type=Milliseconds | None)
    records: int = strawberry.field(
        graphql_type=Count, description="Distinct records of the range, not the sum of its points."
    )


@strawberry.type(description="A number over the range, the one of the compared range, the change.")
class TrendsChange:
    """A measure over both ranges."""

    value: int = strawberry.field(graphql_type=Count)
    previous: int = strawberry.field(graphql_type=Count)
    change_percent: float | None = strawberry.field(
        description="(value - previous) / previous x 100; null when it cannot be known."
    )
    reason: ChangeReason | None = strawberry.field(
        description="Why there is no percentage, or what to know about it."
    )
    mean_per_day: float | None = strawberry.field(
        description="If the reason is INCOMPLETE, the mean over the days of the range that have "
        "data; of measures that do not add up, that of the days' own values."
    )
    previous_mean_per_day: float | None = strawberry.field(
        description="The same over the compared range."
    )

    @classmethod
    def of(cls, measure: Measure) -> Self:
        """From a view's measure."""
        return cls(
            value=measure.value,
            previous=measure.previous,
            change_percent=measure.change_percent,
            reason=measure.reason,
            mean_per_day=measure.mean_per_day,
            previous_mean_per_day=measure.previous_mean_per_day,
        )


@strawberry.type(description="Measures over the whole range beside the compared one.")
class TrendsChanges:
    """One change a measure."""

    hits: TrendsChange
    active_users: TrendsChange
    attendance: TrendsChange
    logins: TrendsChange | None
    sessions: TrendsChange
    single_event_sessions: TrendsChange | None
    session_milliseconds: TrendsChange | None
    records: TrendsChange


@strawberry.type(description="How the use of the CRM develops.")
class Trends(Answer):
    """The answer of the view."""

    range: Range = strawberry.field(description="The days that the series covers.")
    compared_range: Range | None = strawberry.field(description="Null without a comparison.")
    is_backfilled: bool = strawberry.field(
        description="Whether someone matched the filter, or was in a group, by a value that was "
        "known only later: before its first known value an attribute has that value."
    )
    series: TrendsSeries
    compared_series: ComparedTrendsSeries | None = strawberry.field(
        description="Null without a comparison."
    )
    totals: TrendsTotals
    changes: TrendsChanges | None = strawberry.field(description="Null without a comparison.")
    groups: TrendsGroups | None = strawberry.field(description="Null without `groupBy`.")

    @classmethod
    def of(cls, answer: TrendsAnswer) -> Self:
        """From the view's answer."""
        window, compared = answer.window, answer.compared
        changes = {which: TrendsChange.of(measure) for which, measure in answer.changes.items()}
        return cls(
            **proved(answer.proof),
            range=Range(from_=window.first, to=window.last),
            compared_range=Range(from_=compared.first, to=compared.last) if compared else None,
            is_backfilled=answer.is_backfilled,
            series=TrendsSeries.of(answer),
            compared_series=ComparedTrendsSeries.of(answer) if compared else None,
            totals=TrendsTotals(**by_field(answer.totals)),
            changes=TrendsChanges(**by_field(changes)) if compared else None,
            groups=TrendsGroups.of(answer.groups, is_compared=compared is not None)
            if answer.groups
            else None,
        )
