"""The hits of a month one by one, path by path and column by column (docs/data-model.md).

Days hold the same hits; but a question about weeks of them would have to read, unseal and join a
segment for every day and path, and put the hits in the order of its units. Here it reads one frame
for every path and column that it needs, in that order already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays
from shared.metrics.columns.sealing import seal, unseal


class HitColumn(IntEnum):
    """What is known of a hit: times are milliseconds since the month began. Records are places in
    the table of names, accounts as well, plus 1, and 0 for none.

    The first three columns are of all hits, by person and then by time; the others of those with a
    record, by its place and then by time.

    Times are not written as differences: that would spare a third of them, but reading them would
    take five times as long.
    """

    PERSON = 0
    TIME = 1
    ACCOUNT = 2
    RECORD = 3
    RECORD_TIME = 4
    RECORD_PERSON = 5

    @property
    def is_of_records(self) -> bool:
        """Whether it is of the hits with a record only."""
        return self >= HitColumn.RECORD


_AS_DIFFERENCES: Final = (HitColumn.PERSON, HitColumn.RECORD)
"""These ascend, in steps that are mostly none."""

_DIGIT_BITS: Final = 16
"""Numbers of these are not compared to put them in order, but counted."""


def in_order(rows: NDArray[np.int64], numbers: NDArray[Any]) -> NDArray[np.int64]:
    """The rows in the order of their unsigned numbers; those with the same stay as they are."""
    for shift in range(0, int(numbers.max(initial=0)).bit_length(), _DIGIT_BITS):
        digit = (numbers.take(rows) >> shift).astype(np.uint16)
        rows = rows.take(np.argsort(digit, kind="stable"))
    return rows


class MonthHitsWriter:
    """Seals the hits of a month, path by path in the order of their numbers."""

    def __init__(self) -> None:
        self._number: list[int] = []
        self._rows: list[list[int]] = []
        self._width: list[list[int]] = []
        self._start: list[list[int]] = []
        self._size: list[list[int]] = []
        self._at = 0

    def begin_at(self, start: int) -> None:
        """Where the next path will be written, in bytes from the beginning."""
        self._at = start

    def add(self, number: int, columns: Mapping[HitColumn, NDArray[np.uint32]]) -> bytes:
        """The frames of a path, one for each column; those that are left out are empty."""
        frames = []
        rows, widths, starts = [], [], []
        for kind in HitColumn:
            column = columns.get(kind, _NOTHING)
            rows.append(len(column))
            if kind in _AS_DIFFERENCES:
                column = np.diff(column, prepend=np.uint32(0))
            width = np.min_scalar_type(int(column.max())).itemsize if column.any() else 0
            frames.append(seal(column.astype(f"<u{width}").tobytes()) if width else b"")
            widths.append(width)
            starts.append(self._at)
            self._at += len(frames[-1])
        self._number.append(number)
        self._rows.append(rows)
        self._width.append(widths)
        self._start.append(starts)
        self._size.append([len(frame) for frame in frames])
        return b"".join(frames)

    def index(self) -> Arrays:
        """Where everything is."""
        shape = (len(self._number), len(HitColumn))
        tables = {
            "rows": self._rows,
            "width": self._width,
            "start": self._start,
            "size": self._size,
        }
        return {
            "number": np.array(self._number, np.int64),
            **{name: np.array(table, np.int64).reshape(shape) for name, table in tables.items()},
        }


_NOTHING: Final = np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a column of a path is, and how many numbers of which width it holds; 0: all are 0."""

    column: HitColumn
    start: int
    size: int
    rows: int
    width: int

    @property
    def range(self) -> tuple[int, int]:
        """From where to where its bytes are."""
        return self.start, self.start + self.size

    def read(self, body: bytes) -> NDArray[np.uint32]:
        """The numbers."""
        if not self.width:
            return np.zeros(self.rows, np.uint32)
        stored: NDArray[Any] = np.frombuffer(unseal(body), f"<u{self.width}")
        if self.column in _AS_DIFFERENCES:
            return np.cumsum(stored, dtype=np.uint32)
        return stored.astype(np.uint32, copy=False)


@dataclass(frozen=True, slots=True)
class PathFrames:
    """The frames of a path, one for each column that is asked for; `rows` are all its hits, and
    `named` those with a record.
    """

    rows: int
    named: int
    frames: Sequence[Frame]


def frames_of(
    index: Arrays, selected: NDArray[np.bool_], columns: Sequence[HitColumn]
) -> dict[int, PathFrames]:
    """The frames of the selected paths by number. The month may have later days with paths that the
    caller does not know of.
    """
    known = index["number"] < len(selected)
    at = np.flatnonzero(known)[selected[index["number"][known]]]
    start, size, width, rows = (
        index[name][at].tolist() for name in ("start", "size", "width", "rows")
    )
    return {
        number: PathFrames(
            rows[nth][HitColumn.TIME],
            rows[nth][HitColumn.RECORD],
            [
                Frame(
                    column,
                    start[nth][column],
                    size[nth][column],
                    rows[nth][column],
                    width[nth][column],
                )
                for column in columns
            ],
        )
        for nth, number in enumerate(index["number"][at].tolist())
    }
