"""Whether what is open is enough for what was planned."""

from collections.abc import Sequence
from typing import Final

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.building import money, share
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import Example, record, records
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.sales.stale import STALE_RULE, is_stale
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

COVERAGE_TARGET: Final = 3.5


def pipeline_due(scope: Scope) -> Rows:
    """The amount of each open deal that is due in the period."""
    deals = Deals(scope)
    return money(deals.is_due, deals.amount, deals.now_ms, deals.unknown)


def stale_pipeline_due(scope: Scope) -> Rows:
    """The same, of those deals that are stale."""
    deals = Deals(scope)
    return money(deals.is_due & is_stale(deals), deals.amount, deals.now_ms, deals.unknown)


def stale_deals(scope: Scope) -> Rows:
    """Each open deal, and whether it is stale."""
    deals = Deals(scope)
    return share(deals.is_open, is_stale(deals), deals.now_ms, deals.unknown)


def coverage(parts: Sequence[Floats]) -> Outcome:
    """(Open due - stale) / (quota - won); nothing is left to cover once the quota is met."""
    due, stale, quota, won = parts
    left = quota - won
    return Outcome(quotient(due - stale, left), ((left <= 0, Reason.QUOTA_MET),))


def coverage_gap(parts: Sequence[Floats]) -> Outcome:
    """What is missing to the target of coverage; less than nothing if there is more."""
    due, stale, quota, won = parts
    left = quota - won
    return Outcome(COVERAGE_TARGET * left - (due - stale), ((left <= 0, Reason.QUOTA_MET),))


_PLANNED: Final = (
    *records(
        30,
        "deal",
        "due",
        "2026-11-02",
        status="OPEN",
        amount=70_000,
        currency="EUR",
        close_date="2026-11-30",
    ),
    *records(
        9,
        "deal",
        "past",
        "2026-11-02",
        status="OPEN",
        amount=100_000,
        currency="EUR",
        close_date="2026-11-05",
    ),
    record(
        "deal",
        "won",
        "2026-11-02",
        status="WON",
        amount=250_000,
        currency="EUR",
        closed_at="2026-11-09",
    ),
    record(
        "deal",
        "next",
        "2026-11-02",
        status="OPEN",
        amount=5_000_000,
        currency="EUR",
        close_date="2026-12-09",
    ),
    record(
        "quota",
        "q",
        "2026-10-20",
        amount=1_250_000,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
    ),
)
"""On 10 November 3.0 M are open and due, of which 0.9 M are stale; of the quota 1 M is left."""

_MET: Final = (
    *_PLANNED,
    record(
        "deal",
        "big",
        "2026-11-02",
        status="WON",
        amount=1_000_000,
        currency="EUR",
        closed_at="2026-11-08",
    ),
)
_QUOTA_MET: Final = Example(
    name="the quota is met", given=_MET, asked="2026-11-10", value=None, reason=Reason.QUOTA_MET
)
_NO_DEALS: Final = Example(
    name="no deal was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
)

KPIS: Final = (
    Kpi(
        Entry(
            key="PIPELINE_DUE",
            name="Pipeline due",
            formula="sum of the amounts of open deals whose close date lies in the period",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
        ),
        Counted(pipeline_due, Aggregation.SUM),
        (
            Example(name="3.0 M", given=_PLANNED, asked="2026-11-10", value=3_000_000_00),
            _NO_DEALS,
        ),
    ),
    Kpi(
        Entry(
            key="STALE_PIPELINE_DUE",
            name="Stale pipeline due",
            formula="the part of the pipeline due that is stale: close date past, or no activity "
            "for 30 days, or in its stage for more than 2 x the median of won deals",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
            parameters=STALE_RULE,
        ),
        Counted(stale_pipeline_due, Aggregation.SUM),
        (
            Example(name="0.9 M", given=_PLANNED, asked="2026-11-10", value=900_000_00),
            _NO_DEALS,
        ),
    ),
    Kpi(
        Entry(
            key="STALE_DEAL_SHARE",
            name="Share of stale deals",
            formula="stale open deals / open deals; stale: close date past, or no activity for 30 "
            "days, or in its stage for more than 2 x the median of won deals",
            unit=MetricUnit.RATIO,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
            objective="Keep only deals open that somebody works on.",
            decision="Which deals to close or to revive this week.",
            parameters=STALE_RULE,
        ),
        Counted(stale_deals, Aggregation.RATIO),
        (
            Example(name="9 of 40", given=_PLANNED, asked="2026-11-10", value=9 / 40),
            Example(
                name="none is open",
                given=_PLANNED[-3:-2],
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="PIPELINE_COVERAGE",
            name="Pipeline coverage",
            formula="(pipeline due - stale pipeline due) / (quota - won revenue)",
            unit=MetricUnit.MULTIPLE,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.PREDICTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            target=COVERAGE_TARGET,
            objective="Have enough deals to reach the quota in spite of those that are lost.",
            decision="Whether to generate more pipeline, or to ask for another quota.",
            parameters=STALE_RULE,
        ),
        Derived(("PIPELINE_DUE", "STALE_PIPELINE_DUE", "QUOTA", "WON_REVENUE"), coverage),
        (
            Example(
                name="3.0 M open, 0.9 M stale, quota 1 M",
                given=_PLANNED,
                asked="2026-11-10",
                value=2.1,
            ),
            _QUOTA_MET,
        ),
    ),
    Kpi(
        Entry(
            key="COVERAGE_GAP",
            name="Coverage gap",
            formula="3.5 x (quota - won revenue) - (pipeline due - stale pipeline due)",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.PRESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
            objective="Have enough deals to reach the quota in spite of those that are lost.",
            decision="How much pipeline to generate.",
            parameters=STALE_RULE,
        ),
        Derived(("PIPELINE_DUE", "STALE_PIPELINE_DUE", "QUOTA", "WON_REVENUE"), coverage_gap),
        (
            Example(
                name="1.4 M are missing",
                given=_PLANNED,
                asked="2026-11-10",
                value=1_400_000_00,
            ),
            _QUOTA_MET,
        ),
    ),
)
