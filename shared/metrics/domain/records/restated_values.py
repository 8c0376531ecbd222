"""What late edits have changed of the past: an answer as it was known, and as it is known now."""

from dataclasses import dataclass

from shared.metrics.domain.records.field_columns import FieldColumn, Knowledge
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.record_types import RecordType

Known = tuple[Knowledge, str | int | float | bool | None]
"""What is known of a value, and the value if it is."""


@dataclass(frozen=True, slots=True)
class RestatedValue:
    """A record at a past instant, in one field: what was known of it then, and what is now. None
    where it was not there.
    """

    record_id: str
    before: Known | None
    after: Known | None


def restated_values(
    records: FoldedRecords, record_type: RecordType, field: str, *, at_ms: int, known_ms: int
) -> list[RestatedValue]:
    """The records whose field at `at_ms` is another one now than was known at `known_ms`, by id.

    If nothing of before `at_ms` was received after `known_ms`, there are none.
    """
    before = _values(records.known_by(known_ms), record_type, field, at_ms)
    after = _values(records, record_type, field, at_ms)
    return [
        RestatedValue(record_id, before.get(record_id), after.get(record_id))
        for record_id in sorted(before.keys() | after.keys())
        if before.get(record_id) != after.get(record_id)
    ]


def _values(
    records: FoldedRecords, record_type: RecordType, field: str, at_ms: int
) -> dict[str, Known]:
    table = records.table(record_type, at_ms)
    column = table.column(field)
    return {record_id: _known(column, row) for row, record_id in enumerate(table.ids)}


def _known(column: FieldColumn, row: int) -> Known:
    return Knowledge(int(column.knowledge[row])), column.value(row)
