"""The root field `lifecycle`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Interval
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.object_types.lifecycle import Lifecycle
from shared.metrics.engine.engagement_requests import LifecycleRequest


def lifecycle(
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    interval: Interval = Interval.WEEK,
    filter_: FilterArgument = None,
    include_today: bool = False,
) -> Lifecycle:
    """New, returning, resurrected and dormant people by day, week or month."""
    tenant = info.context.principal.allow(*Role)
    asked = about(range_, preset, filter_, include_today=include_today)
    request = LifecycleRequest(tenant=tenant, **asked, interval=interval)
    return Lifecycle.of(info.context.views.ask(request))
