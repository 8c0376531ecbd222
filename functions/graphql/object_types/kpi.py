"""A KPI of a period, with its series, groups and proof (definitions §5, §6)."""

from datetime import datetime
from typing import Self

import strawberry

from functions.graphql.enums import ChangeReason, Finality, KpiFlag, KpiReason
from functions.graphql.object_types.kpi_parts import KpiGroups, KpiProofs, KpiSeries, KpiValue
from functions.graphql.object_types.metric import Metric
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.kpis import answers
from shared.metrics.domain.periods import Window, from_milliseconds


@strawberry.type(
    description="A KPI of a period, beside that of an earlier one. Money is in minor units of "
    "`currency`; a null value has a `reason`."
)
class Kpi:
    """The answer about one KPI."""

    metric: Metric = strawberry.field(description="Its entry in the catalogue.")
    range: Range
    compared_range: Range
    as_of: datetime = strawberry.field(description="The instant that the answer is for.")
    is_partial: bool = strawberry.field(description="Whether the range is not over.")
    finality: Finality
    time_zone: str
    value: float | None
    reason: KpiReason | None = strawberry.field(description="Why there is no value.")
    currency: str | None = strawberry.field(
        description="That of the values, where they are money: the tenant's reporting currency, or "
        "the only one that there is."
    )
    currencies: list[str] = strawberry.field(
        description="The currencies that the money came in, before it was converted."
    )
    amounts: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="The money in each of the currencies, in its minor units.",
    )
    current: KpiValue = strawberry.field(description="The same value, with what it is made of.")
    previous: KpiValue = strawberry.field(description="The value of the compared range.")
    change_percent: float | None
    change_reason: ChangeReason | None
    is_mature: bool = strawberry.field(
        description="False while the outcome of some of a cohort may still change."
    )
    mature: KpiValue | None = strawberry.field(
        description="Of a cohort, the value of those alone who are older than its maturity."
    )
    flags: list[KpiFlag] = strawberry.field(description="What to know of some of the rows.")
    flag_rows: list[int] = strawberry.field(
        graphql_type=list[Count], description="How many rows have each of the flags."
    )
    series: KpiSeries | None = strawberry.field(description="If an interval was given.")
    groups: KpiGroups | None = strawberry.field(description="If `groupBy` was given.")
    proof: KpiProofs = strawberry.field(
        description="What the value was counted from; of one that is made of others, each of these."
    )

    @classmethod
    def of(cls, answer: answers.KpiAnswer) -> Self:
        """From the engine's answer."""
        return cls(
            metric=Metric.of(answer.entry),
            range=_range(answer.proof.window),
            compared_range=_range(answer.compared),
            as_of=from_milliseconds(answer.proof.as_of_ms),
            is_partial=answer.proof.is_partial,
            finality=answer.proof.finality,
            time_zone=answer.proof.time_zone,
            value=answer.current.value,
            reason=answer.current.reason,
            currency=answer.currency,
            currencies=answer.currencies,
            amounts=answer.amounts,
            current=KpiValue.of(answer.current),
            previous=KpiValue.of(answer.previous),
            change_percent=answer.change_percent,
            change_reason=answer.change_reason,
            is_mature=answer.is_mature,
            mature=KpiValue.of(answer.mature) if answer.mature else None,
            flags=answer.flags,
            flag_rows=answer.flag_rows,
            series=KpiSeries.of(answer.series) if answer.series else None,
            groups=KpiGroups.of(answer.groups) if answer.groups else None,
            proof=KpiProofs.of(answer.evidence),
        )


def _range(window: Window) -> Range:
    return Range(from_=window.first, to=window.last)
