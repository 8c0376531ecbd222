"""The root field `members`."""

from functions.graphql.context import Info
from functions.graphql.figure_inputs import FigureInput
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.members import MemberConnection, opened
from shared.metrics.engine.figure_requests import MembersRequest


def members(
    info: Info,
    *,
    figure: FigureInput,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    filter_: FilterArgument = None,
    include_today: bool = False,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> MemberConnection:
    """A page of the members behind a figure of any view."""
    request = MembersRequest(
        tenant=info.context.principal.tenant,
        **about(range_, preset, filter_, include_today=include_today),
        figure=figure.name,
        selection=figure.selected(),
        row=figure.opened_row(),
        bucket=figure.bucket(),
    )
    return opened(info, request, first, after)
