"""Tables of days × people summed up by the points of a series.

Points are given by the rows at which they start, ascending from 0. Where groups are told apart,
`code` is days × people and has the group of each person on each day.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Starts = Sequence[int]
Flags = NDArray[np.bool_]


def spans(starts: Starts, days: int) -> Iterator[tuple[int, slice]]:
    """Each point with its rows."""
    ends = [*starts[1:], days]
    for point, (start, end) in enumerate(zip(starts, ends, strict=True)):
        yield point, slice(start, end)


def point_of_rows(starts: Starts, days: int) -> NDArray[np.int64]:
    """The point of each row."""
    return np.repeat(np.arange(len(starts)), np.diff([*starts, days]))


def summed(by_day: NDArray[np.int64], starts: Starts) -> NDArray[np.int64]:
    """The sum of each point."""
    sums: NDArray[np.int64] = np.add.reduceat(by_day, starts)
    return sums


def distinct(present: Flags, starts: Starts) -> NDArray[np.int64]:
    """The distinct people of each point. `present` is days × people."""
    people = [
        np.count_nonzero(present[rows].any(axis=0)) for _, rows in spans(starts, len(present))
    ]
    return np.array(people, np.int64)


class GroupColumns:
    """The columns of tables of days × people, by the group of each person on each day. Most people
    are in one group on all days: their columns are put side by side, group by group.
    """

    def __init__(self, code: NDArray[np.int64], groups: int) -> None:
        """A group below 0 is none."""
        self._groups = groups
        of_people = code[:1] if _is_steady(code) else code
        first = of_people[0]
        moves = (of_people != first).any(axis=0)
        self._moving = np.flatnonzero(moves)
        self._code = of_people[:, moves]
        steady = np.flatnonzero(~moves & (first >= 0))
        self._steady = steady[np.argsort(first[steady], kind="stable")]
        self._begin = np.flatnonzero(np.diff(first[self._steady], prepend=-1))
        self._group = first[self._steady][self._begin]

    def summed(self, values: NDArray[Any], starts: Starts) -> NDArray[np.int64]:
        """The sums as groups × points. `values` is days × people."""
        sums = np.zeros((self._groups, len(starts)), np.int64)
        if len(self._steady):
            steady = values[:, self._steady]
            if len(starts) < len(values):
                steady = np.add.reduceat(steady, starts, axis=0, dtype=np.int64)
            sums[self._group] = np.add.reduceat(steady, self._begin, axis=1, dtype=np.int64).T
        if len(self._moving):
            point = point_of_rows(starts, len(values))
            at = np.maximum(self._code, 0) * len(starts) + point[:, np.newaxis]
            moving = np.where(self._code < 0, 0, values[:, self._moving])
            # Weights are doubles: exact up to 2**53, far more than there is of anything.
            found = np.bincount(at.ravel(), moving.ravel(), minlength=sums.size)
            sums += found.reshape(sums.shape).astype(np.int64)
        return sums

    def distinct(
        self, present: Flags, starts: Starts
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The distinct people as groups × points, and of each group over all days."""
        found, ever = self._distinct_of_moving(present[:, self._moving], starts)
        if len(self._steady):
            steady = present[:, self._steady]
            if len(starts) < len(present):
                steady = np.logical_or.reduceat(steady, starts, axis=0)
            found[self._group] += np.add.reduceat(steady, self._begin, axis=1, dtype=np.int64).T
            there = steady.any(axis=0)
            ever[self._group] += np.add.reduceat(there, self._begin, dtype=np.int64)
        return found, ever

    def _distinct_of_moving(
        self, present: Flags, starts: Starts
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        found = np.zeros((self._groups, len(starts)), np.int64)
        ever = np.zeros((self._groups, present.shape[1]), bool)
        if not ever.size:
            return found, np.zeros(self._groups, np.int64)
        for point, rows in spans(starts, len(present)):
            seen = np.zeros_like(ever)
            for row in range(rows.start, rows.stop):
                here = np.flatnonzero(present[row] & (self._code[row] >= 0))
                seen[self._code[row, here], here] = True
            found[:, point] = np.count_nonzero(seen, axis=1)
            ever |= seen
        return found, np.count_nonzero(ever, axis=1).astype(np.int64)


def _is_steady(code: NDArray[np.int64]) -> bool:
    return len(code) == 1 or code.strides[0] == 0


def placed(sums: NDArray[np.int64], place: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """The rows of a table added up by their places; those of place -1 are left out."""
    table = np.zeros((groups, sums.shape[1]), np.int64)
    np.add.at(table, place[place >= 0], sums[place >= 0])
    return table
