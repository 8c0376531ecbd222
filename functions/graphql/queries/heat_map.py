"""The root field `heatMap`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.object_types.heat_map import HeatMap
from shared.metrics.engine.heat_map_request import HeatMapRequest


def heat_map(
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    filter_: FilterArgument = None,
    include_today: bool = False,
) -> HeatMap:
    """When people work, by their own clocks."""
    tenant = info.context.principal.allow(*Role)
    asked = about(range_, preset, filter_, include_today=include_today)
    return HeatMap.of(info.context.views.ask(HeatMapRequest(tenant=tenant, **asked)))
