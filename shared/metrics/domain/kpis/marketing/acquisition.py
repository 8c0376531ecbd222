"""What new customers cost."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.building import counted
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, records
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
from shared.metrics.domain.kpis.marketing.stewardship import MARKETING
from shared.metrics.domain.kpis.proration import in_period
from shared.metrics.domain.kpis.rows import Rows
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
from shared.metrics.domain.records.record_types import RecordType


def new_customers(scope: Scope) -> Rows:
    """The first deal that was won from each account, when it was; one that renews or extends what
    an account has does not make a new customer.
    """
    deals = Deals(scope)
    account = deals.table.column("account")
    won = np.flatnonzero(deals.is_won & deals.closed.happened & account.known)
    ordered = won[np.lexsort((deals.closed.at_ms[won], account.values[won]))]
    is_first = np.diff(account.values[ordered], prepend=-1) != 0
    counts = np.zeros(len(deals), bool)
    counts[ordered[is_first]] = True
    counts &= ~deals.table.column("kind").equal_to("EXPANSION", "CROSS_SELL", "RENEWAL")
    return counted(counts, deals.closed.at_ms, deals.unknown | (deals.is_won & account.unknown))


def acquisition_cost(scope: Scope) -> Rows:
    """The costs of sales and marketing that fall into the period."""
    table = scope.table(RecordType.COST)
    return in_period(scope, table, table.column("kind").equal_to("SALES", "MARKETING"))


def marketing_spend(scope: Scope) -> Rows:
    """The costs of marketing that fall into the period."""
    table = scope.table(RecordType.COST)
    return in_period(scope, table, table.column("kind").equal_to("MARKETING"))


def cost_per_customer(parts: Sequence[Floats]) -> Outcome:
    """Cost / new customers."""
    cost, customers = parts
    return Outcome(quotient(cost, customers))


_COSTS: Final = (
    record(
        "cost",
        "c1",
        "2026-11-01",
        kind="MARKETING",
        source="web",
        amount=3_000,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
    ),
    record(
        "cost",
        "c2",
        "2026-11-01",
        kind="SALES",
        source="fair",
        amount=4_000,
        currency="EUR",
        start="2026-10-02",
        end="2026-11-30",
    ),
    record(
        "cost",
        "c3",
        "2026-11-01",
        kind="SERVICE",
        source="web",
        amount=9_000,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
    ),
)
"""Of sales one half falls into November, 30 of 60 days; service is no acquisition."""

_BOUGHT: Final = (
    *_COSTS,
    *records(
        1,
        "deal",
        "a",
        "2026-11-02",
        account="x",
        source="web",
        status="WON",
        closed_at="2026-11-10",
    ),
    *records(
        1,
        "deal",
        "b",
        "2026-11-02",
        account="x",
        source="web",
        status="WON",
        closed_at="2026-11-12",
    ),
    *records(
        1,
        "deal",
        "c",
        "2026-11-02",
        account="y",
        source="fair",
        status="WON",
        closed_at="2026-11-13",
    ),
    *records(
        1,
        "deal",
        "d",
        "2026-11-02",
        account="z",
        source="fair",
        kind="RENEWAL",
        status="WON",
        closed_at="2026-11-14",
    ),
)
_NO_COSTS: Final = Example(
    name="no cost was ever sent", given=_BOUGHT[3:], value=None, reason=Reason.NO_RECORDS
)

KPIS: Final = (
    Kpi(
        Entry(
            key="NEW_CUSTOMERS",
            name="New customers",
            formula="accounts whose first deal won closed in the period, unless it renews or "
            "extends what they have",
            unit=MetricUnit.COUNT,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=MARKETING,
        ),
        Counted(new_customers, Aggregation.SUM),
        (
            Example(name="two, one of them by two deals", given=_BOUGHT, value=2),
            Example(name="no deal was ever sent", given=(), value=None, reason=Reason.NO_RECORDS),
        ),
    ),
    Kpi(
        Entry(
            key="ACQUISITION_COST",
            name="Acquisition cost",
            formula="costs of sales and marketing, each in proportion to its days in the period",
            unit=MetricUnit.MONEY,
            grain="cost",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.LOWER,
            stewardship=MARKETING,
        ),
        Counted(acquisition_cost, Aggregation.SUM),
        (Example(name="3 000 and half of 4 000", given=_COSTS, value=5_000_00), _NO_COSTS),
    ),
    Kpi(
        Entry(
            key="MARKETING_SPEND",
            name="Marketing spend",
            formula="costs of marketing, each in proportion to its days in the period",
            unit=MetricUnit.MONEY,
            grain="cost",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.LOWER,
            stewardship=MARKETING,
        ),
        Counted(marketing_spend, Aggregation.SUM),
        (Example(name="3 000", given=_COSTS, value=3_000_00), _NO_COSTS),
    ),
    Kpi(
        Entry(
            key="CAC",
            name="Customer acquisition cost",
            formula="acquisition cost / new customers",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=MARKETING,
            objective="Win customers for less than they bring.",
            decision="Where to spend on winning customers.",
        ),
        Derived(("ACQUISITION_COST", "NEW_CUSTOMERS"), cost_per_customer),
        (
            Example(
                name="5 000 for two customers",
                given=_BOUGHT,
                value=2_500_00,
                group_by=Dimension.SOURCE,
                groups={"web": 3_000_00, "fair": 2_000_00},
            ),
            Example(
                name="no new customer",
                given=_BOUGHT,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
)
