"""What late edits have changed of the past: an answer as it was known, and as it is known now."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shared.metrics.domain.records.change_log import ChangeLog
from shared.metrics.domain.records.field_columns import FieldColumn, Knowledge
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.joining import some_rows
from shared.metrics.domain.records.record_types import RecordType

Said = str | int | float | bool | None
Now = tuple[Knowledge, Said]


@dataclass(frozen=True, slots=True)
class RestatedValue:
    """A record at a past instant, in one field: what was known of it then, and what is now. None
    where it was not there.
    """

    record_id: str
    before: Now | None
    after: Now | None


def known_by(log: ChangeLog, known_ms: int) -> ChangeLog:
    """The changes that had been received by an instant."""
    return some_rows(log, np.flatnonzero(log.received_ms <= known_ms))


def restated_values(
    log: ChangeLog,
    fold: Callable[[ChangeLog], FoldedRecords],
    record_type: RecordType,
    field: str,
    *,
    at_ms: int,
    known_ms: int,
) -> list[RestatedValue]:
    """The records whose field at `at_ms` is another one now than was known at `known_ms`, by id.

    `fold` makes records of a log. If nothing of before `at_ms` was received after `known_ms`, there
    are none.
    """
    before = _values(fold(known_by(log, known_ms)), record_type, field, at_ms)
    after = _values(fold(log), record_type, field, at_ms)
    return [
        RestatedValue(record_id, before.get(record_id), after.get(record_id))
        for record_id in sorted(before.keys() | after.keys())
        if before.get(record_id) != after.get(record_id)
    ]


def _values(
    records: FoldedRecords, record_type: RecordType, field: str, at_ms: int
) -> dict[str, Now]:
    table = records.table(record_type, at_ms)
    column = table.column(field)
    return {record_id: _said(column, row) for row, record_id in enumerate(table.ids)}


def _said(column: FieldColumn, row: int) -> Now:
    return Knowledge(int(column.knowledge[row])), column.value(row)
