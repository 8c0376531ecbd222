"""Open deals that are kept up to date by their dates alone."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import share
from shared.metrics.domain.kpis.deal_activities import last_activities
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.entry import Parameter
from shared.metrics.domain.kpis.examples import Example, record, update
from shared.metrics.domain.kpis.quality.detector import detector
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import Reason, TimeRule
from shared.metrics.domain.records.field_columns import NO_RECORD, Knowledge
from shared.metrics.domain.records.record_types import RecordType

_DAY_MS: Final = 86_400_000
_QUIET_DAYS: Final = "zombieDays"
_MOVES: Final = "zombieMoves"


def skipped_next_steps(scope: Scope) -> Rows:
    """Each open deal with a date of its next step, and whether that is over although there was no
    activity since the step was planned, and no other step was written since the date.
    """
    deals = Deals(scope)
    date = deals.table.column("next_step_date")
    last = last_activities(deals)
    is_over = date.known & (date.values < scope.day(scope.at_ms))
    planned_ms = _since_ms(deals, "next_step_date")
    is_new = _since_ms(deals, "next_step") >= scope.starts_ms(date.values + 1)
    has_date = deals.is_open & date.known
    known = has_date & (last.is_told | ~is_over | is_new)
    skipped = is_over & (last.at_ms < planned_ms) & ~is_new
    unknown = deals.unknown | (has_date & ~known) | (deals.is_open & date.unknown.all())
    return share(known, skipped, deals.now_ms, unknown)


def zombie_deals(scope: Scope) -> Rows:
    """Each open deal, and whether nothing was done about it for long while its close date was moved
    again and again.
    """
    deals = Deals(scope)
    last = last_activities(deals)
    since_ms = scope.at_ms - int(scope.number(_QUIET_DAYS) * _DAY_MS)
    is_moved = _times_put_off(deals) >= scope.number(_MOVES)
    is_quiet = last.or_creation(deals) < since_ms
    known = deals.is_open & (last.is_told | ~is_moved)
    return share(known, is_moved & is_quiet, deals.now_ms, deals.unknown | (deals.is_open & ~known))


def _since_ms(deals: Deals, name: str) -> NDArray[np.int64]:
    """When the value that a field has was written; the lowest int64 if nothing ever was."""
    history = deals.scope.records.history(RecordType.DEAL, name)
    entry = history.entry_as_of(deals.table.number, deals.scope.at_ms)
    at_ms = np.full(len(deals), np.iinfo(np.int64).min)
    at_ms[entry != NO_RECORD] = history.at_ms[entry[entry != NO_RECORD]]
    return at_ms


def _times_put_off(deals: Deals) -> NDArray[np.int64]:
    """How many times the close date of each deal was moved to a later day."""
    history = deals.scope.records.history(RecordType.DEAL, "close_date")
    known = history.knowledge == Knowledge.KNOWN
    later = np.zeros(len(history), bool)
    later[1:] = known[1:] & known[:-1] & (history.values[1:] > history.values[:-1])
    row = deals.table.rows_of(history.record)
    counts = later & ~history.first & (row != NO_RECORD) & (history.at_ms <= deals.scope.at_ms)
    return np.bincount(row[counts], minlength=len(deals))


_STEPS: Final = (
    *(
        record(
            "deal",
            f"d{n}",
            "2026-11-01",
            status="OPEN",
            next_step="Call",
            next_step_date="2026-11-10",
        )
        for n in range(1, 4)
    ),
    record("deal", "d4", "2026-11-01", status="OPEN", next_step_date="2026-12-10"),
    record("deal", "d5", "2026-11-01", status="OPEN"),
    record("activity", "x", "2026-11-09", deal="d2", happened_at="2026-11-09"),
    update("deal", "d3", "2026-11-12", next_step="Send the offer"),
)
"""Of four deals with a date, one was called, one got another step, and one has time."""

_MOVED: Final = (
    *(
        record("deal", f"d{n}", "2026-05-01", status="OPEN", close_date="2026-06-30")
        for n in range(1, 4)
    ),
    update("deal", "d1", "2026-06-29", close_date="2026-08-31"),
    update("deal", "d1", "2026-08-30", close_date="2026-12-31"),
    update("deal", "d2", "2026-06-29", close_date="2026-08-31"),
    update("deal", "d2", "2026-08-30", close_date="2026-12-31"),
    update("deal", "d3", "2026-08-30", close_date="2026-12-31"),
    record("activity", "x", "2026-11-09", deal="d2", happened_at="2026-11-09"),
)

KPIS: Final = (
    detector(
        "SKIPPED_NEXT_STEPS",
        "Skipped next steps",
        "open deals whose next step is past its date, without an activity since it was planned or "
        "another step since / open deals with a date of the next step",
        "deal",
        TimeRule.INSTANT,
        skipped_next_steps,
        objective="Plan steps that are taken.",
        decision="Which deals to ask about, and whose plans are made for the list alone.",
        examples=(
            Example(name="one of four", given=_STEPS, value=1 / 4),
            Example(
                name="no deal has a date",
                given=(record("deal", "d", "2026-11-01", status="OPEN", next_step_date=""),),
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
            Example(
                name="no activity was ever sent",
                given=_STEPS[:1],
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
    ),
    detector(
        "ZOMBIE_DEALS",
        "Zombie deals",
        "open deals without activity for 60 days whose close date was put off at least twice / "
        "open deals",
        "deal",
        TimeRule.INSTANT,
        zombie_deals,
        objective="Let dead deals rest.",
        decision="Which deals to close as lost today.",
        parameters=(
            Parameter(_QUIET_DAYS, 60.0, "days without activity", (1, 730)),
            Parameter(_MOVES, 2.0, "how many times the close date was put off", (1, 50)),
        ),
        examples=(
            Example(name="one of three", given=_MOVED, value=1 / 3),
            Example(
                name="no activity was ever sent",
                given=(_MOVED[0], *_MOVED[3:5]),
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
    ),
)
