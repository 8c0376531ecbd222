"""What the funnel answers with: plain values, and the words that it is asked in."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from shared.metrics.domain.views.answers import Proof


class FunnelUnit(Enum):
    """What goes through a funnel: records, people, or accounts with the hits of anyone on them."""

    RECORD = "RECORD"
    USER = "USER"
    ACCOUNT = "ACCOUNT"


class StepOrder(Enum):
    """How the hits of an attempt follow each other.

    `LOOSE`: in the order of the steps, with any other hits between. `STRICT`: with no other hit of
    the unit between two steps; one at the very instant of a step is between none. `ANY`: in any
    order.
    """

    LOOSE = "LOOSE"
    STRICT = "STRICT"
    ANY = "ANY"


class FunnelState(Enum):
    """Where a unit stands by its best attempt: it has done all steps, or the window of the attempt
    is over, or it is not.
    """

    CONVERTED = "CONVERTED"
    DROPPED = "DROPPED"
    IN_PROGRESS = "IN_PROGRESS"


@dataclass(frozen=True, slots=True)
class FunnelSteps:
    """The steps as parallel lists. `counts`: units that got so far; `shares` of those that did the
    first; `drop_offs` = 1 - count / count before, None for the first and after an empty step.

    Times are from step 1 to the step, in milliseconds, over the units that got so far.
    """

    counts: list[int]
    shares: list[float | None]
    drop_offs: list[float | None]
    median_ms: list[int | None]
    p90_ms: list[int | None]


@dataclass(frozen=True, slots=True)
class FunnelGroups:
    """The same by group, as parallel lists: the groups with most units first, then by name; if
    there are too many, the last is all others together. `counts[g][k]` of group `g` and step `k`.
    """

    names: list[str]
    counts: list[list[int]]
    completion_rates: list[float | None]
    matured_rates: list[float | None]
    median_ms: list[int | None]
    p90_ms: list[int | None]
    has_others: bool


@dataclass(frozen=True, slots=True)
class FunnelAnswer:
    """A funnel (definitions §4). `within_ms` is the window, None if there is none.

    `matured_rate` = converted / (converted + dropped): of the units whose outcome is settled; None
    without a window. `bottleneck_step`, from 2 on, has the largest drop-off, the first of equals.
    `is_backfilled`: a value that was known only later told a group, or that a hit matched a filter.
    On `no_data_days` of the range and the window after it there may have been hits of steps.
    """

    proof: Proof
    unit: FunnelUnit
    order: StepOrder
    within_ms: int | None
    steps: FunnelSteps
    converted: int
    dropped: int
    in_progress: int
    completion_rate: float | None
    matured_rate: float | None
    bottleneck_step: int | None
    median_ms: int | None
    p90_ms: int | None
    groups: FunnelGroups | None
    is_backfilled: bool
    no_data_days: list[date]


@dataclass(frozen=True, slots=True)
class FunnelMember:
    """A unit of a funnel. `name` is that of the person, or the id of the record or account.

    `step` is the furthest that its best attempt got to, at `reached_ms`; it began at `started_ms`.
    """

    id: str
    name: str | None
    email: str | None
    step: int
    state: FunnelState
    started_ms: int
    reached_ms: int


@dataclass(frozen=True, slots=True)
class FunnelMembersAnswer:
    """A page of the units at a step, by id; `member_count` is that of all pages."""

    proof: Proof
    unit: FunnelUnit
    members: list[FunnelMember]
    member_count: int
    has_previous: bool
    has_next: bool
