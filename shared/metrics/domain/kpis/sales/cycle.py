"""How long it takes to win a deal, and how fast the pipeline turns into revenue."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.building import measured
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, records
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
from shared.metrics.domain.kpis.leads import Leads
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.sales.stewardship import SALES
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Flag,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.field_columns import NO_RECORD

_NEVER: Final = np.iinfo(np.int64).max


def sales_cycle(scope: Scope) -> Rows:
    """The local days from the first contact to the close of each deal that is won, when it was.

    The first contact is that with its lead, else the creation of the deal, which is flagged; so is
    a cycle that ended before it began.
    """
    leads = Leads(scope)
    return leads.deals.table.derived("sales cycle", lambda: _cycles(leads))


def _cycles(leads: Leads) -> Rows:
    deals, lead = leads.deals, leads.of_deals
    contact_ms = np.full(len(deals), _NEVER)
    contact_ms[lead != NO_RECORD] = leads.first_contact_ms[lead[lead != NO_RECORD]]
    has_contact = contact_ms != _NEVER
    began_ms = np.where(has_contact, contact_ms, deals.created.at_ms)
    won = deals.is_won & deals.closed.happened
    known = has_contact | deals.created.happened
    days = np.zeros(len(deals), np.int64)
    counts = won & known
    closed = leads.scope.days(deals.closed.at_ms[counts])
    days[counts] = closed - leads.scope.days(began_ms[counts])
    rows = measured(counts, days, deals.closed.at_ms, deals.unknown | (won & ~known))
    flags = {
        Flag.NO_FIRST_CONTACT: ~has_contact[rows.record],
        Flag.NEGATIVE_DURATION: rows.numerator < 0,
    }
    return replace(rows, flags=flags)


def velocity(parts: Sequence[Floats]) -> Outcome:
    """Open qualified deals x average deal size x win rate / days of a sales cycle."""
    qualified, deal_size, rate, days = parts
    return Outcome(quotient(qualified * deal_size * rate, days))


_WON: Final = (
    record("lead", "l1", "2026-10-02", first_touch_at="2026-10-01"),
    record("lead", "l2", "2026-11-15"),
    record("deal", "d1", "2026-10-20", lead="l1", status="WON", closed_at="2026-11-01T09:00"),
    record("deal", "d2", "2026-11-10", lead="l2", status="WON", closed_at="2026-11-14T23:00"),
    record("deal", "d3", "2026-11-03", status="WON", closed_at="2026-11-10"),
    record("deal", "d4", "2026-11-03", status="LOST", closed_at="2026-11-04"),
)
"""31 days, -1 day (won the day before its lead came in), and 7 days since the deal was created."""

_FAST: Final = (
    record("lead", "lead", "2026-10-11"),
    *records(
        2,
        "deal",
        "won",
        "2026-10-20",
        lead="lead",
        status="WON",
        closed_at="2026-11-10",
        amount=10_000,
        currency="EUR",
    ),
    *records(8, "deal", "lost", "2026-10-20", status="LOST", closed_at="2026-11-10"),
    *records(50, "deal", "open", "2026-11-01", status="OPEN", qualified_at="2026-11-02"),
)
_NONE_WON: Final = Example(
    name="none was won in the period",
    given=_WON,
    period=EARLIER,
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)

KPIS: Final = (
    Kpi(
        Entry(
            key="SALES_CYCLE_MEAN",
            name="Sales cycle, mean",
            formula="mean over deals won of local date of the close - local date of the first "
            "contact (first touch or creation of the lead, else creation of the deal)",
            unit=MetricUnit.DAYS,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
        ),
        Counted(sales_cycle, Aggregation.RATIO),
        (Example(name="31, -1 and 7 days", given=_WON, value=37 / 3), _NONE_WON),
    ),
    Kpi(
        Entry(
            key="SALES_CYCLE_MEDIAN",
            name="Sales cycle, median",
            formula="median over deals won of local date of the close - local date of the first "
            "contact (first touch or creation of the lead, else creation of the deal)",
            unit=MetricUnit.DAYS,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
            objective="Win deals in less time.",
            decision="Which step of the process to shorten.",
        ),
        Counted(sales_cycle, Aggregation.MEDIAN),
        (Example(name="31, -1 and 7 days", given=_WON, value=7), _NONE_WON),
    ),
    Kpi(
        Entry(
            key="SALES_VELOCITY",
            name="Sales velocity",
            formula="open qualified deals x average deal size x win rate / mean sales cycle "
            "in days",
            unit=MetricUnit.MONEY_PER_DAY,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.PREDICTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Earn more each day with the same people.",
            decision="Whether to work on the number, size, win rate or speed of deals.",
        ),
        Derived(
            ("OPEN_QUALIFIED_DEALS", "AVERAGE_DEAL_SIZE", "WIN_RATE", "SALES_CYCLE_MEAN"), velocity
        ),
        (
            Example(name="50 x 10 000 x 0.2 / 30", given=_FAST, value=1_000_000_00 / 300),
            _NONE_WON,
        ),
    ),
)
