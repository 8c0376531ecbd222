"""Whether fields of records are filled, blank, or neither is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.record_table import RecordTable


@dataclass(frozen=True, slots=True)
class Filling:
    """One entry a record."""

    filled: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    unknown: NDArray[np.bool_]


def filling(table: RecordTable, name: str) -> Filling:
    """Of a field of all records.

    Senders leave out what is empty when they tell of a new record. So a field of which nothing was
    said is blank if the creation of the record is known; but if it is known of no record, nobody
    ever sends it, and all is unknown.
    """
    column = table.column(name)
    not_said = column.unknown & table.created.known
    if column.unknown.all():
        not_said = np.zeros(len(table), bool)
    return Filling(column.known, column.empty | not_said, column.unknown & ~not_said)
