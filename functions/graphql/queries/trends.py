"""The root field `trends`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Interval
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.object_types.trends import Trends
from shared.metrics.engine.requests import TrendsRequest


def trends(
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    interval: Interval = Interval.DAY,
    filter_: FilterArgument = None,
    include_today: bool = False,
) -> Trends:
    """The measures of the whole tenant by day, week or month."""
    tenant = info.context.principal.allow(*Role)
    asked = about(range_, preset, filter_, include_today=include_today)
    request = TrendsRequest(tenant=tenant, **asked, interval=interval)
    return Trends.of(info.context.views.ask(request))
