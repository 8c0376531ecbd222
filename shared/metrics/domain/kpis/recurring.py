"""Customers and what they bring in a year, as a period begins and as it ends."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.customers import customers, running, yearly
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType


@dataclass(frozen=True, slots=True)
class Recurring:
    """What accounts bring in a year, in minor units, by account and currency. `account` is a row of
    the accounts as the period began; `unknown` marks accounts of which some amount is unknown.
    """

    account: NDArray[np.int64]
    currency: NDArray[np.int64]
    currencies: tuple[str, ...]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    unknown: NDArray[np.bool_]


class Period:
    """The accounts as a period begins, and what became of them by its end, or until it is asked."""

    def __init__(self, scope: Scope) -> None:
        self.start = scope
        self.end = scope.read_at(min(scope.end_ms - 1, scope.as_of_ms))
        self.accounts = scope.table(RecordType.ACCOUNT)

    @cached_property
    def were_customers(self) -> NDArray[np.bool_]:
        """Which of them were customers as it began."""
        return customers(self.start)

    @cached_property
    def are_customers(self) -> NDArray[np.bool_]:
        """Which of them are customers at its end. Who has merged is what the survivor is."""
        at_end = customers(self.end)
        row = self._row_at_end(self.accounts.number)
        found = np.zeros(len(self.accounts), bool)
        found[row >= 0] = at_end[row[row >= 0]]
        return found

    @cached_property
    def recurring(self) -> Recurring:
        """What those who were customers brought as it began, and bring at its end."""
        names: dict[str, int] = {}
        cells: dict[tuple[int, int], list[int]] = {}
        unknown = np.zeros(len(self.accounts), bool)
        for place, scope in enumerate((self.start, self.end)):
            table = scope.table(RecordType.SUBSCRIPTION)
            account = self._rows(table)
            rows = yearly(scope, table, running(scope, table) & (account != NO_RECORD))
            unknown[account[rows.unknown]] = True
            if rows.currency is None:
                continue
            for row, code, amount in zip(
                account[rows.record].tolist(),
                rows.currency.tolist(),
                rows.numerator.tolist(),
                strict=True,
            ):
                name = rows.currencies[code] if code >= 0 else ""
                cell = cells.setdefault((row, names.setdefault(name, len(names))), [0, 0])
                cell[place] += amount
        kept = [(*at, *sums) for at, sums in sorted(cells.items()) if self.were_customers[at[0]]]
        columns = np.array(kept, np.int64).reshape(-1, 4).T
        currency = columns[1]
        if "" in names:
            currency = np.where(currency == names[""], NO_RECORD, currency)
        return Recurring(columns[0], currency, tuple(names), columns[2], columns[3], unknown)

    def _rows(self, subscriptions: RecordTable) -> NDArray[np.int64]:
        """The account, as the period began, of each subscription; -1 for one that came later.

        Accounts that have merged by the end are one all the time, the first of them: else what the
        one brought would be lost, and what the survivor brings be growth.
        """
        survivor = self._survivors[self.accounts.number]
        first = np.full(len(self._survivors), NO_RECORD)
        first[survivor[::-1]] = np.arange(len(survivor))[::-1]
        account = subscriptions.column("account")
        row = np.full(len(subscriptions), NO_RECORD)
        row[account.known] = first[self._survivors[account.values[account.known]]]
        return row

    @cached_property
    def _survivors(self) -> NDArray[np.int64]:
        return self.start.records.survivors(RecordType.ACCOUNT, self.end.at_ms)

    def _row_at_end(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.end.table(RecordType.ACCOUNT).rows_of(self._survivors[numbers])
