"""Records as documents for people."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.records.field_columns import FieldColumn, FieldType
from shared.metrics.domain.records.record_table import RecordTable

_FIRST_DAY: Final = date(1970, 1, 1)


def readable_records(table: RecordTable, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Each record with what is known of some fields: None where one is known to be empty; those of
    which nothing is known are left out.
    """
    columns = {name: table.column(name) for name in fields}
    for row, record_id in enumerate(table.ids):
        yield {"id": record_id} | {
            name: readable_value(column, row)
            for name, column in columns.items()
            if not column.unknown[row]
        }


def readable_value(column: FieldColumn, row: int) -> object:
    """A value as people write it: times and days in ISO 8601, money with its currency."""
    value = column.value(row)
    if value is None:
        return None
    if column.type is FieldType.INSTANT:
        return from_milliseconds(int(value)).isoformat()
    if column.type is FieldType.DATE:
        return (_FIRST_DAY + timedelta(days=int(value))).isoformat()
    if column.type is FieldType.MONEY:
        currency = column.currencies[column.currency[row]]
        return {"minor_units": value, "currency": currency}
    return value
