"""The hits of a month one by one, path by path and column by column (docs/data-model.md).

Days hold the same hits; but a question about weeks of them would have to read, unseal and join a
segment for every day and path. Here it reads one frame for every path and column that it needs. The
hits of a path are in order of time, so that those of a day are next to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays
from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.identities import (
    NO_IDENTITIES,
    NOT_THERE,
    Identities,
    are_set,
    numbered,
)

NO_NAME: Final = 0
"""The code of an absent record or account; that of a name is its place in the table, plus 1."""

_NAMES_AT_ONCE: Final = 1_000_000


class HitColumn(IntEnum):
    """What is known of a hit: times are milliseconds since the month began, names are codes.

    Times are not written as differences: that would spare a third of them, but reading them would
    take five times as long.
    """

    PERSON = 0
    TIME = 1
    RECORD = 2
    ACCOUNT = 3


class NameTable:
    """The identities of the records and accounts of a month, in the order of their codes."""

    def __init__(self) -> None:
        self.identities: Identities = NO_IDENTITIES

    def codes_of(self, columns: Sequence[NDArray[np.uint64]]) -> list[NDArray[np.uint32]]:
        """The codes of columns of n × 2 halves, looked up together, but not too many at a time."""
        found = [np.empty(len(column), np.uint32) for column in columns]
        waiting: list[tuple[int, slice]] = []
        rows = 0
        for at, column in enumerate(columns):
            for start in range(0, len(column), _NAMES_AT_ONCE):
                waiting.append((at, slice(start, start + _NAMES_AT_ONCE)))
                rows += min(len(column) - start, _NAMES_AT_ONCE)
                if rows >= _NAMES_AT_ONCE:
                    self._look_up(columns, waiting, found)
                    waiting, rows = [], 0
        self._look_up(columns, waiting, found)
        return found

    def _look_up(
        self,
        columns: Sequence[NDArray[np.uint64]],
        slices: Sequence[tuple[int, slice]],
        found: Sequence[NDArray[np.uint32]],
    ) -> None:
        if slices:
            codes = self.codes(np.concatenate([columns[at][some] for at, some in slices]).T)
            end = 0
            for at, some in slices:
                start, end = end, end + len(found[at][some])
                found[at][some] = codes[start:end]

    def codes(self, identities: Identities) -> NDArray[np.int64]:
        """The code of each; new ones are added in their own order."""
        codes = np.full(identities.shape[1], NO_NAME, np.int64)
        named = np.flatnonzero(are_set(identities))
        every = np.concatenate([self.identities, identities[:, named]], axis=1)
        known = self.identities.shape[1]
        numbers, found = numbered(every)
        place = np.full(len(found), NOT_THERE, np.int64)
        place[numbers[:known]] = np.arange(known)
        new = np.flatnonzero(place == NOT_THERE)
        place[new] = known + np.arange(len(new))
        self.identities = np.concatenate([self.identities, every[:, found[new]]], axis=1)
        codes[named] = place[numbers[known:]] + 1
        return codes


class MonthHitsWriter:
    """Seals the hits of a month, path by path in the order of their numbers."""

    def __init__(self) -> None:
        self._number: list[int] = []
        self._rows: list[int] = []
        self._width: list[list[int]] = []
        self._start: list[list[int]] = []
        self._size: list[list[int]] = []
        self._at = 0

    def begin_at(self, start: int) -> None:
        """Where the next path will be written, in bytes from the beginning."""
        self._at = start

    def add(self, number: int, columns: Sequence[NDArray[Any]]) -> bytes:
        """The frames of a path, one for each of the columns in the order of `HitColumn`."""
        frames = []
        widths, starts = [], []
        for column in columns:
            width = np.min_scalar_type(int(column.max())).itemsize if column.any() else 0
            frames.append(seal(column.astype(f"<u{width}").tobytes()) if width else b"")
            widths.append(width)
            starts.append(self._at)
            self._at += len(frames[-1])
        self._number.append(number)
        self._rows.append(len(columns[HitColumn.TIME]))
        self._width.append(widths)
        self._start.append(starts)
        self._size.append([len(frame) for frame in frames])
        return b"".join(frames)

    def index(self) -> Arrays:
        """Where everything is."""
        tables = {"width": self._width, "start": self._start, "size": self._size}
        shape = (len(self._number), len(HitColumn))
        return {
            "number": np.array(self._number, np.int64),
            "rows": np.array(self._rows, np.int64),
            **{name: np.array(table, np.int64).reshape(shape) for name, table in tables.items()},
        }


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a column of a path is, and how many numbers of which width it holds; 0: all are 0."""

    start: int
    size: int
    rows: int
    width: int

    @property
    def range(self) -> tuple[int, int]:
        """From where to where its bytes are."""
        return self.start, self.start + self.size

    def read(self, body: bytes) -> NDArray[Any]:
        """The numbers, in their stored width."""
        if not self.width:
            return np.zeros(self.rows, np.uint8)
        return np.frombuffer(unseal(body), f"<u{self.width}")


def frames_of(
    index: Arrays, selected: NDArray[np.bool_], columns: Sequence[HitColumn]
) -> dict[int, list[Frame]]:
    """The frames of the selected paths by number, one for each of the columns. The month may have
    later days with paths that the caller does not know of.
    """
    known = index["number"] < len(selected)
    at = np.flatnonzero(known)[selected[index["number"][known]]]
    rows = index["rows"][at].tolist()
    start, size, width = (index[name][at].tolist() for name in ("start", "size", "width"))
    return {
        number: [
            Frame(start[nth][column], size[nth][column], rows[nth], width[nth][column])
            for column in columns
        ]
        for nth, number in enumerate(index["number"][at].tolist())
    }
