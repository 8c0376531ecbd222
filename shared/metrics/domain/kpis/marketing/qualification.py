"""Which leads marketing has qualified: a predicate with versions (definitions §5)."""

from typing import Final

import numpy as np

from shared.metrics.domain.kpis.building import counted, share
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import Example, record, update
from shared.metrics.domain.kpis.happenings import Happenings, happenings
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.leads import Leads
from shared.metrics.domain.kpis.marketing.stewardship import MARKETING
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
from shared.metrics.domain.records.field_columns import NO_RECORD, Knowledge
from shared.metrics.domain.records.record_types import RecordType

_BY_SCORE: Final = 2

PREDICATE: Final = (
    Parameter(
        "mqlVersion",
        1.0,
        "1: the lead is marked as qualified; 2: its score has reached `mqlScore`",
        (1, 2),
    ),
    Parameter("mqlScore", 50.0, "the score from which on a lead is qualified", (0, 1_000_000)),
)


def mqls(scope: Scope) -> Rows:
    """Each qualified lead once, when it first was."""
    leads = Leads(scope)
    qualified = _qualified(leads)
    return counted(qualified.happened, qualified.at_ms, qualified.unknown)


def mql_rate(scope: Scope) -> Rows:
    """Each lead when it was created, and whether it has been qualified since."""
    leads = Leads(scope)
    qualified = _qualified(leads)
    known = leads.created.happened & ~qualified.unknown
    return share(known, qualified.happened, leads.created.at_ms, ~known)


def _qualified(leads: Leads) -> Happenings:
    """When each lead was first qualified, by the version of the predicate."""
    scope = leads.scope
    if scope.number("mqlVersion") < _BY_SCORE:
        return happenings(scope, leads.table.column("qualified_at"))
    history = scope.records.history(RecordType.LEAD, "score")
    row = leads.table.rows_of(history.record)
    enough = (history.knowledge == Knowledge.KNOWN) & (history.at_ms <= scope.at_ms)
    enough &= (row != NO_RECORD) & (history.values >= scope.number("mqlScore"))
    never = np.iinfo(np.int64).max
    first = np.full(len(leads), never)
    np.minimum.at(first, row[enough], history.at_ms[enough])
    return Happenings(first, first != never, np.full(len(leads), not len(history)))


_LEADS: Final = (
    record("lead", "l1", "2026-11-02", source="web", qualified_at="2026-11-05", score=10),
    update("lead", "l1", "2026-11-20", qualified_at="2026-11-05", score=60),
    record("lead", "l2", "2026-11-03", source="web", score=70),
    update("lead", "l2", "2026-11-04", score=20),
    update("lead", "l2", "2026-11-05", score=80),
    record("lead", "l3", "2026-11-04", source="fair", score=5),
    record("lead", "l4", "2026-10-04", source="fair", qualified_at="2026-11-06", score=5),
)
"""Marked as qualified are the first and the last; 50 have reached the first and the second."""

_UNKNOWN: Final = Example(
    name="nobody ever says whether leads are qualified",
    given=(record("lead", "l1", "2026-11-02"),),
    value=None,
    reason=Reason.UNKNOWN_FIELD,
)
_BY_SCORE_EXAMPLE: Final = {"mqlVersion": 2.0}

KPIS: Final = (
    Kpi(
        Entry(
            key="MQLS",
            name="Marketing-qualified leads",
            formula="leads that satisfied the predicate of qualification for the first time in the "
            "period, each once",
            unit=MetricUnit.COUNT,
            grain="lead",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=MARKETING,
            parameters=PREDICATE,
        ),
        Counted(mqls, Aggregation.SUM),
        (
            Example(name="two are marked", given=_LEADS, value=2),
            Example(
                name="two have the score, one of them twice",
                given=_LEADS,
                draft=_BY_SCORE_EXAMPLE,
                value=2,
                group_by=Dimension.SOURCE,
                groups={"web": 2},
            ),
            _UNKNOWN,
        ),
    ),
    Kpi(
        Entry(
            key="MQL_RATE",
            name="MQL rate",
            formula="leads created in the period that were qualified since / leads created in it",
            unit=MetricUnit.RATIO,
            grain="lead",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.COHORT,
            better_is=BetterIs.HIGHER,
            stewardship=MARKETING,
            objective="Bring leads that sales wants to work.",
            decision="Which sources and messages to keep.",
            maturity_days=90,
            parameters=PREDICATE,
        ),
        Counted(mql_rate, Aggregation.RATIO),
        (
            Example(name="one of three is marked", given=_LEADS, value=1 / 3),
            Example(
                name="two of three have the score",
                given=_LEADS,
                draft=_BY_SCORE_EXAMPLE,
                value=2 / 3,
            ),
            _UNKNOWN,
        ),
    ),
)
