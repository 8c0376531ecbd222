"""The root field `funnel`."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import FunnelUnit, PeopleAttribute, StepOrder
from functions.graphql.funnel_inputs import FunnelStepInput, within_ms_of
from functions.graphql.inputs import FilterArgument, PresetArgument, RangeArgument, about
from functions.graphql.object_types.funnel import Funnel
from shared.metrics.engine.funnel_request import DEFAULT_WINDOW_DAYS, FunnelRequest

_Steps: TypeAlias = Annotated[
    list[FunnelStepInput], strawberry.argument(description="2 to 10 of them.")
]
_Unit: TypeAlias = Annotated[
    FunnelUnit | None,
    strawberry.argument(
        description="RECORD if not given and every hit of a step has a record, else USER."
    ),
]
_WindowDays: TypeAlias = Annotated[
    float,
    strawberry.argument(
        description="How long after its start an attempt may take steps, in days of 24 hours; up "
        "to 366."
    ),
]
_NoWindow: TypeAlias = Annotated[
    bool, strawberry.argument(description="Steps may be taken at any time; windowDays is ignored.")
]
_GroupBy: TypeAlias = Annotated[
    PeopleAttribute | None, strawberry.argument(description="Also the funnel of each group.")
]


def funnel(  # noqa: PLR0913 - the arguments of a root field
    info: Info,
    *,
    steps: _Steps,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    filter_: FilterArgument = None,
    include_today: bool = False,
    unit: _Unit = None,
    order: StepOrder = StepOrder.LOOSE,
    window_days: _WindowDays = DEFAULT_WINDOW_DAYS,
    no_window: _NoWindow = False,
    group_by: _GroupBy = None,
) -> Funnel:
    """How many units do some steps; their attempts begin in the range."""
    request = FunnelRequest(
        tenant=info.context.principal.allow(*Role),
        **about(range_, preset, filter_, include_today=include_today),
        steps=tuple(step.step(number) for number, step in enumerate(steps)),
        unit=unit,
        order=order,
        within_ms=within_ms_of(window_days, no_window=no_window),
        group_by=group_by,
    )
    return Funnel.of(info.context.views.ask(request), request)
