"""What customers buy beyond what they have."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.building import money, share
from shared.metrics.domain.kpis.customers import customers, running, yearly
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import Example, record, records
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
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
from shared.metrics.domain.records.record_types import RecordType


def upsell(scope: Scope) -> Rows:
    """Each customer as the period began, and whether an expansion was won from it in the period."""
    return _bought(scope, "EXPANSION")


def cross_sell(scope: Scope) -> Rows:
    """Each customer as the period began, and whether it was sold something else in the period."""
    return _bought(scope, "CROSS_SELL")


def expansion_revenue(scope: Scope) -> Rows:
    """The amount of each expansion that is won, when it was."""
    deals = Deals(scope)
    won = deals.is_won & deals.closed.happened & deals.table.column("kind").equal_to("EXPANSION")
    return money(won, deals.amount, deals.closed.at_ms, deals.unknown)


def recurring_revenue_at_start(scope: Scope) -> Rows:
    """What each subscription that runs as the period begins brings in a year."""
    table = scope.table(RecordType.SUBSCRIPTION)
    return yearly(scope, table, running(scope, table))


def upsell_by_revenue(parts: Sequence[Floats]) -> Outcome:
    """Won by expansions / recurring revenue as the period began."""
    won, before = parts
    return Outcome(quotient(won, before))


def _bought(scope: Scope, kind: str) -> Rows:
    accounts = scope.table(RecordType.ACCOUNT)
    deals = Deals(scope.read_at(min(scope.end_ms - 1, scope.as_of_ms)))
    closed = deals.closed
    won = deals.is_won & closed.happened & deals.table.column("kind").equal_to(kind)
    won &= (closed.at_ms >= scope.start_ms) & (closed.at_ms < scope.end_ms)
    account = accounts.rows_of(deals.table.column("account").values)[won]
    bought = np.zeros(len(accounts), bool)
    bought[account[account != NO_RECORD]] = True
    return share(customers(scope), bought, np.full(len(accounts), scope.at_ms))


_CUSTOMERS: Final = (
    *records(4, "account", "a", "2026-01-01"),
    *(
        record(
            "subscription",
            f"s{n}",
            "2026-01-01",
            account=f"a{n}",
            start="2026-01-01",
            recurring_amount=100,
            currency="EUR",
            interval_months=1,
        )
        for n in (1, 2, 3, 4)
    ),
    record("account", "late", "2026-11-05"),
    record("subscription", "s9", "2026-11-05", account="late", start="2026-11-05"),
    *(
        record(
            "deal",
            f"d{n}",
            "2026-11-02",
            account=account,
            kind=kind,
            status="WON",
            closed_at="2026-11-10",
            amount=600,
            currency="EUR",
        )
        for n, (account, kind) in enumerate(
            (("a1", "EXPANSION"), ("a1", "EXPANSION"), ("a2", "CROSS_SELL"), ("a3", "NEW"))
        )
    ),
)
"""Four customers as November began, of which one bought more twice, and one something else."""

_NO_CUSTOMER: Final = Example(
    name="there was no customer as the period began",
    given=_CUSTOMERS,
    period=("2025-11-01", "2025-11-30"),
    asked="2026-11-30",
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)
_OBJECTIVE: Final = "Grow with the customers that there are."

KPIS: Final = (
    Kpi(
        Entry(
            key="UPSELL_RATE",
            name="Upsell rate",
            formula="customers at the start with an expansion won in the period / customers at the "
            "start",
            unit=MetricUnit.RATIO,
            grain="account",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.OPENING,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective=_OBJECTIVE,
            decision="Which customers to offer more, and when.",
        ),
        Counted(upsell, Aggregation.RATIO),
        (Example(name="one of four, by two deals", given=_CUSTOMERS, value=0.25), _NO_CUSTOMER),
    ),
    Kpi(
        Entry(
            key="CROSS_SELL_RATE",
            name="Cross-sell rate",
            formula="customers at the start with a cross-sale won in the period / customers at the "
            "start",
            unit=MetricUnit.RATIO,
            grain="account",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.OPENING,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective=_OBJECTIVE,
            decision="Which customers to offer other products.",
        ),
        Counted(cross_sell, Aggregation.RATIO),
        (Example(name="one of four", given=_CUSTOMERS, value=0.25), _NO_CUSTOMER),
    ),
    Kpi(
        Entry(
            key="EXPANSION_REVENUE",
            name="Expansion revenue",
            formula="sum of the amounts of expansions won with a close in the period",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
        ),
        Counted(expansion_revenue, Aggregation.SUM),
        (
            Example(name="two of 600", given=_CUSTOMERS, value=1_200_00),
            Example(name="no deal was ever sent", given=(), value=None, reason=Reason.NO_RECORDS),
        ),
    ),
    Kpi(
        Entry(
            key="RECURRING_REVENUE_AT_START",
            name="Recurring revenue at the start",
            formula="sum of what subscriptions that run as the period begins bring in a year",
            unit=MetricUnit.MONEY,
            grain="subscription",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.OPENING,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
        ),
        Counted(recurring_revenue_at_start, Aggregation.SUM),
        (
            Example(name="four of 100 a month", given=_CUSTOMERS, value=4_800_00),
            Example(
                name="no subscription was ever sent",
                given=(),
                value=None,
                reason=Reason.NO_RECORDS,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="UPSELL_BY_REVENUE",
            name="Upsell by revenue",
            formula="expansion revenue / recurring revenue at the start",
            unit=MetricUnit.RATIO,
            grain="account",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.OPENING,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective=_OBJECTIVE,
            decision="Which customers to offer more, and when.",
        ),
        Derived(("EXPANSION_REVENUE", "RECURRING_REVENUE_AT_START"), upsell_by_revenue),
        (
            Example(name="1 200 of 4 800", given=_CUSTOMERS, value=0.25),
            _NO_CUSTOMER,
        ),
    ),
)
