"""The root field `home`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Comparison
from functions.graphql.inputs import FilterArgument, RangeArgument, people_of, window_of
from functions.graphql.limits import DEFAULT_TOP, list_size
from functions.graphql.object_types.home import Home
from shared.metrics.engine.requests import HomeRequest


def home(
    info: Info,
    *,
    range_: RangeArgument = None,
    comparison: Comparison = Comparison.PREVIOUS_PERIOD,
    filter_: FilterArgument = None,
    include_today: bool = False,
    top: int = DEFAULT_TOP,
) -> Home:
    """Home over a range, compared with an earlier one."""
    tenant = info.context.principal.allow(*Role)
    window, people = window_of(range_), people_of(filter_)
    size = list_size("top", top)
    request = HomeRequest(tenant, window, comparison, people, include_today, size)
    return Home.of(info.context.views.home(request))
