"""The root field `activity`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Comparison, ModuleOrder
from functions.graphql.inputs import (
    FeatureSelectionInput,
    FilterArgument,
    PresetArgument,
    RangeArgument,
    about,
)
from functions.graphql.object_types.activity import Activity
from shared.metrics.domain.selection import EVERYTHING
from shared.metrics.engine.activity import ActivityRequest


def activity(
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    comparison: Comparison = Comparison.PREVIOUS_PERIOD,
    filter_: FilterArgument = None,
    include_today: bool = False,
    selection: FeatureSelectionInput | None = None,
    module_order: ModuleOrder = ModuleOrder.MOST_HITS,
) -> Activity:
    """Activity over a range; `selection` is what the timeline and the annotations look at."""
    request = ActivityRequest(
        tenant=info.context.principal.allow(*Role),
        **about(range_, preset, filter_, include_today=include_today),
        comparison=comparison,
        selection=selection.selection() if selection else EVERYTHING,
        module_order=module_order,
    )
    return Activity.of(info.context.views.ask(request), request)
