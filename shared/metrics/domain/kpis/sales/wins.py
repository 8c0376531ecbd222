"""How many deals are won, and what they are worth."""

from typing import Final

from shared.metrics.domain.kpis.building import counted, money, share
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
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


def deals_won(scope: Scope) -> Rows:
    """Each deal that is won, when it was."""
    deals = Deals(scope)
    return counted(deals.is_won & deals.closed.happened, deals.closed.at_ms, deals.unknown)


def deals_lost(scope: Scope) -> Rows:
    """Each deal that is lost, when it was."""
    deals = Deals(scope)
    return counted(deals.is_lost & deals.closed.happened, deals.closed.at_ms, deals.unknown)


def won_revenue(scope: Scope) -> Rows:
    """The amount of each deal that is won, when it was."""
    deals = Deals(scope)
    is_won = deals.is_won & deals.closed.happened
    return money(is_won, deals.amount, deals.closed.at_ms, deals.unknown)


def win_rate(scope: Scope) -> Rows:
    """Each deal that is closed, when it was, and whether it was won."""
    deals = Deals(scope)
    return share(deals.closed.happened, deals.is_won, deals.closed.at_ms, deals.unknown)


def win_rate_by_value(scope: Scope) -> Rows:
    """The amount of each deal that is closed, when it was, and of each that was won."""
    deals = Deals(scope)
    rows = money(deals.closed.happened, deals.amount, deals.closed.at_ms, deals.unknown)
    return rows.as_share(deals.is_won[rows.record])


def close_rate(scope: Scope) -> Rows:
    """Each deal when it was created, and whether it has been won since."""
    deals = Deals(scope)
    known = deals.created.happened & ~deals.unknown
    return share(known, deals.is_won, deals.created.at_ms, ~known)


_CLOSED: Final = (
    record(
        "deal",
        "d1",
        "2026-11-02",
        status="WON",
        closed_at="2026-11-12",
        amount=600,
        currency="EUR",
        source="web",
    ),
    record(
        "deal",
        "d2",
        "2026-11-02",
        status="WON",
        closed_at="2026-11-13",
        amount=200,
        currency="EUR",
        source="fair",
    ),
    record(
        "deal",
        "d3",
        "2026-11-02",
        status="LOST",
        closed_at="2026-11-14",
        amount=1200,
        currency="EUR",
        source="web",
    ),
    record("deal", "d4", "2026-11-02", status="OPEN", amount=900, currency="EUR", source="web"),
    record(
        "deal",
        "d5",
        "2026-10-02",
        status="WON",
        closed_at="2026-10-14",
        amount=50,
        currency="EUR",
        source="web",
    ),
)
_TWO_CURRENCIES: Final = (
    record(
        "deal", "d1", "2026-11-02", status="WON", closed_at="2026-11-12", amount=600, currency="EUR"
    ),
    record(
        "deal", "d2", "2026-11-02", status="WON", closed_at="2026-11-13", amount=200, currency="USD"
    ),
)
_RATE: Final = record(
    "exchange_rate", "r1", "2026-11-01", currency="USD", into="EUR", date="2026-11-01", rate="0.5"
)
_NO_DEALS: Final = Example(
    name="no deal was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
)
_NONE_CLOSED: Final = Example(
    name="none was closed in the period",
    given=_CLOSED,
    period=EARLIER,
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)

KPIS: Final = (
    Kpi(
        Entry(
            key="DEALS_WON",
            name="Deals won",
            formula="deals won with a close in the period",
            unit=MetricUnit.COUNT,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
        ),
        Counted(deals_won, Aggregation.SUM),
        (Example(name="two of November", given=_CLOSED, value=2), _NO_DEALS),
    ),
    Kpi(
        Entry(
            key="DEALS_LOST",
            name="Deals lost",
            formula="deals lost with a close in the period",
            unit=MetricUnit.COUNT,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
        ),
        Counted(deals_lost, Aggregation.SUM),
        (Example(name="one of November", given=_CLOSED, value=1), _NO_DEALS),
    ),
    Kpi(
        Entry(
            key="WON_REVENUE",
            name="Won revenue",
            formula="sum of the amounts of deals won with a close in the period",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Reach the revenue that was planned.",
            decision="Where to move people and discounts before the period ends.",
        ),
        Counted(won_revenue, Aggregation.SUM),
        (
            Example(
                name="600 and 200 euros",
                given=_CLOSED,
                value=800_00,
                group_by=Dimension.SOURCE,
                groups={"web": 600_00, "fair": 200_00},
            ),
            Example(
                name="600 euros and 200 dollars, by the rate of the day",
                given=(*_TWO_CURRENCIES, _RATE),
                currency="EUR",
                value=700_00,
            ),
            Example(
                name="two currencies without a rate",
                given=_TWO_CURRENCIES,
                currency="EUR",
                value=None,
                reason=Reason.NO_RATE,
            ),
            Example(
                name="two currencies, and no reporting currency",
                given=_TWO_CURRENCIES,
                value=None,
                reason=Reason.NO_RATE,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="WIN_RATE",
            name="Win rate",
            formula="deals won / (deals won + deals lost), by their close",
            unit=MetricUnit.RATIO,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Win more of the deals that are fought for.",
            decision="Which kinds of deals to qualify out, and whom to coach.",
        ),
        Counted(win_rate, Aggregation.RATIO),
        (Example(name="two of three", given=_CLOSED, value=2 / 3), _NONE_CLOSED),
    ),
    Kpi(
        Entry(
            key="WIN_RATE_BY_VALUE",
            name="Win rate by value",
            formula="amount of deals won / amount of deals won and lost, by their close",
            unit=MetricUnit.RATIO,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Win the deals that matter most.",
            decision="Whether large deals need other people or another process.",
        ),
        Counted(win_rate_by_value, Aggregation.RATIO),
        (Example(name="800 of 2 000", given=_CLOSED, value=0.4), _NONE_CLOSED),
    ),
    Kpi(
        Entry(
            key="CLOSE_RATE",
            name="Close rate",
            formula="deals created in the period that were won since / deals created in it",
            unit=MetricUnit.RATIO,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.COHORT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Open deals that can be won.",
            decision="How strictly to qualify before a deal is opened.",
            maturity_days=180,
        ),
        Counted(close_rate, Aggregation.RATIO),
        (Example(name="two of four", given=_CLOSED, value=0.5), _NONE_CLOSED),
    ),
    Kpi(
        Entry(
            key="AVERAGE_DEAL_SIZE",
            name="Average deal size",
            formula="amount of deals won / deals won, by their close",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Earn more with each sale.",
            decision="Which packages and discounts to offer.",
        ),
        Counted(won_revenue, Aggregation.RATIO),
        (Example(name="800 euros by two", given=_CLOSED, value=400_00), _NONE_CLOSED),
    ),
)
