"""What a customer is worth, and what keeping one costs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import Example, record, records, update
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
from shared.metrics.domain.kpis.proration import in_period
from shared.metrics.domain.kpis.recurring import Period
from shared.metrics.domain.kpis.retention.stewardship import RETENTION
from shared.metrics.domain.kpis.rows import Rows
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
from shared.metrics.domain.records.from_rows import ChangeRow
from shared.metrics.domain.records.record_types import RecordType

_MARGIN: Final = "grossMargin"
_MONTHS: Final = 12
_CAP_MONTHS: Final = 5 * _MONTHS
_DAYS_OF_YEAR: Final = 365.25
_SHORTEST_MONTH: Final = 28
"""Days. A period that is shorter is a part of a month, a longer one whole months."""


def retention_cost(scope: Scope) -> Rows:
    """The costs of retention that fall into the period."""
    table = scope.table(RecordType.COST)
    return in_period(scope, table, table.column("kind").equal_to("RETENTION"))


def revenue_per_customer(scope: Scope) -> Rows:
    """What each customer as the period began brings in a month."""
    period = Period(scope)
    found = period.recurring
    monthly = np.rint(found.before / _MONTHS).astype(np.int64)
    # A customer counts once, in whatever number of currencies it pays; also one that pays nothing.
    payers, first = np.unique(found.account, return_index=True)
    counts = np.zeros(len(found.account), np.int64)
    counts[first] = 1
    idle = np.setdiff1d(np.flatnonzero(period.were_customers & ~found.unknown), payers)
    nothing = np.zeros(len(idle), np.int64)
    return Rows(
        record=np.concatenate((found.account, idle)),
        at_ms=np.full(len(found.account) + len(idle), scope.at_ms),
        numerator=np.concatenate((monthly, nothing)),
        denominator=np.concatenate((counts, nothing + 1)),
        currency=np.concatenate((found.currency, nothing if found.currencies else nothing - 1)),
        currencies=found.currencies,
        unknown=np.flatnonzero(found.unknown),
    )


def margin_per_customer(scope: Scope) -> Rows:
    """The gross margin of what each customer as the period began brings in a month."""
    rows = revenue_per_customer(scope)
    margin = np.rint(rows.numerator * scope.number(_MARGIN)).astype(np.int64)
    return replace(rows, numerator=margin)


def monthly_churn(scope: Scope) -> Rows:
    """Each customer as the period began, and the part of a loss that falls to one month."""
    period = Period(scope)
    days = scope.last_day - scope.day(scope.start_ms) + 1
    months = days * _MONTHS / _DAYS_OF_YEAR
    if days >= _SHORTEST_MONTH:
        months = max(round(months), 1)
    record = np.flatnonzero(period.were_customers)
    lost = ~period.are_customers[record]
    return Rows(
        record=record,
        at_ms=np.full(len(record), scope.at_ms),
        numerator=lost / months,
        denominator=np.ones(len(record), np.int64),
    )


def lifetime_value(parts: Sequence[Floats]) -> Outcome:
    """Value in a month / churn in a month; without any churn that of five years, and flagged."""
    value, churn = parts
    is_capped = churn == 0
    capped = np.where(is_capped, value * _CAP_MONTHS, quotient(value, churn))
    return Outcome(capped, flags=((is_capped & ~np.isnan(value), Flag.CAPPED),))


def per_customer(parts: Sequence[Floats]) -> Outcome:
    """Cost / customers retained."""
    cost, customers = parts
    return Outcome(quotient(cost, customers))


def _customers(count: int) -> tuple[ChangeRow, ...]:
    return (
        *records(count, "account", "a", "2026-01-01"),
        *(
            record(
                "subscription",
                f"s{n}",
                "2026-01-01",
                account=f"a{n}",
                start="2026-01-01",
                recurring_amount=500,
                currency="EUR",
                interval_months=1,
            )
            for n in range(1, count + 1)
        ),
    )


_TWENTY: Final = (
    *_customers(20),
    update("subscription", "s1", "2026-11-10", cancelled_at="2026-11-10"),
)
"""20 customers of 500 euros a month, of which one leaves in November: a churn of 0.05."""

_SPENT: Final = (
    *_TWENTY,
    record(
        "cost",
        "c1",
        "2026-11-01",
        kind="RETENTION",
        amount=1_900,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
    ),
    record(
        "cost",
        "c2",
        "2026-11-01",
        kind="SALES",
        amount=7_000,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
    ),
)
_NO_CUSTOMER: Final = Example(
    name="there was no customer as the period began",
    given=_TWENTY,
    period=("2025-11-01", "2025-11-30"),
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)
_PARAMETERS: Final = (
    Parameter(_MARGIN, 0.75, "part of the revenue that is left after the cost to serve", (0, 1)),
)


def _entry(key: str, name: str, formula: str, unit: MetricUnit, better: BetterIs) -> Entry:
    return Entry(
        key=key,
        name=name,
        formula=formula,
        unit=unit,
        grain="account",
        kind=Kind.METRIC,
        type=MetricType.DESCRIPTIVE,
        rule=TimeRule.OPENING,
        better_is=better,
        stewardship=RETENTION,
    )


def _lifetime(key: str, name: str, formula: str) -> Entry:
    return replace(
        _entry(key, name, formula, MetricUnit.MONEY, BetterIs.HIGHER),
        kind=Kind.KPI,
        type=MetricType.PREDICTIVE,
        objective="Invest in customers what they are worth.",
        decision="What a new customer may cost.",
    )


KPIS: Final = (
    Kpi(
        replace(
            _entry(
                "RETENTION_COST",
                "Customer retention cost",
                "costs of kind RETENTION, by the days of theirs that lie in the period",
                MetricUnit.MONEY,
                BetterIs.LOWER,
            ),
            grain="cost",
            rule=TimeRule.INSTANT,
        ),
        Counted(retention_cost, Aggregation.SUM),
        (
            Example(name="1 900 euros", given=_SPENT, value=1_900_00),
            Example(name="no cost was ever sent", given=(), value=None, reason=Reason.NO_RECORDS),
        ),
    ),
    Kpi(
        replace(
            _entry(
                "RETENTION_COST_PER_CUSTOMER",
                "Retention cost per customer",
                "customer retention cost / customers retained",
                MetricUnit.MONEY,
                BetterIs.LOWER,
            ),
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            objective="Keep customers for less than they bring.",
            decision="What to offer to those who want to leave.",
        ),
        Derived(("RETENTION_COST", "CUSTOMERS_RETAINED"), per_customer),
        (
            Example(name="1 900 euros for 19", given=_SPENT, value=100_00),
            Example(name="nothing was ever sent", given=(), value=None, reason=Reason.NO_RECORDS),
        ),
    ),
    Kpi(
        _entry(
            "REVENUE_PER_CUSTOMER",
            "Recurring revenue per customer",
            "recurring revenue in a month / customers, as the period began",
            MetricUnit.MONEY,
            BetterIs.HIGHER,
        ),
        Counted(revenue_per_customer, Aggregation.RATIO),
        (Example(name="500 euros", given=_TWENTY, value=500_00), _NO_CUSTOMER),
    ),
    Kpi(
        replace(
            _entry(
                "MARGIN_PER_CUSTOMER",
                "Gross margin per customer",
                "recurring revenue in a month x gross margin / customers, as the period began",
                MetricUnit.MONEY,
                BetterIs.HIGHER,
            ),
            parameters=_PARAMETERS,
        ),
        Counted(margin_per_customer, Aggregation.RATIO),
        (
            Example(name="500 x 0.75", given=_TWENTY, value=375_00),
            Example(name="500 x 0.5", given=_TWENTY, draft={_MARGIN: 0.5}, value=250_00),
            _NO_CUSTOMER,
        ),
    ),
    Kpi(
        _entry(
            "MONTHLY_CHURN",
            "Customer churn in a month",
            "customers lost in the period / customers as it began / months of the period",
            MetricUnit.RATIO,
            BetterIs.LOWER,
        ),
        Counted(monthly_churn, Aggregation.RATIO),
        (Example(name="1 of 20 in a month", given=_TWENTY, value=0.05), _NO_CUSTOMER),
    ),
    Kpi(
        _lifetime(
            "PROJECTED_LIFETIME_VALUE",
            "Customer lifetime value, projected",
            "recurring revenue per customer in a month / customer churn in a month; without churn "
            "that of five years (flag CAPPED)",
        ),
        Derived(("REVENUE_PER_CUSTOMER", "MONTHLY_CHURN"), lifetime_value),
        (
            Example(name="500 / 0.05", given=_TWENTY, value=10_000_00),
            Example(name="without churn five years", given=_customers(2), value=30_000_00),
            _NO_CUSTOMER,
        ),
    ),
    Kpi(
        _lifetime(
            "PROJECTED_LIFETIME_MARGIN",
            "Customer lifetime value, of the margin",
            "gross margin per customer in a month / customer churn in a month; without churn that "
            "of five years (flag CAPPED)",
        ),
        Derived(("MARGIN_PER_CUSTOMER", "MONTHLY_CHURN"), lifetime_value),
        (Example(name="500 x 0.75 / 0.05", given=_TWENTY, value=7_500_00), _NO_CUSTOMER),
    ),
)
