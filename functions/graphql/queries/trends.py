"""The root field `trends`."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Comparison, Interval, TrendsGroupBy
from functions.graphql.inputs import (
    FeatureSelectionInput,
    FilterArgument,
    PresetArgument,
    RangeArgument,
    about,
)
from functions.graphql.object_types.trends import Trends
from functions.graphql.object_types.trends_fields import measures_among
from functions.graphql.selected import selected_names
from shared.metrics.domain.selection import EVERYTHING
from shared.metrics.engine.requests import TrendsRequest

_Selection: TypeAlias = Annotated[
    FeatureSelectionInput | None,
    strawberry.argument(description="Only these hits; all use of the CRM if not given."),
]
_GroupBy: TypeAlias = Annotated[
    TrendsGroupBy | None,
    strawberry.argument(
        description="Also a series of each group. People are in the group of the value that the "
        "filter looks at: that of the day, or today's."
    ),
]
_Comparison: TypeAlias = Annotated[
    Comparison | None, strawberry.argument(description="Also a series of an earlier range.")
]


def trends(  # noqa: PLR0913 - the arguments of a root field
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    interval: Interval = Interval.DAY,
    selection: _Selection = None,
    group_by: _GroupBy = None,
    comparison: _Comparison = None,
    filter_: FilterArgument = None,
    include_today: bool = False,
) -> Trends:
    """Measures by day, week or month; only those that the query selects are computed."""
    tenant = info.context.principal.allow(*Role)
    names = selected_names(info)
    request = TrendsRequest(
        tenant=tenant,
        **about(range_, preset, filter_, include_today=include_today),
        interval=interval,
        selection=selection.selection() if selection else EVERYTHING,
        measures=measures_among(names),
        group_by=group_by.value if group_by else None,
        comparison=comparison,
        totals=not names.isdisjoint({"totals", "changes"}),
    )
    return Trends.of(info.context.views.ask(request))
