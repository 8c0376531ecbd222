"""All records of a type as they were at an instant."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.field_columns import NO_RECORD, FieldColumn
from shared.metrics.domain.records.record_types import RecordType

D = TypeVar("D")


@dataclass(frozen=True, slots=True, eq=False)
class RecordTable:
    """The records of a type that were there at `at_ms` (None: now), one row each, by number.

    Deleted ones are left out, and merged ones, which are part of their survivor. `number` is of
    `Records.ids`. `created` is an INSTANT: what the field `created_at` says, else when the record
    was created; UNKNOWN if neither is known. `last_changed_ms` is when it was last heard of.
    """

    type: RecordType
    at_ms: int | None
    number: NDArray[np.int64]
    created: FieldColumn
    last_changed_ms: NDArray[np.int64]
    all_ids: Sequence[str]
    read: Callable[[str], FieldColumn] = field(repr=False)
    _columns: dict[str, FieldColumn] = field(default_factory=dict, repr=False)
    _derived: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        """Number of records."""
        return len(self.number)

    @property
    def ids(self) -> list[str]:
        """The id of each row."""
        return [self.all_ids[number] for number in self.number.tolist()]

    def column(self, name: str) -> FieldColumn:
        """A field of all rows; BadInputError if the type has no such field.

        Of a reference the values are numbers of the records referred to, survivors in place of
        those that have merged.
        """
        known = self._columns.get(name)
        if known is None:
            known = self._columns[name] = self.read(name)
        return known

    def derived(self, name: Hashable, make: Callable[[], D]) -> D:
        """Something that follows from the records at this instant alone, made when it is first
        asked for by this name.
        """
        if name not in self._derived:
            self._derived[name] = make()
        found: D = self._derived[name]
        return found

    def rows_of(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each of these records; NO_RECORD for those that are not there."""
        at = np.searchsorted(self.number, numbers)
        at[at == len(self.number)] = 0
        found = self.number[at] == numbers if len(self) else np.zeros(len(numbers), bool)
        return np.where(found, at, NO_RECORD)
