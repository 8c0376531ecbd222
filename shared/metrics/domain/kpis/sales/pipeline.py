"""What is open, and what it is worth."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import counted, money
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, records, update
from shared.metrics.domain.kpis.kpi import Counted, Kpi
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
from shared.metrics.domain.records.record_types import RecordType


def open_deals(scope: Scope) -> Rows:
    """Each deal that is open."""
    deals = Deals(scope)
    return counted(deals.is_open, deals.now_ms, deals.unknown)


def open_qualified_deals(scope: Scope) -> Rows:
    """Each deal that is open and qualified, by itself or by its stage."""
    deals = Deals(scope)
    return counted(deals.is_open & deals.is_qualified, deals.now_ms, deals.unknown)


def pipeline_value(scope: Scope) -> Rows:
    """The amount of each deal that is open."""
    deals = Deals(scope)
    return money(deals.is_open, deals.amount, deals.now_ms, deals.unknown)


def weighted_pipeline(scope: Scope) -> Rows:
    """The amount of each deal that is open, times its probability: its own, else that of its stage,
    else the share of all deals closed so far that were won.
    """
    deals = Deals(scope)
    own = deals.table.column("probability")
    stages = scope.table(RecordType.STAGE)
    of_stage = stages.column("probability")
    row = stages.rows_of(deals.table.column("stage").values)
    has_stage = (row != NO_RECORD) & ~own.known
    has_stage[has_stage] = of_stage.known[row[has_stage]]
    closed = np.count_nonzero(deals.is_won | deals.is_lost)
    historical = np.count_nonzero(deals.is_won) / closed if closed else 0.0
    probability = np.where(own.known, own.values, historical)
    probability[has_stage] = of_stage.values[row[has_stage]]
    is_known = own.known | has_stage | (closed > 0)
    rows = money(deals.is_open & is_known, deals.amount, deals.now_ms, _unweighted(deals, is_known))
    weighted = np.rint(rows.numerator * probability[rows.record]).astype(np.int64)
    flags = {
        Flag.STAGE_PROBABILITY: has_stage[rows.record],
        Flag.HISTORICAL_PROBABILITY: ~(own.known | has_stage)[rows.record],
    }
    return replace(rows, numerator=weighted, flags=flags)


def _unweighted(deals: Deals, is_known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return deals.unknown | (deals.is_open & ~is_known)


def pipeline_generated(scope: Scope) -> Rows:
    """The amount of each deal, as it is by now, when the deal was created."""
    deals = Deals(scope)
    created = deals.created
    return money(created.happened, deals.amount, created.at_ms, ~created.happened)


_OPEN: Final = (
    record("stage", "early", "2026-01-01", probability=0.2, is_qualified=False),
    record("stage", "late", "2026-01-01", probability=0.5, is_qualified=True),
    record(
        "deal",
        "d1",
        "2026-11-02",
        status="OPEN",
        stage="late",
        amount=1000,
        currency="EUR",
        region="North",
    ),
    record(
        "deal",
        "d2",
        "2026-11-03",
        status="OPEN",
        stage="early",
        amount=500,
        currency="EUR",
        region="South",
        probability=0.1,
    ),
    record(
        "deal",
        "d3",
        "2026-11-04",
        status="WON",
        stage="late",
        amount=300,
        currency="EUR",
        closed_at="2026-11-20",
        region="South",
    ),
    record(
        "deal",
        "d4",
        "2026-11-05",
        status="OPEN",
        stage="late",
        amount=700,
        currency="EUR",
        region="South",
    ),
    update("deal", "d4", "2026-12-05", status="LOST"),
)
"""At the end of November three deals are open; one of them is lost later."""

_WITHOUT_PROBABILITY: Final = (
    record("deal", "d1", "2026-11-02", status="OPEN", amount=1000, currency="EUR"),
    *records(1, "deal", "w", "2026-11-02", status="WON", closed_at="2026-11-03"),
    *records(3, "deal", "l", "2026-11-02", status="LOST", closed_at="2026-11-03"),
)
_NO_DEALS: Final = Example(
    name="no deal was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
)

KPIS: Final = (
    Kpi(
        Entry(
            key="OPEN_DEALS",
            name="Open deals",
            formula="deals that are neither won nor lost at the instant",
            unit=MetricUnit.COUNT,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            vanity=True,
        ),
        Counted(open_deals, Aggregation.SUM),
        (
            Example(
                name="three, of which one is lost later", given=_OPEN, asked="2026-12-31", value=3
            ),
            _NO_DEALS,
        ),
    ),
    Kpi(
        Entry(
            key="OPEN_QUALIFIED_DEALS",
            name="Open qualified deals",
            formula="open deals that are qualified, by their own mark or by that of their stage",
            unit=MetricUnit.COUNT,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
        ),
        Counted(open_qualified_deals, Aggregation.SUM),
        (Example(name="two in the late stage", given=_OPEN, value=2), _NO_DEALS),
    ),
    Kpi(
        Entry(
            key="PIPELINE_VALUE",
            name="Pipeline value",
            formula="sum of the amounts of open deals at the instant",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Have enough to win the revenue that was planned.",
            decision="Whether to generate more pipeline, and where.",
        ),
        Counted(pipeline_value, Aggregation.SUM),
        (
            Example(
                name="an answer about a past instant, asked after a deal was lost",
                given=_OPEN,
                asked="2026-12-31",
                value=2_200_00,
                group_by=Dimension.REGION,
                groups={"North": 1_000_00, "South": 1_200_00},
            ),
            Example(
                name="amounts are not known",
                given=(record("deal", "d1", "2026-11-02", status="OPEN"),),
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="WEIGHTED_PIPELINE",
            name="Weighted pipeline",
            formula="sum over open deals of amount x probability: the deal's, else its stage's, "
            "else the share of closed deals that were won",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.PREDICTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Know what the open deals are likely to bring.",
            decision="What to promise for the period.",
        ),
        Counted(weighted_pipeline, Aggregation.SUM),
        (
            Example(name="1 000 x 0.5 + 500 x 0.1 + 700 x 0.5", given=_OPEN, value=900_00),
            Example(name="one of four was won so far", given=_WITHOUT_PROBABILITY, value=250_00),
            Example(
                name="nothing tells how likely it is",
                given=_WITHOUT_PROBABILITY[:1],
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="PIPELINE_GENERATED",
            name="Pipeline generated",
            formula="sum of the amounts, as they are by now, of deals created in the period",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Open enough deals today for the quarters to come.",
            decision="How much time and money goes into finding new deals.",
        ),
        Counted(pipeline_generated, Aggregation.SUM),
        (
            Example(name="four deals of November", given=_OPEN, value=2_500_00),
            Example(name="none before", given=_OPEN, period=EARLIER, value=0),
            _NO_DEALS,
        ),
    ),
)
