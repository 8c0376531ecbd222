"""How many leads come in, and what becomes of them."""

from dataclasses import replace
from typing import Final

import numpy as np

from shared.metrics.domain.kpis.building import counted, share
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.leads import Leads
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


def leads_created(scope: Scope) -> Rows:
    """Each lead, when it was created."""
    leads = Leads(scope)
    return counted(leads.created.happened, leads.created.at_ms, ~leads.created.happened)


def lead_conversion(scope: Scope) -> Rows:
    """Each lead when it was created, and whether it has been converted since."""
    leads = Leads(scope)
    known = leads.created.happened & ~leads.converted.unknown
    return share(known, leads.converted.happened, leads.created.at_ms, ~known)


def lead_conversion_by_period(scope: Scope) -> Rows:
    """Each lead in the denominator when it was created, and in the numerator when converted."""
    leads = Leads(scope)
    created = lead_conversion(scope)
    converted = np.flatnonzero(leads.converted.happened)
    is_converted = np.repeat([False, True], [len(created), len(converted)])
    return replace(
        created,
        record=np.concatenate((created.record, converted)),
        at_ms=np.concatenate((created.at_ms, leads.converted.at_ms[converted])),
        numerator=is_converted.astype(np.int64),
        denominator=(~is_converted).astype(np.int64),
    )


def lead_to_customer(scope: Scope) -> Rows:
    """Each lead when it was created, and whether a deal that came from it has been won."""
    leads = Leads(scope)
    return share(leads.created.happened, leads.is_won, leads.created.at_ms, ~leads.created.happened)


_LEADS: Final = (
    record("lead", "l1", "2026-11-02", source="web", converted_at="2026-11-09"),
    record("lead", "l2", "2026-11-03", source="web"),
    record("lead", "l3", "2026-11-04", source="fair", converted_at="2026-12-01"),
    record("lead", "l4", "2026-11-05", source="fair"),
    record("lead", "l0", "2026-10-05", source="fair", converted_at="2026-11-10"),
)

KPIS: Final = (
    Kpi(
        Entry(
            key="LEADS_CREATED",
            name="Leads created",
            formula="leads created in the period",
            unit=MetricUnit.COUNT,
            grain="lead",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            vanity=True,
        ),
        Counted(leads_created, Aggregation.SUM),
        (
            Example(
                name="four leads of November",
                given=_LEADS,
                value=4,
                group_by=Dimension.SOURCE,
                groups={"web": 2, "fair": 2},
            ),
            Example(
                name="no lead was ever sent",
                given=(),
                value=None,
                reason=Reason.NO_RECORDS,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="LEAD_CONVERSION",
            name="Lead conversion",
            formula="leads created in the period that were converted since / leads created in it",
            unit=MetricUnit.RATIO,
            grain="lead",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.COHORT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Turn more of the interest that comes in into business.",
            decision="Which sources and hand-over rules to keep, change or stop.",
            maturity_days=90,
        ),
        Counted(lead_conversion, Aggregation.RATIO),
        (
            Example(
                name="two of four, one of them after the period",
                given=_LEADS,
                asked="2026-12-31",
                value=0.5,
                group_by=Dimension.SOURCE,
                groups={"web": 0.5, "fair": 0.5},
            ),
            Example(
                name="no lead in the period",
                given=_LEADS,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
            Example(
                name="nobody ever says whether leads are converted",
                given=(record("lead", "l1", "2026-11-02"),),
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="LEAD_CONVERSION_BY_PERIOD",
            name="Lead conversion by period",
            formula="leads converted in the period / leads created in it, whichever leads they are",
            unit=MetricUnit.RATIO,
            grain="lead",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
        ),
        Counted(lead_conversion_by_period, Aggregation.RATIO),
        (
            Example(
                name="two converted, four created",
                given=_LEADS,
                asked="2026-12-31",
                value=0.5,
            ),
            Example(
                name="converted, but none created",
                given=_LEADS,
                period=("2026-12-01", "2026-12-31"),
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="LEAD_TO_CUSTOMER",
            name="Lead-to-customer conversion",
            formula="leads created in the period with a deal won since / leads created in it",
            unit=MetricUnit.RATIO,
            grain="lead",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.COHORT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Win customers from the leads that are paid for.",
            decision="Where to spend on leads, and which leads to work first.",
            maturity_days=180,
            aliases=("Lead conversion",),
        ),
        Counted(lead_to_customer, Aggregation.RATIO),
        (
            Example(
                name="one of four was won, by two deals",
                given=(
                    *_LEADS,
                    record("deal", "d1", "2026-11-10", lead="l1", status="WON"),
                    record("deal", "d2", "2026-11-11", lead="l1", status="WON"),
                    record("deal", "d3", "2026-11-11", lead="l2", status="LOST"),
                ),
                value=0.25,
            ),
            Example(
                name="no lead in the period",
                given=_LEADS,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
)
