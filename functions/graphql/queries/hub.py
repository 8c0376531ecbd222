"""The root field `hub`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.object_types.hub import Hub


def hub(
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    filter_: FilterArgument = None,
    include_today: bool = False,
) -> Hub:
    """How many people use what, and how often, over a range."""
    info.context.principal.allow(*Role)
    return Hub(about=about(range_, preset, filter_, include_today=include_today))
