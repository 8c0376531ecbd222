"""The root field `trends`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Interval
from functions.graphql.inputs import FilterArgument, RangeArgument, people_of, window_of
from functions.graphql.object_types.trends import Trends
from shared.metrics.engine.requests import TrendsRequest


def trends(
    info: Info,
    *,
    range_: RangeArgument = None,
    interval: Interval = Interval.DAY,
    filter_: FilterArgument = None,
    include_today: bool = False,
) -> Trends:
    """The measures of the whole tenant by day, week or month."""
    tenant = info.context.principal.allow(*Role)
    window, people = window_of(range_), people_of(filter_)
    request = TrendsRequest(tenant, window, interval, people, include_today)
    return Trends.of(info.context.views.trends(request))
