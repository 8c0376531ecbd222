"""Which accounts are customers at an instant (definitions §5)."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import money
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType

_MONTHS_OF_YEAR: Final = 12


def customers(scope: Scope) -> NDArray[np.bool_]:
    """Which accounts of the reading are customers: those with a subscription that runs then; where
    nobody ever had a subscription, those with a deal that has been won by then.
    """
    accounts = scope.table(RecordType.ACCOUNT)
    if len(scope.records.ids(RecordType.SUBSCRIPTION)):
        subscriptions = scope.table(RecordType.SUBSCRIPTION)
        return _marked(accounts, subscriptions, running(scope, subscriptions))
    deals = Deals(scope)
    won = deals.is_won & deals.closed.happened & (deals.closed.at_ms <= scope.at_ms)
    return _marked(accounts, deals.table, won)


def running(scope: Scope, subscriptions: RecordTable) -> NDArray[np.bool_]:
    """Which subscriptions run on the local day of the reading: begun, and neither over nor
    cancelled. One that was cancelled runs until its end, if that is known.
    """
    today = scope.day(scope.at_ms)
    start, end = subscriptions.column("start"), subscriptions.column("end")
    cancelled = subscriptions.column("cancelled_at")
    begun = start.known & (start.values <= today)
    is_over = np.where(
        end.known, end.values < today, cancelled.known & (cancelled.values <= scope.at_ms)
    )
    runs: NDArray[np.bool_] = begun & ~is_over
    return runs


def yearly(scope: Scope, subscriptions: RecordTable, which: NDArray[np.bool_]) -> Rows:
    """What each of the marked subscriptions brings in a year."""
    months = subscriptions.column("interval_months")
    known = months.known & (months.values > 0)
    at_ms = np.full(len(subscriptions), scope.at_ms)
    amount = subscriptions.column("recurring_amount")
    rows = money(which & known, amount, at_ms, which & ~known)
    yearly = rows.numerator * _MONTHS_OF_YEAR / months.values[rows.record]
    return replace(rows, numerator=np.rint(yearly).astype(np.int64))


def _marked(
    accounts: RecordTable, others: RecordTable, which: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The accounts that any of the marked records refers to."""
    row = accounts.rows_of(others.column("account").values)[which]
    found = np.zeros(len(accounts), bool)
    found[row[row != NO_RECORD]] = True
    return found
