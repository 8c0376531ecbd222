"""Trends of groups: lists of lists, in the order of the names of the groups."""

from collections.abc import Sequence
from typing import Self

import strawberry

from functions.graphql.enums import ChangeReason
from functions.graphql.object_types.trends_fields import by_field
from functions.graphql.scalars import Count, Milliseconds
from shared.metrics.domain.views.answers import Measure
from shared.metrics.domain.views.trends_answer import GroupedTrends

_LISTS = list[list[Count]]


@strawberry.type(description="The measures of each group, as one list a group.")
class GroupedSeries:
    """One entry a point in each of the lists."""

    hits: list[list[int]] = strawberry.field(graphql_type=_LISTS)
    active_users: list[list[int]] = strawberry.field(graphql_type=_LISTS)
    attendance: list[list[int]] = strawberry.field(graphql_type=_LISTS)
    logins: list[list[int]] | None = strawberry.field(graphql_type=_LISTS | None)
    sessions: list[list[int]] = strawberry.field(graphql_type=_LISTS)
    single_event_sessions: list[list[int]] | None = strawberry.field(graphql_type=_LISTS | None)
    session_milliseconds: list[list[int]] | None = strawberry.field(
        graphql_type=list[list[Milliseconds]] | None
    )
    records: list[list[int]] = strawberry.field(graphql_type=_LISTS)


@strawberry.type(description="The measures of each group over the whole range.")
class GroupedTotals:
    """One entry a group."""

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


@strawberry.type(description="A measure of each group over both ranges, as parallel lists.")
class GroupedChange:
    """One entry a group."""

    value: list[int] = strawberry.field(graphql_type=list[Count])
    previous: list[int] = strawberry.field(graphql_type=list[Count])
    change_percent: list[float | None] = strawberry.field(
        description="(value - previous) / previous x 100; null when it cannot be known."
    )
    reason: list[ChangeReason | None] = strawberry.field(
        description="Why there is no percentage, or what to know about it."
    )
    mean_per_day: list[float | None] = strawberry.field(
        description="If the reason is INCOMPLETE, the mean over the days that have data."
    )
    previous_mean_per_day: list[float | None]

    @classmethod
    def of(cls, measures: Sequence[Measure]) -> Self:
        """From the measures of a view."""
        return cls(
            value=[each.value for each in measures],
            previous=[each.previous for each in measures],
            change_percent=[each.change_percent for each in measures],
            reason=[each.reason for each in measures],
            mean_per_day=[each.mean_per_day for each in measures],
            previous_mean_per_day=[each.previous_mean_per_day for each in measures],
        )


@strawberry.type(description="The measures of each group over the whole range and the compared.")
class GroupedChanges:
    """One change a measure."""

    hits: GroupedChange
    active_users: GroupedChange
    attendance: GroupedChange
    logins: GroupedChange | None
    sessions: GroupedChange
    single_event_sessions: GroupedChange | None
    session_milliseconds: GroupedChange | None
    records: GroupedChange


@strawberry.type(
    description="The same of each group, those with most hits first, at most 50. Sessions of a "
    "feature, property, … are those that contain it; it has no logins and no minutes."
)
class TrendsGroups:
    """Groups of people, or of hits."""

    names: list[str] = strawberry.field(
        description="The value, or the part, that makes each group; `(not set)` without one. The "
        "last is `(other groups)` if there are too many."
    )
    has_others: bool = strawberry.field(description="Whether the last group stands for several.")
    overlaps: bool = strawberry.field(
        description="Whether the distinct people of the groups sum to more than there were in the "
        "range: someone's attribute changed, or someone used several features. Hits never do."
    )
    series: GroupedSeries
    compared_series: GroupedSeries | None = strawberry.field(
        description="Null without a comparison."
    )
    totals: GroupedTotals
    changes: GroupedChanges | None = strawberry.field(description="Null without a comparison.")

    @classmethod
    def of(cls, groups: GroupedTrends, *, is_compared: bool) -> Self:
        """From the view's groups."""
        changes = {which: GroupedChange.of(each) for which, each in groups.changes.items()}
        compared = GroupedSeries(**by_field(groups.compared_series)) if is_compared else None
        return cls(
            names=groups.names,
            has_others=groups.has_others,
            overlaps=groups.overlaps,
            series=GroupedSeries(**by_field(groups.series)),
            compared_series=compared,
            totals=GroupedTotals(**by_field(groups.totals)),
            changes=GroupedChanges(**by_field(changes)) if is_compared else None,
        )
