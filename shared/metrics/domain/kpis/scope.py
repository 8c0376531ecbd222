"""What a KPI function is given: the records as of an instant, a period, and its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis import local_days
from shared.metrics.domain.kpis.entry import Setting
from shared.metrics.domain.records.field_columns import FieldColumn
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.records import Records


@dataclass(frozen=True, slots=True)
class Scope:
    """One reading. `at_ms` is the instant that records are read as of, inclusive; the period is
    `start_ms` to `end_ms`, its end left out; `as_of_ms` is when the question is asked. `settings`
    are the parameters of the entry.
    """

    records: Records
    at_ms: int
    start_ms: int
    end_ms: int
    as_of_ms: int
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def table(self, record_type: RecordType) -> RecordTable:
        """The records of a type as they were at `at_ms`."""
        return self.records.table(record_type, self.at_ms)

    def read_at(self, at_ms: int) -> "Scope":
        """The same period, with records as of another instant."""
        return replace(self, at_ms=at_ms)

    def number(self, name: str) -> float:
        """A parameter that is a number."""
        return cast("float", self.settings[name])

    def texts(self, name: str) -> tuple[str, ...]:
        """A parameter that is a set of texts."""
        return cast("tuple[str, ...]", self.settings[name])

    def starts_ms(self, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """When local days (since 1970) begin."""
        return local_days.starts_ms(self.records.calendar.local, days)

    def days(self, at_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """The local days (since 1970) of instants."""
        return local_days.local_days(self.records.calendar.local, at_ms)

    def day(self, at_ms: int) -> int:
        """The local day (since 1970) of one instant."""
        return local_days.number_of(self.records.calendar.local.day_of(at_ms))

    @property
    def last_day(self) -> int:
        """The last local day of the period."""
        return self.day(self.end_ms - 1)

    def referred(self, column: FieldColumn, record_type: RecordType) -> NDArray[np.int64]:
        """The row, in the table of the type, of the record that each value refers to; -1 for none.

        The table may hold no such record although it is referred to.
        """
        return self.table(record_type).rows_of(column.values)
