"""How much of the recurring revenue stays."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import Example, record, records, update
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.recurring import Period, Recurring
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
from shared.metrics.domain.records.from_rows import ChangeRow


def gross_revenue_retention(scope: Scope) -> Rows:
    """What each customer brought in a year as the period began, and what of it is left."""
    found = Period(scope).recurring
    return _rows(scope, found, np.minimum(found.before, found.after))


def gross_revenue_churn(scope: Scope) -> Rows:
    """What each customer brought in a year as the period began, and what of it is gone."""
    found = Period(scope).recurring
    return _rows(scope, found, np.maximum(found.before - found.after, 0))


def net_revenue_retention(scope: Scope) -> Rows:
    """What each customer brought in a year as the period began, and what it brings at its end."""
    found = Period(scope).recurring
    return _rows(scope, found, found.after)


def net_revenue_churn(scope: Scope) -> Rows:
    """What each customer brought in a year as the period began, and how much less it is then."""
    found = Period(scope).recurring
    return _rows(scope, found, found.before - found.after)


def _rows(scope: Scope, found: Recurring, numerator: NDArray[np.int64]) -> Rows:
    return Rows(
        record=found.account,
        at_ms=np.full(len(found.account), scope.at_ms),
        numerator=numerator,
        denominator=found.before,
        currency=found.currency,
        currencies=found.currencies,
        unknown=np.flatnonzero(found.unknown),
    )


def _subscription(name: str, account: str, amount: int) -> ChangeRow:
    return record(
        "subscription",
        name,
        "2026-01-01",
        account=account,
        start="2026-01-01",
        recurring_amount=amount,
        currency="EUR",
        interval_months=1,
    )


_SUBSCRIBED: Final = (
    *records(4, "account", "a", "2026-01-01"),
    *(_subscription(f"s{n}", f"a{n}", 100) for n in (1, 2, 3, 4)),
    update("subscription", "s1", "2026-11-10", recurring_amount=150, currency="EUR"),
    update("subscription", "s2", "2026-11-10", recurring_amount=60, currency="EUR"),
    update("subscription", "s3", "2026-11-10", cancelled_at="2026-11-10"),
    record("account", "new", "2026-11-05"),
    record(
        "subscription",
        "s9",
        "2026-11-05",
        account="new",
        start="2026-11-05",
        recurring_amount=900,
        currency="EUR",
        interval_months=1,
    ),
)
"""400 euros a month: one pays 50 more, one 40 less, one left, one stays. A new one counts not."""

_NO_CUSTOMER: Final = Example(
    name="there was no customer as the period began",
    given=_SUBSCRIBED,
    period=("2025-11-01", "2025-11-30"),
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)


@dataclass(frozen=True, slots=True)
class _Words:
    key: str
    name: str
    formula: str
    better_is: BetterIs
    decision: str


def _entry(words: _Words) -> Entry:
    return Entry(
        key=words.key,
        name=words.name,
        formula=f"{words.formula} / recurring revenue of customers as the period began",
        unit=MetricUnit.RATIO,
        grain="account",
        kind=Kind.KPI,
        type=MetricType.DESCRIPTIVE,
        rule=TimeRule.OPENING,
        better_is=words.better_is,
        stewardship=RETENTION,
        objective="Keep and grow what customers pay.",
        decision=words.decision,
    )


_LEFT: Final = "Whether to mend losses or to grow what stays."
_GONE: Final = "Which customers to win back, and which prices to keep."

KPIS: Final = (
    Kpi(
        _entry(
            _Words(
                "GROSS_REVENUE_RETENTION",
                "Gross revenue retention",
                "what is left of each customer's recurring revenue at the end, growth left out,",
                BetterIs.HIGHER,
                _LEFT,
            )
        ),
        Counted(gross_revenue_retention, Aggregation.RATIO),
        (Example(name="100 + 60 + 100 of 400", given=_SUBSCRIBED, value=0.65), _NO_CUSTOMER),
    ),
    Kpi(
        _entry(
            _Words(
                "GROSS_REVENUE_CHURN",
                "Gross revenue churn",
                "what is gone of each customer's recurring revenue at the end, growth left out,",
                BetterIs.LOWER,
                _GONE,
            )
        ),
        Counted(gross_revenue_churn, Aggregation.RATIO),
        (Example(name="40 + 100 of 400", given=_SUBSCRIBED, value=0.35), _NO_CUSTOMER),
    ),
    Kpi(
        _entry(
            _Words(
                "NET_REVENUE_RETENTION",
                "Net revenue retention",
                "recurring revenue of the same customers at the end",
                BetterIs.HIGHER,
                _LEFT,
            )
        ),
        Counted(net_revenue_retention, Aggregation.RATIO),
        (Example(name="150 + 60 + 100 of 400", given=_SUBSCRIBED, value=0.775), _NO_CUSTOMER),
    ),
    Kpi(
        _entry(
            _Words(
                "NET_REVENUE_CHURN",
                "Net revenue churn",
                "recurring revenue of customers as the period began - that of the same at its end",
                BetterIs.LOWER,
                _GONE,
            )
        ),
        Counted(net_revenue_churn, Aggregation.RATIO),
        (Example(name="90 of 400", given=_SUBSCRIBED, value=0.225), _NO_CUSTOMER),
    ),
)
