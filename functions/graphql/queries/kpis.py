"""The root fields `kpi` and `kpis`."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.context import Info
from functions.graphql.enums import Comparison, Interval, KpiDimension, KpiKey, KpiPreset
from functions.graphql.kpi_inputs import KpiFilterArgument, PeriodArgument, about_records, keys_of
from functions.graphql.object_types.kpi import Kpi
from shared.metrics.engine.kpi_requests import KpisRequest

_GroupBy: TypeAlias = Annotated[
    KpiDimension | None,
    strawberry.argument(
        description="Also the value of each group; `metric { dimensions }` has the possible ones."
    ),
]
_Interval: TypeAlias = Annotated[Interval | None, strawberry.argument(description="Also a series.")]


def kpi(
    info: Info,
    *,
    key: KpiKey,
    period: PeriodArgument = None,
    comparison: Comparison = Comparison.PREVIOUS_PERIOD,
    filter_: KpiFilterArgument = None,
    group_by: _GroupBy = None,
    interval: _Interval = None,
) -> Kpi:
    """One KPI of a period."""
    about = about_records(info.context.principal, period, filter_)
    request = KpisRequest(
        **about, keys=(key.value,), comparison=comparison, group_by=group_by, interval=interval
    )
    (answer,) = info.context.views.ask(request)
    return Kpi.of(answer)


def kpis(
    info: Info,
    *,
    keys: list[KpiKey] | None = None,
    preset: KpiPreset | None = None,
    period: PeriodArgument = None,
    comparison: Comparison = Comparison.PREVIOUS_PERIOD,
    filter_: KpiFilterArgument = None,
    group_by: _GroupBy = None,
    interval: _Interval = None,
) -> list[Kpi]:
    """Several KPIs of one period."""
    about = about_records(info.context.principal, period, filter_)
    asked = keys_of(keys, preset)
    request = KpisRequest(
        **about, keys=asked, comparison=comparison, group_by=group_by, interval=interval
    )
    return [Kpi.of(answer) for answer in info.context.views.ask(request)]
