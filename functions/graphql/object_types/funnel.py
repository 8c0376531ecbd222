"""The funnel (definitions §4)."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Self, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.enums import FunnelState, FunnelUnit, StepOrder
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.funnel_members import FunnelMemberConnection
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count, Milliseconds
from shared.metrics.domain.views import funnel_answer
from shared.metrics.domain.views.funnel_answer import FunnelAnswer
from shared.metrics.engine.funnel_request import FunnelRequest

_Furthest: TypeAlias = Annotated[
    bool, strawberry.argument(description="Only those that got no further than the step.")
]


def _units(
    root: "Funnel",
    info: Info,
    *,
    step: int,
    state: FunnelState | None = None,
    furthest: _Furthest = False,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> FunnelMemberConnection:
    info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    request = root.request.units(root.answer, step=step, state=state, furthest=furthest)
    page = page_of(request, first, after)
    answer = info.context.views.ask(replace(request, first=page.first, after=page.after))
    return FunnelMemberConnection.of(answer, page)


@strawberry.type(
    description="The steps, as parallel lists. Times are from the start of an attempt to the step, "
    "over the units that got so far; null if there are none."
)
class FunnelSteps:
    """One entry a step."""

    counts: list[int] = strawberry.field(
        graphql_type=list[Count], description="Units that got so far. In any order: with so many."
    )
    shares: list[float | None] = strawberry.field(
        description="Of the units that did the first; null if there are none."
    )
    drop_offs: list[float | None] = strawberry.field(
        description="1 - count / count of the step before; null for the first, and after none."
    )
    median_milliseconds: list[int | None] = strawberry.field(graphql_type=list[Milliseconds | None])
    p90_milliseconds: list[int | None] = strawberry.field(graphql_type=list[Milliseconds | None])

    @classmethod
    def of(cls, steps: funnel_answer.FunnelSteps) -> Self:
        """From the view's steps."""
        return cls(
            counts=steps.counts,
            shares=steps.shares,
            drop_offs=steps.drop_offs,
            median_milliseconds=steps.median_ms,
            p90_milliseconds=steps.p90_ms,
        )


@strawberry.type(
    description="The same of each group, those with most units first, at most 50; as parallel "
    "lists. A unit is in the group of whoever began its best attempt, on that day."
)
class FunnelGroups:
    """Groups of units."""

    names: list[str] = strawberry.field(
        description="The value that makes each group; `(not set)` without one. The last is "
        "`(other groups)` if there are too many."
    )
    has_others: bool = strawberry.field(description="Whether the last group stands for several.")
    counts: list[list[int]] = strawberry.field(
        graphql_type=list[list[Count]], description="For each group its count at each step."
    )
    completion_rates: list[float | None]
    matured_rates: list[float | None]
    median_milliseconds: list[int | None] = strawberry.field(graphql_type=list[Milliseconds | None])
    p90_milliseconds: list[int | None] = strawberry.field(graphql_type=list[Milliseconds | None])

    @classmethod
    def of(cls, groups: funnel_answer.FunnelGroups) -> Self:
        """From the view's groups."""
        return cls(
            names=groups.names,
            has_others=groups.has_others,
            counts=groups.counts,
            completion_rates=groups.completion_rates,
            matured_rates=groups.matured_rates,
            median_milliseconds=groups.median_ms,
            p90_milliseconds=groups.p90_ms,
        )


@strawberry.type(description="How many units do the steps one after another, and how far they get.")
class Funnel(Answer):
    """The answer of the view."""

    request: strawberry.Private[FunnelRequest]
    answer: strawberry.Private[FunnelAnswer]

    range: Range = strawberry.field(description="The days on which attempts begin.")
    unit: FunnelUnit
    order: StepOrder
    window_milliseconds: int | None = strawberry.field(
        graphql_type=Milliseconds | None,
        description="How long after its start an attempt may take steps, this time included; null "
        "without a window.",
    )
    steps: FunnelSteps
    converted: int = strawberry.field(graphql_type=Count, description="Units that did all steps.")
    dropped: int = strawberry.field(
        graphql_type=Count, description="Units that did not, and whose window is over."
    )
    in_progress: int = strawberry.field(graphql_type=Count, description="The others.")
    completion_rate: float | None = strawberry.field(
        description="Units at the last step / at the first; null if there are none."
    )
    matured_rate: float | None = strawberry.field(
        description="converted / (converted + dropped): of the units whose outcome is settled; "
        "null without a window."
    )
    bottleneck_step: int | None = strawberry.field(
        description="The step, from 2 on, with the largest drop-off, the first of equals."
    )
    median_milliseconds: int | None = strawberry.field(
        graphql_type=Milliseconds | None,
        description="The time that units took to convert; null if none did.",
    )
    p90_milliseconds: int | None = strawberry.field(
        graphql_type=Milliseconds | None, description="The time within which nine of ten did."
    )
    groups: FunnelGroups | None = strawberry.field(description="Null without `groupBy`.")
    is_backfilled: bool = strawberry.field(
        description="Whether a value that was known only later told a group, or that a hit matched "
        "a filter."
    )
    no_data_days: list[date] = strawberry.field(
        description="The days of the range, and of the window after it, that are without data of a "
        "step: more units may have begun, or got further."
    )
    units: FunnelMemberConnection = strawberry.field(
        resolver=_units,
        description="The units that got to a step, which counts from 1: as many as its count. For "
        "admins and managers.",
    )

    @classmethod
    def of(cls, answer: FunnelAnswer, request: FunnelRequest) -> Self:
        """From the view's answer to a request."""
        window = answer.proof.window
        return cls(
            **proved(answer.proof),
            request=request,
            answer=answer,
            range=Range(from_=window.first, to=window.last),
            unit=answer.unit,
            order=answer.order,
            window_milliseconds=answer.within_ms,
            steps=FunnelSteps.of(answer.steps),
            converted=answer.converted,
            dropped=answer.dropped,
            in_progress=answer.in_progress,
            completion_rate=answer.completion_rate,
            matured_rate=answer.matured_rate,
            bottleneck_step=answer.bottleneck_step,
            median_milliseconds=answer.median_ms,
            p90_milliseconds=answer.p90_ms,
            groups=None if answer.groups is None else FunnelGroups.of(answer.groups),
            is_backfilled=answer.is_backfilled,
            no_data_days=answer.no_data_days,
        )
