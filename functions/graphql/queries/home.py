"""The root field `home`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Comparison
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.limits import DEFAULT_TOP, list_size
from functions.graphql.object_types.home import Home
from shared.metrics.engine.requests import HomeRequest


def home(
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    comparison: Comparison = Comparison.PREVIOUS_PERIOD,
    filter_: FilterArgument = None,
    include_today: bool = False,
    top: int = DEFAULT_TOP,
) -> Home:
    """Home over a range, compared with an earlier one."""
    tenant = info.context.principal.allow(*Role)
    asked = about(range_, preset, filter_, include_today=include_today)
    size = list_size("top", top)
    request = HomeRequest(
        tenant=tenant,
        **asked,
        comparison=comparison,
        top=size,
    )
    return Home.of(info.context.views.ask(request), request)
