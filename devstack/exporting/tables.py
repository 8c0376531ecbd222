"""A table as CSV, JSON lines or Parquet."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from devstack.exporting.parquet import arrow
from functions.graphql.export.csv_text import csv_text
from functions.graphql.export.table import Column, Kind, Table


class Format(StrEnum):
    """What a table can be written as."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


def written(table: Table, as_format: Format, *, byte_order_mark: bool = False) -> bytes:
    """The content of a file. BadInputError if Parquet is not installed."""
    if as_format is Format.CSV:
        return csv_text(table, byte_order_mark=byte_order_mark).encode()
    if as_format is Format.JSON_LINES:
        return _json_lines(table).encode()
    return _parquet(table)


def _json_lines(table: Table) -> str:
    names = [column.name for column in table.columns]
    rows = (dict(zip(names, row, strict=True)) for row in table.rows())
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def _parquet(table: Table) -> bytes:
    pa, parquet = arrow()
    types = {
        Kind.TEXT: pa.string(),
        Kind.WHOLE: pa.int64(),
        Kind.REAL: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.DAY: pa.date32(),
        Kind.INSTANT: pa.timestamp("ms", "UTC"),
        Kind.LIST: pa.string(),
    }
    columns = {column.name: pa.array(_read(column), types[column.kind]) for column in table.columns}
    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file, compression="zstd")
    return file.getvalue()


_READERS: Final[dict[Kind, Callable[[Any], object]]] = {
    Kind.TEXT: str,
    Kind.REAL: float,
    Kind.DAY: date.fromisoformat,
    Kind.INSTANT: datetime.fromisoformat,
    Kind.LIST: lambda value: json.dumps(value, separators=(",", ":")),
}


def _read(column: Column) -> list[object]:
    reader = _READERS.get(column.kind)
    if reader is None:
        return column.values
    return [None if value is None else reader(value) for value in column.values]
