"""Which deals to look at before a forecast is made: the members of each list are the deals."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import counted
from shared.metrics.domain.kpis.deal_activities import last_activities
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import Example, record, records, update
from shared.metrics.domain.kpis.fillings import filling
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.sales.stale import STALE_RULE, is_stale
from shared.metrics.domain.kpis.sales.stewardship import SALES
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.stays import stays_of
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
_MOVED_DAYS: Final = "movedDays"
_EXECUTIVE_DAYS: Final = "executiveDays"
_WEAK_FACTOR: Final = "weakFactor"
_FEWEST: Final = "fewestClosedDeals"
_CLOSED_DAYS: Final = "closedDays"


def recently_moved(scope: Scope) -> Rows:
    """Each open deal that has lately come to its stage from another."""
    deals = Deals(scope)
    stays = stays_of(deals)
    is_move = np.zeros(len(stays.deal), bool)
    is_move[1:] = stays.deal[1:] == stays.deal[:-1]
    since_ms = scope.at_ms - int(scope.number(_MOVED_DAYS) * _DAY_MS)
    moved = _marked(deals, stays.deal[is_move & stays.is_current & (stays.from_ms >= since_ms)])
    stage = deals.table.column("stage")
    return counted(
        deals.is_open & moved, deals.now_ms, deals.unknown | (deals.is_open & stage.unknown)
    )


def without_next_step(scope: Scope) -> Rows:
    """Each open deal with neither a next step nor a date of one."""
    deals = Deals(scope)
    step, date = filling(deals.table, "next_step"), filling(deals.table, "next_step_date")
    nothing = ~step.filled & ~date.filled & (step.blank | date.blank)
    unknown = deals.unknown | (deals.is_open & step.unknown & date.unknown)
    return counted(deals.is_open & nothing, deals.now_ms, unknown)


def with_executive_activity(scope: Scope) -> Rows:
    """Each open deal with a recent activity that an executive took part in."""
    deals = Deals(scope)
    last = last_activities(deals, executive=True)
    recent = last.at_ms >= scope.at_ms - int(scope.number(_EXECUTIVE_DAYS) * _DAY_MS)
    unknown = deals.unknown | (deals.is_open & ~np.full(len(deals), last.is_told))
    return counted(deals.is_open & recent, deals.now_ms, unknown)


def late_with_weak_reps(scope: Scope) -> Rows:
    """Each open deal in a late stage whose owner wins much less of their deals than all do."""
    deals = Deals(scope)
    is_late, is_known = _late(deals)
    owner = deals.table.column("owner")
    weak = owner.known & is_late
    weak[weak] = _weak_reps(deals)[owner.values[weak]]
    return counted(deals.is_open & weak, deals.now_ms, deals.unknown | (deals.is_open & ~is_known))


def stale_open_deals(scope: Scope) -> Rows:
    """Each open deal that is stale."""
    deals = Deals(scope)
    return counted(deals.is_open & is_stale(deals), deals.now_ms, deals.unknown)


def _marked(deals: Deals, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    marked = np.zeros(len(deals), bool)
    marked[rows] = True
    return marked


def _late(deals: Deals) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which deals are in a late stage, and of which that is known."""
    stages = deals.scope.table(RecordType.STAGE)
    late = filling(stages, "is_late")
    row = stages.rows_of(deals.table.column("stage").values)
    found = row != NO_RECORD
    is_late, is_known = np.zeros(len(deals), bool), np.zeros(len(deals), bool)
    is_late[found] = (late.filled & stages.column("is_late").values.astype(bool))[row[found]]
    is_known[found] = ~late.unknown[row[found]]
    return is_late, is_known


def _weak_reps(deals: Deals) -> NDArray[np.bool_]:
    """By number of a person, whether they win much less than all do; few deals do not tell."""
    scope, owner = deals.scope, deals.table.column("owner")
    since_ms = scope.at_ms - int(scope.number(_CLOSED_DAYS) * _DAY_MS)
    counts = deals.closed.happened & (deals.closed.at_ms >= since_ms)
    counts &= deals.closed.at_ms <= scope.at_ms
    won = counts & deals.is_won
    people = len(owner.names)
    closed_of = np.bincount(owner.values[counts & owner.known], minlength=people)
    won_of = np.bincount(owner.values[won & owner.known], minlength=people)
    usual = float(won.sum()) / max(float(counts.sum()), 1.0)
    is_weak: NDArray[np.bool_] = won_of < closed_of * usual * scope.number(_WEAK_FACTOR)
    return is_weak & (closed_of >= scope.number(_FEWEST))


_STAGES: Final = (
    record("stage", "new", "2026-01-01", position=1, is_late=False),
    record("stage", "final", "2026-01-01", position=2, is_late=True),
)
_DEALS: Final = (
    *_STAGES,
    record("deal", "d1", "2026-11-01", status="OPEN", stage="new", owner="ada", next_step="Call"),
    update("deal", "d1", "2026-11-28", stage="final"),
    record("deal", "d2", "2026-11-01", status="OPEN", stage="final", owner="bob"),
    record("deal", "d3", "2026-11-01", status="OPEN", stage="new", owner="bob"),
    record("deal", "d4", "2026-11-01", status="WON", stage="final", closed_at="2026-11-29"),
)
_DONE: Final = (
    record("activity", "x1", "2026-11-20", deal="d1", happened_at="2026-11-20", is_executive=True),
    record("activity", "x2", "2026-11-20", deal="d2", happened_at="2026-11-20", is_executive=False),
    record("activity", "x3", "2026-09-20", deal="d3", happened_at="2026-09-20", is_executive=True),
)
_CLOSED: Final = tuple(
    each
    for owner, won, lost in (("ada", 4, 2), ("bob", 1, 5))
    for status, times in (("WON", won), ("LOST", lost))
    for each in records(
        times,
        "deal",
        f"{owner}-{status}",
        "2026-08-01",
        status=status,
        closed_at="2026-08-20",
        owner=owner,
    )
)
"""Of all 5 of 12 are won; Bob has won one of six."""

_NO_DEALS: Final = Example(
    name="no deal was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
)


def _list(
    key: str,
    name: str,
    formula: str,
    rows: Callable[[Scope], Rows],
    examples: tuple[Example, ...],
    *,
    parameters: tuple[Parameter, ...] = (),
    better_is: BetterIs = BetterIs.LOWER,
) -> Kpi:
    return Kpi(
        Entry(
            key=key,
            name=f"To inspect: {name}",
            formula=formula,
            unit=MetricUnit.COUNT,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.PRESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=better_is,
            stewardship=SALES,
            parameters=parameters,
        ),
        Counted(rows, Aggregation.SUM),
        (*examples, _NO_DEALS),
    )


KPIS: Final = (
    _list(
        "INSPECT_RECENTLY_MOVED",
        "recently moved",
        "open deals that came to their stage from another within the last 7 days",
        recently_moved,
        (
            Example(name="moved on 28 November", given=_DEALS, value=1),
            Example(name="a day later", given=_DEALS, draft={_MOVED_DAYS: 2.0}, value=0),
        ),
        parameters=(Parameter(_MOVED_DAYS, 7.0, "days since the move", (1, 90)),),
    ),
    _list(
        "INSPECT_NO_NEXT_STEP",
        "no next step",
        "open deals with neither a next step nor a date of one",
        without_next_step,
        (
            Example(name="two of three", given=_DEALS, value=2),
            Example(
                name="next steps are never sent",
                given=_DEALS[4:],
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
    ),
    _list(
        "INSPECT_EXECUTIVE_ACTIVITY",
        "executive activity",
        "open deals with an activity of an executive within the last 30 days",
        with_executive_activity,
        (
            Example(name="one lately, one long ago", given=(*_DEALS, *_DONE), value=1),
            Example(
                name="executives are never told of",
                given=_DEALS,
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
        parameters=(Parameter(_EXECUTIVE_DAYS, 30.0, "days since the activity", (1, 365)),),
        better_is=BetterIs.HIGHER,
    ),
    _list(
        "INSPECT_WEAK_CONVERSION",
        "late stage, weak conversion",
        "open deals in a late stage whose owner won less than 0.75 x the share of deals that all "
        "won, of at least 5 that they closed within 365 days",
        late_with_weak_reps,
        (
            Example(name="that of Bob", given=(*_DEALS, *_CLOSED), value=1),
            Example(
                name="he has closed too few to tell",
                given=(*_DEALS, *_CLOSED),
                draft={_FEWEST: 7.0},
                value=0,
            ),
        ),
        parameters=(
            Parameter(_WEAK_FACTOR, 0.75, "which part of the usual share is weak", (0.05, 1)),
            Parameter(_FEWEST, 5.0, "how many deals a rep has to have closed", (1, 1000)),
            Parameter(_CLOSED_DAYS, 365.0, "within how many days they were closed", (30, 3650)),
        ),
    ),
    _list(
        "INSPECT_STALE",
        "stale",
        "stale open deals; stale: close date past, or no activity for 30 days, or in its stage for "
        "more than 2 x the median of won deals",
        stale_open_deals,
        (
            Example(
                name="past its close date",
                given=(
                    *_DEALS,
                    record("deal", "d5", "2026-11-01", status="OPEN", close_date="2026-11-20"),
                ),
                value=1,
            ),
        ),
        parameters=STALE_RULE,
    ),
)
