"""How deals get through their stages."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import measured
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, update
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.rows import Labels, Rows
from shared.metrics.domain.kpis.sales.stewardship import SALES
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.stays import Stays, stays_of
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_types import RecordType

_DAY_MS: Final = 86_400_000


def age_in_stage(scope: Scope) -> Rows:
    """The days that each open deal has been in its stage."""
    deals = Deals(scope)
    stays = stays_of(deals)
    now = stays.is_current & deals.is_open[stays.deal]
    days = np.zeros(len(deals))
    days[stays.deal[now]] = (stays.until_ms - stays.from_ms)[now] / _DAY_MS
    is_in = np.zeros(len(deals), bool)
    is_in[stays.deal[now]] = True
    return measured(is_in, days, deals.now_ms, deals.unknown | (deals.is_open & ~is_in))


def stage_time(scope: Scope) -> Rows:
    """The days of each stay in a stage that is over, when it ended."""
    deals = Deals(scope)
    stays = stays_of(deals)
    over = _is_over(deals, stays)
    return _rows(stays, over, (stays.until_ms - stays.from_ms) / _DAY_MS)


def stage_conversion(scope: Scope) -> Rows:
    """Each stay in a stage that is over, when it ended, and whether the deal went on: to a stage of
    a higher position, or was won.
    """
    deals = Deals(scope)
    stays = stays_of(deals)
    position = _positions(scope, stays)
    has_next = stays.next_stage != NO_RECORD
    further = np.zeros(len(stays.deal), bool)
    further[has_next] = position[stays.next_stage[has_next]] > position[stays.stage[has_next]]
    lost = deals.is_lost[stays.deal] & _is_last(deals, stays)
    won = ~has_next & deals.is_won[stays.deal]
    over = _is_over(deals, stays)
    known = ~has_next | ~np.isnan(position[stays.stage] + position[stays.next_stage])
    rows = _rows(stays, over & known, ((further & ~lost) | won).astype(np.int64))
    return replace(rows, unknown=np.unique(stays.deal[over & ~known]))


def _is_over(deals: Deals, stays: Stays) -> NDArray[np.bool_]:
    """Stays that have ended; that in the stage of closed deals is no step of the process."""
    stages = deals.scope.table(RecordType.STAGE)
    closed = stages.column("is_closed")
    row = stages.rows_of(stays.stage)
    is_end = np.zeros(len(stays.stage), bool)
    is_end[row != NO_RECORD] = (closed.values & closed.known)[row[row != NO_RECORD]]
    return ~stays.is_current & ~is_end


def _is_last(deals: Deals, stays: Stays) -> NDArray[np.bool_]:
    """Stays that ended as their deal was closed."""
    closed = deals.closed
    at_close: NDArray[np.bool_] = stays.until_ms >= closed.at_ms[stays.deal]
    return closed.happened[stays.deal] & at_close


def _positions(scope: Scope, stays: Stays) -> NDArray[np.float64]:
    """The position of each stage by its number, and one more for none; nan where unknown."""
    stages = scope.table(RecordType.STAGE)
    position = stages.column("position")
    found = np.full(len(stays.names) + 1, np.nan)
    found[stages.number[position.known]] = position.values[position.known]
    return found


def _rows(
    stays: Stays, which: NDArray[np.bool_], value: NDArray[np.float64] | NDArray[np.int64]
) -> Rows:
    return Rows(
        record=stays.deal[which],
        at_ms=stays.until_ms[which],
        numerator=value[which],
        denominator=np.ones(np.count_nonzero(which), np.int64),
        labels={"stage": Labels(stays.names, stays.stage[which])},
    )


_STAGES: Final = (
    record("stage", "new", "2026-01-01", position=1),
    record("stage", "offer", "2026-01-01", position=2),
    record("stage", "won", "2026-01-01", position=3, is_closed=True, is_won=True),
    record("stage", "lost", "2026-01-01", position=4, is_closed=True, is_won=False),
)
_MOVES: Final = (
    *_STAGES,
    record("deal", "d1", "2026-11-01", stage="new", status="OPEN", owner="ada"),
    update("deal", "d1", "2026-11-11", stage="offer"),
    update("deal", "d1", "2026-11-15", stage="won", status="WON", closed_at="2026-11-15"),
    record("deal", "d2", "2026-11-01", stage="new", status="OPEN", owner="bob"),
    update("deal", "d2", "2026-11-05", stage="lost", status="LOST", closed_at="2026-11-05"),
    record("deal", "d3", "2026-11-01", stage="new", status="OPEN", owner="ada"),
    update("deal", "d3", "2026-11-03", stage="offer"),
    update("deal", "d3", "2026-11-09", stage="new"),
)
"""Of `new` two stays led on and one was lost; of `offer` one was won and one went back."""

_NO_STAY: Final = Example(
    name="no stay ended in the period",
    given=_MOVES,
    period=EARLIER,
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)

KPIS: Final = (
    Kpi(
        Entry(
            key="AGE_IN_STAGE",
            name="Age in stage",
            formula="median over open deals of the days since they entered the stage they are in",
            unit=MetricUnit.DAYS,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
            objective="Keep deals moving.",
            decision="Which deals to ask about, and which stage holds them up.",
        ),
        Counted(age_in_stage, Aggregation.MEDIAN),
        (
            Example(
                name="back in its first stage since 9 November",
                given=_MOVES,
                period=("2026-11-01", "2026-11-18"),
                value=10 - 1 / _DAY_MS,
            ),
            Example(
                name="no deal is open",
                given=_MOVES[:9],
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="STAGE_TIME",
            name="Time in stage",
            formula="median days of the stays in a stage that ended in the period",
            unit=MetricUnit.DAYS,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
        ),
        Counted(stage_time, Aggregation.MEDIAN),
        (
            Example(
                name="by stage: 10, 4 and 2 days, and 4 and 6 days",
                given=_MOVES,
                value=4,
                group_by=Dimension.STAGE,
                groups={"new": 4, "offer": 5},
            ),
            _NO_STAY,
        ),
    ),
    Kpi(
        Entry(
            key="STAGE_CONVERSION",
            name="Stage conversion",
            formula="stays in a stage that ended in the period with the deal in a further stage or "
            "won / all stays in a stage that ended in it",
            unit=MetricUnit.RATIO,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Lose deals early or not at all.",
            decision="Which stage to work on, and whom to coach in it.",
        ),
        Counted(stage_conversion, Aggregation.RATIO),
        (
            Example(
                name="by stage",
                given=_MOVES,
                value=3 / 5,
                group_by=Dimension.STAGE,
                groups={"new": 2 / 3, "offer": 1 / 2},
            ),
            Example(
                name="by owner",
                given=_MOVES,
                value=3 / 5,
                group_by=Dimension.OWNER,
                groups={"ada": 3 / 4, "bob": 0},
            ),
            _NO_STAY,
        ),
    ),
)
