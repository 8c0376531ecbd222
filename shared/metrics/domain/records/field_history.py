"""All values that one field of all records of a type has had."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.field_columns import NO_RECORD, FieldColumn, FieldType, Knowledge


@dataclass(frozen=True, slots=True, eq=False)
class FieldHistory:
    """Entries by record and, of each, in fold order; only real changes have one.

    `record` is a number of `Records.ids`; `values`, `knowledge`, `names` and the currencies are as
    in `FieldColumn`, UNKNOWN where what was written cannot be read. From `at_ms` on the field has
    the value; where not `is_exact`, it may have had it earlier. `is_missed` says that by the sender
    it held something else just before than the entry before says: a change in between is missing.
    `actor` has codes of `actors`, NO_RECORD where unknown. `change` numbers the changes of all
    records in fold order, and `instants_ms` are the times of those.
    """

    type: FieldType
    record: NDArray[np.int64]
    at_ms: NDArray[np.int64]
    values: NDArray[Any]
    knowledge: NDArray[np.uint8]
    is_exact: NDArray[np.bool_]
    is_missed: NDArray[np.bool_]
    actor: NDArray[np.int64]
    actors: Sequence[str]
    change: NDArray[np.int64]
    instants_ms: NDArray[np.int64]
    names: Sequence[str] = ()
    currency: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    currencies: Sequence[str] = ()

    def __len__(self) -> int:
        """Number of entries."""
        return len(self.record)

    @property
    def first(self) -> NDArray[np.bool_]:
        """Which entries are the first of their record."""
        return np.not_equal(np.diff(self.record, prepend=NO_RECORD), 0)

    @property
    def until_ms(self) -> NDArray[np.int64]:
        """When the next entry of the record begins; the largest int64 for the last of each."""
        until_ms = np.full(len(self), np.iinfo(np.int64).max)
        until_ms[:-1][~self.first[1:]] = self.at_ms[1:][~self.first[1:]]
        return until_ms

    @property
    def column(self) -> FieldColumn:
        """The values of all entries."""
        return FieldColumn(
            self.type, self.values, self.knowledge, self.names, self.currency, self.currencies
        )

    def entry_as_of(
        self, records: NDArray[np.int64], at_ms: int | NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        """The entry that holds for each record at an instant, or at one of its own each; now
        without one. NO_RECORD before its first.
        """
        changes = len(self.instants_ms)
        if at_ms is None:
            limit: Any = changes
        else:
            limit = np.searchsorted(self.instants_ms, at_ms, side="right")
        keys = self.record * (changes + 1) + self.change
        entry = np.searchsorted(keys, records * (changes + 1) + limit, side="left") - 1
        belongs = entry >= 0
        belongs[belongs] = self.record[entry[belongs]] == records[belongs]
        return np.where(belongs, entry, NO_RECORD).astype(np.int64)

    def as_of(
        self, records: NDArray[np.int64], at_ms: int | NDArray[np.int64] | None = None
    ) -> FieldColumn:
        """The value of each record at an instant, or at one of its own each; now without one."""
        entry = self.entry_as_of(records, at_ms)
        found = entry != NO_RECORD
        values = np.full(len(records), self.type.nothing, self.type.dtype)
        knowledge = np.full(len(records), Knowledge.UNKNOWN, np.uint8)
        values[found] = self.values[entry[found]]
        knowledge[found] = self.knowledge[entry[found]]
        currency = self.currency
        if self.type is FieldType.MONEY:
            currency = np.full(len(records), NO_RECORD, np.int64)
            currency[found] = self.currency[entry[found]]
        return FieldColumn(self.type, values, knowledge, self.names, currency, self.currencies)
