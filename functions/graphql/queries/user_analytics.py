"""The root field `userAnalytics`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.user_analytics import UserAnalyticsConnection
from shared.metrics.engine.requests import UserAnalyticsRequest


def user_analytics(
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    filter_: FilterArgument = None,
    include_today: bool = False,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> UserAnalyticsConnection:
    """A page of the people who were active in a range."""
    tenant = info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    asked = about(range_, preset, filter_, include_today=include_today)
    request = UserAnalyticsRequest(
        tenant=tenant,
        **asked,
    )
    page = page_of(request, first, after)
    return UserAnalyticsConnection.of(info.context.views.ask(request), page)
