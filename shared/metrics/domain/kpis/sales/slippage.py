"""Which deals were due in a period, and moved out of it."""

from typing import Final

import numpy as np

from shared.metrics.domain.kpis.building import money, share
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, records, update
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.sales.stewardship import SALES
from shared.metrics.domain.kpis.scope import Scope
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


def slippage(scope: Scope) -> Rows:
    """Each deal that was open and due in the period as it began, and whether it was later moved out
    of it; one that was won, lost or deleted was not.
    """
    deals = Deals(scope)
    due = deals.is_due
    later = Deals(scope.read_at(min(scope.end_ms - 1, scope.as_of_ms)))
    row = later.table.rows_of(deals.table.number)
    moved = row != NO_RECORD
    still = row[moved]
    is_out = later.due_day.empty | (later.due_day.known & (later.due_day.values > scope.last_day))
    moved[moved] = (later.is_open & is_out)[still]
    return share(due, moved, deals.now_ms, deals.unknown)


def slippage_by_value(scope: Scope) -> Rows:
    """The amounts that those deals had as the period began."""
    rows = slippage(scope)
    deals = Deals(scope)
    moved = np.zeros(len(deals), bool)
    moved[rows.record] = rows.numerator > 0
    amounts = money(deals.is_due, deals.amount, deals.now_ms, deals.unknown)
    return amounts.as_share(moved[amounts.record])


_MOVED: Final = (
    *records(
        4,
        "deal",
        "d",
        "2026-10-02",
        status="OPEN",
        amount=100,
        currency="EUR",
        close_date="2026-11-20",
    ),
    record(
        "deal",
        "large",
        "2026-10-02",
        status="OPEN",
        amount=600,
        currency="EUR",
        close_date="2026-11-20",
    ),
    record(
        "deal",
        "later",
        "2026-10-02",
        status="OPEN",
        amount=900,
        currency="EUR",
        close_date="2026-12-20",
    ),
    update("deal", "d1", "2026-11-10", close_date="2026-12-20"),
    update("deal", "d2", "2026-11-10", close_date="2026-12-20"),
    update("deal", "d2", "2026-11-11", status="LOST", closed_at="2026-11-11"),
    update("deal", "d3", "2026-11-10", close_date="2026-11-28"),
    update("deal", "d4", "2026-12-10", close_date="2026-12-20"),
)
"""Five were due in November: one slipped, one was lost after it was moved, one stayed inside, one
was moved when November was over, and one was left as it was.
"""
_NOTHING_DUE: Final = Example(
    name="nothing was due as the period began",
    given=_MOVED,
    period=EARLIER,
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)

KPIS: Final = (
    Kpi(
        Entry(
            key="SLIPPAGE",
            name="Slippage",
            formula="deals that were open and due in the period as it began and are still open "
            "with a close date behind it / all that were open and due then",
            unit=MetricUnit.RATIO,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.OPENING,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
            objective="Promise close dates that hold.",
            decision="Whose close dates to inspect before the forecast call.",
        ),
        Counted(slippage, Aggregation.RATIO),
        (
            Example(name="one of five", given=_MOVED, asked="2026-12-31", value=0.2),
            _NOTHING_DUE,
        ),
    ),
    Kpi(
        Entry(
            key="SLIPPAGE_BY_VALUE",
            name="Slippage by value",
            formula="the same with the amounts that the deals had as the period began",
            unit=MetricUnit.RATIO,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.OPENING,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
            objective="Promise close dates that hold.",
            decision="How much of the forecast to hold back.",
        ),
        Counted(slippage_by_value, Aggregation.RATIO),
        (
            Example(name="100 of 1 000", given=_MOVED, asked="2026-12-31", value=0.1),
            _NOTHING_DUE,
        ),
    ),
)
