"""The parts of an answer about a KPI."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

import strawberry

from functions.graphql.enums import KpiReason
from functions.graphql.scalars import Count
from shared.metrics.domain.kpis import answers
from shared.metrics.domain.periods import from_milliseconds


@strawberry.type(description="A value, or the reason why there is none, and what it is made of.")
class KpiValue:
    """One value. Of what is made of other KPIs there are no sums, and no rows."""

    value: float | None
    reason: KpiReason | None
    numerator: float | None
    denominator: float | None
    rows: int | None = strawberry.field(graphql_type=Count | None)

    @classmethod
    def of(cls, found: answers.KpiValue) -> Self:
        """From the engine's value."""
        return cls(
            value=found.value,
            reason=found.reason,
            numerator=found.numerator,
            denominator=found.denominator,
            rows=found.rows,
        )


@strawberry.type(description="Values by interval, as parallel lists.")
class KpiSeries:
    """One entry a point."""

    dates: list[date] = strawberry.field(description="The first day of each point.")
    values: list[float | None]
    reasons: list[KpiReason | None]
    rows: list[int | None] = strawberry.field(graphql_type=list[Count | None])
    is_partial: list[bool] = strawberry.field(
        description="Whether the point reaches outside of the range, or is not over."
    )
    is_mature: list[bool] = strawberry.field(
        description="False while the outcome of some of its cohort may still change."
    )

    @classmethod
    def of(cls, series: answers.KpiSeries) -> Self:
        """From the engine's series."""
        return cls(
            dates=series.dates,
            values=series.values,
            reasons=series.reasons,
            rows=series.rows,
            is_partial=series.is_partial,
            is_mature=series.is_mature,
        )


@strawberry.type(description="Values by group, as parallel lists; the largest groups first.")
class KpiGroups:
    """One entry a group."""

    keys: list[str] = strawberry.field(
        description="What a filter by the dimension takes: a value, or the id of a record."
    )
    names: list[str] = strawberry.field(description="The same, or the names of the records.")
    values: list[float | None]
    reasons: list[KpiReason | None]
    rows: list[int | None] = strawberry.field(graphql_type=list[Count | None])
    previous_values: list[float | None]
    change_percents: list[float | None]
    series: list[list[float | None]] = strawberry.field(
        description="The points of each group, if an interval was given."
    )
    group_count: int = strawberry.field(
        description="How many groups there are; only the 50 largest are told."
    )

    @classmethod
    def of(cls, groups: answers.KpiGroups) -> Self:
        """From the engine's groups."""
        return cls(
            keys=groups.keys,
            names=groups.names,
            values=groups.values,
            reasons=groups.reasons,
            rows=groups.rows,
            previous_values=groups.previous_values,
            change_percents=groups.change_percents,
            series=groups.series,
            group_count=groups.group_count,
        )


@strawberry.type(
    description="What a value was counted from, as parallel lists: one entry for a KPI that is "
    "counted, and one for each part of a KPI that is made of others."
)
class KpiProofs:
    """One entry a KPI that was counted."""

    keys: list[str]
    versions: list[int] = strawberry.field(description="Of the definitions.")
    from_: list[datetime] = strawberry.field(name="from", description="When the period begins.")
    to: list[datetime] = strawberry.field(
        description="When it ends; this instant is not in it any more."
    )
    read_as_of: list[datetime] = strawberry.field(
        description="The instant that the records were read as of."
    )
    records: list[int] = strawberry.field(
        graphql_type=list[Count], description="The records of the grain that there were then."
    )
    rows: list[int] = strawberry.field(
        graphql_type=list[Count], description="Those that the value was counted from."
    )
    unknown_records: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="Those left out because a value they would be judged by is unknown.",
    )

    @classmethod
    def of(cls, found: Sequence[answers.KpiEvidence]) -> Self:
        """From the engine's evidence."""
        return cls(
            keys=[each.key for each in found],
            versions=[each.version for each in found],
            from_=[from_milliseconds(each.from_ms) for each in found],
            to=[from_milliseconds(each.to_ms) for each in found],
            read_as_of=[from_milliseconds(each.read_as_of_ms) for each in found],
            records=[each.records for each in found],
            rows=[each.rows for each in found],
            unknown_records=[each.unknown_records for each in found],
        )
