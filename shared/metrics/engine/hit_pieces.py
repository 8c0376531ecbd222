"""Hits one by one in pieces, and the numbers of the records or accounts in all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.identities import NO_IDENTITIES, NOT_THERE, Identities, united

NO_NUMBERS: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class HitsPiece:
    """Hits of one class of paths with a unit, each column in any width: milliseconds since
    `base_ms`; people by number, empty if not asked for, and the same as `code` if they are units;
    and codes of units, in order of which, and then of time, the hits are. `number_of_code` are the
    numbers of the units in the reading.
    """

    of: int
    base_ms: int
    times: NDArray[Any]
    person: NDArray[Any]
    code: NDArray[Any]
    number_of_code: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of hits."""
        return len(self.times)

    @property
    def times_ms(self) -> NDArray[np.int64]:
        """The times in milliseconds UTC."""
        times_ms: NDArray[np.int64] = np.add(self.times, self.base_ms, dtype=np.int64)
        return times_ms

    def only(self, wanted: NDArray[np.bool_], of: int | None = None) -> "HitsPiece":
        """Some of them, in another class if it is given."""
        of = self.of if of is None else of
        times, code = self.times[wanted], self.code[wanted]
        person = code if self.person is self.code else self.person
        if person is self.person and len(person):
            person = person[wanted]
        return HitsPiece(of, self.base_ms, times, person, code, self.number_of_code)


@dataclass(frozen=True, slots=True)
class HitsReading:
    """Hits in pieces. Units have numbers below `numbers`: people have theirs, records and accounts
    are numbered in the order of their identities.

    `is_whole`: all hits have a unit; otherwise those without one are left out. `in_tables`: the
    numbers of the identities in tables, one behind the other.
    """

    pieces: Sequence[HitsPiece]
    numbers: int
    is_whole: bool
    tables: Sequence[Identities]
    in_tables: NDArray[np.int64]

    def identities(self, numbers: NDArray[np.int64]) -> Identities:
        """The identities of some records or accounts."""
        place = np.empty(self.numbers, np.int64)
        place[self.in_tables] = np.arange(len(self.in_tables))
        return np.concatenate([NO_IDENTITIES, *self.tables], axis=1)[:, place[numbers]]


@dataclass(frozen=True, slots=True)
class NamedPieces:
    """Pieces whose codes are places in a table of distinct names in order."""

    pieces: Sequence[HitsPiece]
    table: Identities
    is_whole: bool


def numbered_together(sources: Sequence[NamedPieces]) -> HitsReading:
    """The pieces of all sources, their names numbered together."""
    tables = [source.table for source in sources]
    numbers = united(tables)
    pieces = []
    end = 0
    for source in sources:
        start, end = end, end + source.table.shape[1]
        number_of_code = numbers[start:end]
        pieces += [replace(piece, number_of_code=number_of_code) for piece in source.pieces]
    is_whole = all(source.is_whole for source in sources)
    count = int(numbers.max(initial=NOT_THERE)) + 1
    return HitsReading(pieces, count, is_whole, tables, numbers)
