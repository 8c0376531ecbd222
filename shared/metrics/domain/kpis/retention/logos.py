"""How many customers stay."""

from typing import Final

import numpy as np

from shared.metrics.domain.kpis.building import counted, share
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, records, update
from shared.metrics.domain.kpis.happenings import happenings
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.recurring import Period
from shared.metrics.domain.kpis.retention.stewardship import RETENTION
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
from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.records.from_rows import ChangeRow
from shared.metrics.domain.records.record_types import RecordType


def logo_retention(scope: Scope) -> Rows:
    """Each customer as the period began, and whether it is one at its end."""
    period = Period(scope)
    at_ms = np.full(len(period.accounts), scope.at_ms)
    return share(period.were_customers, period.are_customers, at_ms)


def logo_churn(scope: Scope) -> Rows:
    """Each customer as the period began, and whether it is none at its end."""
    period = Period(scope)
    at_ms = np.full(len(period.accounts), scope.at_ms)
    return share(period.were_customers, ~period.are_customers, at_ms)


def customers_retained(scope: Scope) -> Rows:
    """Each customer as the period began that is one at its end."""
    period = Period(scope)
    at_ms = np.full(len(period.accounts), scope.at_ms)
    return counted(period.were_customers & period.are_customers, at_ms)


def subscriptions_ended(scope: Scope) -> Rows:
    """Each subscription that was cancelled or has run out, when it ended."""
    table = scope.table(RecordType.SUBSCRIPTION)
    end, cancelled = table.column("end"), happenings(scope, table.column("cancelled_at"))
    day_after = scope.starts_ms(np.where(end.known, end.values + 1, 0))
    ended_ms = np.where(end.known, day_after, cancelled.at_ms)
    ended = (end.known | cancelled.happened) & (ended_ms <= scope.as_of_ms)
    return counted(ended, ended_ms)


def _subscribed(name: str, start: str, **fields: str) -> ChangeRow:
    return record("subscription", f"s-{name}", start, account=name, start=start, **fields)


_CUSTOMERS: Final = (
    *records(100, "account", "a", "2026-01-01"),
    *(_subscribed(f"a{n}", "2026-01-01") for n in range(1, 101)),
    update("subscription", "s-a1", "2026-11-10", cancelled_at="2026-11-10", churn_reason="price"),
    update("subscription", "s-a2", "2026-11-12", cancelled_at="2026-11-12"),
    *records(5, "account", "new", "2026-11-05"),
    *(_subscribed(f"new{n}", "2026-11-05") for n in range(1, 6)),
)
"""100 at the start, 2 lost, 5 new."""

_MERGED: Final = (
    record("account", "a1", "2026-01-01"),
    record("account", "a2", "2026-01-01"),
    _subscribed("a1", "2026-01-01"),
    _subscribed("a2", "2026-01-01"),
    ChangeRow("account", "a2", "2026-11-10", op=Op.MERGE, merged_into="a1"),
)
_NO_CUSTOMER: Final = Example(
    name="there was no customer as the period began",
    given=_CUSTOMERS,
    period=("2025-11-01", "2025-11-30"),
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)
_OBJECTIVE: Final = "Keep the customers that there are."


def _share(key: str, name: str, formula: str, better_is: BetterIs, decision: str) -> Entry:
    return Entry(
        key=key,
        name=name,
        formula=formula,
        unit=MetricUnit.RATIO,
        grain="account",
        kind=Kind.KPI,
        type=MetricType.DESCRIPTIVE,
        rule=TimeRule.OPENING,
        better_is=better_is,
        stewardship=RETENTION,
        objective=_OBJECTIVE,
        decision=decision,
    )


KPIS: Final = (
    Kpi(
        _share(
            "LOGO_RETENTION",
            "Customer retention",
            "customers as the period began that are customers at its end / customers as it began",
            BetterIs.HIGHER,
            "How much to spend on the customers that there are, and on which.",
        ),
        Counted(logo_retention, Aggregation.RATIO),
        (
            Example(name="100 at start, 2 lost, 5 new", given=_CUSTOMERS, value=0.98),
            Example(name="who merged is not lost", given=_MERGED, value=1),
            _NO_CUSTOMER,
        ),
    ),
    Kpi(
        _share(
            "LOGO_CHURN",
            "Customer churn",
            "customers as the period began that are none at its end / customers as it began",
            BetterIs.LOWER,
            "Which causes of loss to remove first.",
        ),
        Counted(logo_churn, Aggregation.RATIO),
        (
            Example(name="100 at start, 2 lost, 5 new", given=_CUSTOMERS, value=0.02),
            Example(name="who merged is not lost", given=_MERGED, value=0),
            _NO_CUSTOMER,
        ),
    ),
    Kpi(
        Entry(
            key="CUSTOMERS_RETAINED",
            name="Customers retained",
            formula="customers as the period began that are customers at its end",
            unit=MetricUnit.COUNT,
            grain="account",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.OPENING,
            better_is=BetterIs.HIGHER,
            stewardship=RETENTION,
        ),
        Counted(customers_retained, Aggregation.SUM),
        (
            Example(name="98 of 100", given=_CUSTOMERS, value=98),
            Example(
                name="no account was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
            ),
        ),
    ),
    Kpi(
        Entry(
            key="SUBSCRIPTIONS_ENDED",
            name="Subscriptions ended",
            formula="subscriptions that were cancelled or ran out in the period; by churn reason, "
            "those without a known one among them",
            unit=MetricUnit.COUNT,
            grain="subscription",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=RETENTION,
        ),
        Counted(subscriptions_ended, Aggregation.SUM),
        (
            Example(
                name="one for its price, one for no known reason",
                given=_CUSTOMERS,
                value=2,
                group_by=Dimension.CHURN_REASON,
                groups={"price": 1, "(unknown)": 1},
            ),
            Example(name="none ended in the period", given=_CUSTOMERS, period=EARLIER, value=0),
            Example(
                name="no subscription was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
            ),
        ),
    ),
)
