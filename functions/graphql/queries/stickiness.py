"""The root field `stickiness`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import PeopleAttribute
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.object_types.stickiness import Stickiness
from shared.metrics.engine.engagement_requests import StickinessRequest


def stickiness(
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    filter_: FilterArgument = None,
    include_today: bool = False,
    min_active_days: int = 1,
    group_by: PeopleAttribute | None = None,
) -> Stickiness:
    """Daily, weekly and monthly active people of a range."""
    tenant = info.context.principal.allow(*Role)
    asked = about(range_, preset, filter_, include_today=include_today)
    request = StickinessRequest(
        tenant=tenant, **asked, min_active_days=min_active_days, group_by=group_by
    )
    return Stickiness.of(info.context.views.ask(request))
