"""A table: what an answer is flattened to, whatever it is then written as."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    """What the values of a column are. Each may be None.

    Of DAY and INSTANT they are texts as the API has them, 2026-11-22 and
    2026-11-22T06:32:00.000Z; of LIST they are lists of what JSON has.
    """

    TEXT = "TEXT"
    WHOLE = "WHOLE"
    REAL = "REAL"
    FLAG = "FLAG"
    DAY = "DAY"
    INSTANT = "INSTANT"
    LIST = "LIST"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its values, one a row."""

    name: str
    kind: Kind
    values: list[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of the same length. `name` is that of the field that was asked for."""

    name: str
    columns: list[Column]

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.columns[0].values) if self.columns else 0

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows, each in the order of the columns."""
        return zip(*(column.values for column in self.columns), strict=True)
