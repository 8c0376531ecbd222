"""What was planned to be won, and how much of it was."""

from collections.abc import Sequence
from typing import Final

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
from shared.metrics.domain.kpis.proration import in_period
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
from shared.metrics.domain.records.record_types import RecordType


def quota(scope: Scope) -> Rows:
    """The part of each quota that falls on days of the period. Where people have quotas, those of
    their teams are the same ones again, and do not count.
    """
    table = scope.table(RecordType.QUOTA)
    is_own = table.column("owner").known
    return in_period(scope, table, is_own | ~is_own.any())


def attainment(parts: Sequence[Floats]) -> Outcome:
    """Won / quota."""
    won, planned = parts
    return Outcome(quotient(won, planned))


_QUOTAS: Final = (
    record(
        "quota",
        "q1",
        "2026-01-01",
        owner="ada",
        amount=30_000,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
    ),
    record(
        "quota",
        "q2",
        "2026-01-01",
        owner="bob",
        amount=92_000,
        currency="EUR",
        start="2026-10-01",
        end="2026-12-31",
    ),
    record(
        "quota",
        "q3",
        "2026-01-01",
        team="North",
        amount=60_000,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
    ),
    record(
        "deal",
        "d1",
        "2026-11-02",
        owner="ada",
        status="WON",
        closed_at="2026-11-09",
        amount=45_000,
        currency="EUR",
    ),
)

KPIS: Final = (
    Kpi(
        Entry(
            key="QUOTA",
            name="Quota",
            formula="sum of quotas, each in proportion to its days that lie in the period; those "
            "of teams only where nobody has one of their own",
            unit=MetricUnit.MONEY,
            grain="quota",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
        ),
        Counted(quota, Aggregation.SUM),
        (
            Example(name="a month, and a month of a quarter", given=_QUOTAS, value=60_000_00),
            Example(name="no quota of the period", given=_QUOTAS, period=EARLIER, value=0),
            Example(
                name="no quota was ever sent",
                given=_QUOTAS[-1:],
                value=None,
                reason=Reason.NO_RECORDS,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="QUOTA_ATTAINMENT",
            name="Quota attainment",
            formula="won revenue / quota",
            unit=MetricUnit.RATIO,
            grain="quota",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective="Reach the revenue that was planned.",
            decision="Whom to help before the period ends.",
        ),
        Derived(("WON_REVENUE", "QUOTA"), attainment),
        (
            Example(name="45 000 of 60 000", given=_QUOTAS, value=0.75),
            Example(
                name="nothing was planned",
                given=_QUOTAS,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
)
