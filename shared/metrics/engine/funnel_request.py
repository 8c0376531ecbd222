"""What can be asked of a funnel."""

from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.funnel_answer import (
    FunnelAnswer,
    FunnelMembersAnswer,
    FunnelState,
    FunnelUnit,
    StepOrder,
)
from shared.metrics.engine.requests import EVERYONE, PeopleAttribute, PeopleFilter, Request

FEWEST_STEPS: Final = 2
MOST_STEPS: Final = 10
DAY_MS: Final = 86_400_000
DEFAULT_WINDOW_DAYS: Final = 30.0
MOST_WINDOW_DAYS: Final = 366

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """The hits of a selection by the people of a filter, which they must match on that day; it may
    not name a segment.
    """

    selection: FeatureSelection
    people: PeopleFilter = EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelQuestion(Request[A]):
    """A funnel. `unit` None: records if every hit of a step has one, else people.

    `within_ms` is the window: how long after its start an attempt may fill steps; None for any
    time. The range is that of the start.
    """

    steps: tuple[FunnelStep, ...]
    unit: FunnelUnit | None = None
    order: StepOrder = StepOrder.LOOSE
    within_ms: int | None = int(DEFAULT_WINDOW_DAYS * DAY_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelRequest(FunnelQuestion[FunnelAnswer]):
    """How many units get how far, altogether and by group."""

    group_by: PeopleAttribute | None = None

    def units(
        self,
        answer: FunnelAnswer,
        *,
        step: int,
        state: FunnelState | None,
        furthest: bool,
    ) -> "FunnelMembersRequest":
        """What asks for the units of an answer to this request that got to a step."""
        shared = {
            field.name: getattr(self, field.name)
            for field in fields(FunnelQuestion)
            if field.name not in ("window", "preset", "include_today", "unit")
        }
        return FunnelMembersRequest(
            **shared,
            window=answer.proof.window,
            unit=answer.unit,
            step=step,
            state=state,
            furthest=furthest,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelMembersRequest(FunnelQuestion[FunnelMembersAnswer]):
    """A page of the units that got to a step, counted from 1: only those in a state, if given, and
    with `furthest` only those that got no further.
    """

    step: int
    state: FunnelState | None = None
    furthest: bool = False
    first: int = 50
    after: str | None = None


def check_funnel(request: FunnelQuestion[Any]) -> None:
    """BadInputError if it is no funnel, or has no such step."""
    steps = len(request.steps)
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        message = f"a funnel has {FEWEST_STEPS} to {MOST_STEPS} steps, not {steps}"
        raise BadInputError(message, field="steps")
    for number, step in enumerate(request.steps):
        if step.people.segment is not None:
            message = "a step cannot be filtered by a segment, only the whole funnel can"
            raise BadInputError(message, field=f"steps[{number}].filter.segment")
    within_ms = request.within_ms
    if within_ms is not None and not 0 < within_ms <= MOST_WINDOW_DAYS * DAY_MS:
        message = (
            f"the window is {within_ms / DAY_MS:g} days; it may be more than 0 and up to "
            f"{MOST_WINDOW_DAYS}, or there may be none (noWindow)"
        )
        raise BadInputError(message, field="windowDays")
    if isinstance(request, FunnelMembersRequest) and not 1 <= request.step <= steps:
        message = f"there is no step {request.step}; the funnel has steps 1 to {steps}"
        raise BadInputError(message, field="step")
