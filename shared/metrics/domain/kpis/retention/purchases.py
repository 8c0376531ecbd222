"""How often customers buy, and who should have bought again by now."""

from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.aggregation import quantile
from shared.metrics.domain.kpis.building import counted, measured, money, share
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import Example, record
from shared.metrics.domain.kpis.happenings import happenings
from shared.metrics.domain.kpis.kpi import Counted, Kpi
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
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.from_rows import ChangeRow
from shared.metrics.domain.records.record_types import RecordType

_FACTOR: Final = "timesTheUsualInterval"
_MEDIAN: Final = 5
_TELLS_A_RHYTHM: Final = 3
"""Purchases from which on a customer has a usual interval."""


class _Purchases:
    """The invoices that are not void, by account and day; `row` those of the table."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.table = scope.table(RecordType.INVOICE)
        dated = happenings(scope, self.table.column("date"))
        self.at_ms = dated.at_ms
        account = self.table.column("account")
        void = self.table.column("status").equal_to("VOID")
        self.accounts = scope.table(RecordType.ACCOUNT)
        of_account = self.accounts.rows_of(account.values)
        self.counts = dated.happened & ~void & (of_account != NO_RECORD)
        self.unknown = account.unknown | dated.unknown
        row = np.flatnonzero(self.counts & (self.at_ms <= scope.at_ms))
        self.row = row[np.lexsort((row, self.at_ms[row], of_account[row]))]
        self.account = of_account[self.row]
        self.days = scope.days(self.at_ms[self.row])

    @cached_property
    def times(self) -> NDArray[np.int64]:
        """How many purchases each account has made."""
        return np.bincount(self.account, minlength=len(self.accounts))

    @cached_property
    def is_again(self) -> NDArray[np.bool_]:
        """Which of them follow another one of the same account."""
        same: NDArray[np.bool_] = np.diff(self.account, prepend=-1) == 0
        return same

    @cached_property
    def days_since(self) -> NDArray[np.int64]:
        """The local days since the one before; of no meaning for the first of an account."""
        return np.diff(self.days, prepend=0)


def repeat_purchase_rate(scope: Scope) -> Rows:
    """Each account that has bought by the end of the period, and whether more than once."""
    bought = _Purchases(scope)
    at_ms = np.full(len(bought.accounts), scope.at_ms)
    return share(bought.times > 0, bought.times > 1, at_ms)


def purchase_interval(scope: Scope) -> Rows:
    """The local days since the purchase before, of each further one of an account, when it was."""
    bought = _Purchases(scope)
    days = np.zeros(len(bought.table), np.int64)
    again = np.zeros(len(bought.table), bool)
    days[bought.row] = bought.days_since
    again[bought.row] = bought.is_again
    return measured(again, days, bought.at_ms, bought.unknown)


def overdue_customers(scope: Scope) -> Rows:
    """Each account that has bought three times or more, and not for long compared with its usual
    interval, as of the end of the period.
    """
    bought = _Purchases(scope)
    people = len(bought.accounts)
    again = bought.is_again
    usual = quantile(
        bought.days_since[again].astype(np.float64), bought.account[again], people, _MEDIAN
    )
    last = np.zeros(people, np.int64)
    np.maximum.at(last, bought.account, bought.days)
    waited = scope.day(scope.at_ms) - last
    is_overdue = (bought.times >= _TELLS_A_RHYTHM) & (waited > usual * scope.number(_FACTOR))
    return counted(is_overdue, np.full(people, scope.at_ms))


def revenue_to_date(scope: Scope) -> Rows:
    """All that was invoiced to each account by the end of the period."""
    bought = _Purchases(scope)
    which = np.zeros(len(bought.table), bool)
    which[bought.row] = True
    rows = money(which, bought.table.column("amount"), bought.at_ms, bought.unknown)
    # Each account counts once, with the first of its invoices.
    order = np.argsort(bought.row)
    account = np.full(len(bought.table), NO_RECORD)
    account[bought.row[order]] = bought.account[order]
    _, first = np.unique(account[rows.record], return_index=True)
    counts = np.zeros(len(rows), np.int64)
    counts[first] = 1
    return replace(rows, denominator=counts)


def _invoice(name: str, account: str, day: str, amount: int = 100, **fields: str) -> ChangeRow:
    return record(
        "invoice", name, day, account=account, date=day, amount=amount, currency="EUR", **fields
    )


_INVOICES: Final = (
    *(record("account", name, "2026-01-01") for name in ("often", "late", "once", "never")),
    _invoice("o1", "often", "2026-11-01"),
    _invoice("o2", "often", "2026-11-11"),
    _invoice("o3", "often", "2026-11-21"),
    _invoice("l1", "late", "2026-09-01"),
    _invoice("l2", "late", "2026-09-11"),
    _invoice("l3", "late", "2026-09-25", 300),
    _invoice("x1", "once", "2026-11-05", 500),
    _invoice("v1", "once", "2026-11-06", 900, status="VOID"),
)
_NONE_BOUGHT: Final = Example(
    name="nobody had bought by then",
    given=_INVOICES,
    period=("2026-08-01", "2026-08-31"),
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)


def _entry(
    key: str,
    name: str,
    formula: str,
    unit: MetricUnit,
    better: BetterIs,
    *,
    grain: str = "account",
    rule: TimeRule = TimeRule.INSTANT,
) -> Entry:
    return Entry(
        key=key,
        name=name,
        formula=formula,
        unit=unit,
        grain=grain,
        kind=Kind.METRIC,
        type=MetricType.DESCRIPTIVE,
        rule=rule,
        better_is=better,
        stewardship=RETENTION,
    )


KPIS: Final = (
    Kpi(
        replace(
            _entry(
                "REPEAT_PURCHASE_RATE",
                "Repeat purchase rate",
                "customers with two purchases or more / customers with one or more, by the end of "
                "the period",
                MetricUnit.RATIO,
                BetterIs.HIGHER,
            ),
            kind=Kind.KPI,
            objective="Have customers who come back.",
            decision="Whether to look for new customers or for further needs of those there are.",
        ),
        Counted(repeat_purchase_rate, Aggregation.RATIO),
        (Example(name="two of three", given=_INVOICES, value=2 / 3), _NONE_BOUGHT),
    ),
    Kpi(
        _entry(
            "PURCHASE_INTERVAL_MEDIAN",
            "Time between purchases, median",
            "median of local days since the purchase before, over purchases in the period",
            MetricUnit.DAYS,
            BetterIs.LOWER,
            grain="invoice",
            rule=TimeRule.EVENT,
        ),
        Counted(purchase_interval, Aggregation.MEDIAN),
        (
            Example(name="ten days", given=_INVOICES, value=10),
            Example(
                name="ten and fourteen days",
                given=_INVOICES,
                period=("2026-09-01", "2026-09-30"),
                asked="2026-11-30",
                value=12,
            ),
            _NONE_BOUGHT,
        ),
    ),
    Kpi(
        replace(
            _entry(
                "OVERDUE_CUSTOMERS",
                "Overdue customers",
                "customers with three purchases or more whose last one is longer ago than 1.5 "
                "times the median of their own intervals",
                MetricUnit.COUNT,
                BetterIs.LOWER,
            ),
            kind=Kind.KPI,
            type=MetricType.PRESCRIPTIVE,
            objective="Notice early who is about to leave.",
            decision="Whom to call.",
            parameters=(
                Parameter(
                    _FACTOR, 1.5, "times the usual interval after which one is late", (1, 20)
                ),
            ),
        ),
        Counted(overdue_customers, Aggregation.SUM),
        (
            Example(name="one who bought every ten to fourteen days", given=_INVOICES, value=1),
            Example(
                name="no account was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
            ),
        ),
    ),
    Kpi(
        _entry(
            "HISTORICAL_CUSTOMER_VALUE",
            "Customer lifetime value, historical",
            "all that was invoiced by the end of the period / customers it was invoiced to",
            MetricUnit.MONEY,
            BetterIs.HIGHER,
            grain="invoice",
        ),
        Counted(revenue_to_date, Aggregation.RATIO),
        (
            Example(name="1 300 euros by three", given=_INVOICES, value=1_300_00 / 3),
            _NONE_BOUGHT,
        ),
    ),
)
