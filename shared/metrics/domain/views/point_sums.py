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


def summed_by_group(
    values: NDArray[Any], code: NDArray[np.int64], starts: Starts, groups: int
) -> NDArray[np.int64]:
    """The sums as groups × points. `values` is days × people."""
    sums = np.zeros((groups, len(starts)), np.int64)
    for point, rows in spans(starts, len(values)):
        for row in range(rows.start, rows.stop):
            # Weights are doubles: exact up to 2**53, far more than a day has of anything.
            day = np.bincount(code[row], values[row], minlength=groups)
            sums[:, point] += day.astype(np.int64)
    return sums


def distinct_by_group(
    present: Flags, code: NDArray[np.int64], starts: Starts, groups: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct people as groups × points, and of each group over all days."""
    found = np.zeros((groups, len(starts)), np.int64)
    ever = np.zeros((groups, present.shape[1]), bool)
    for point, rows in spans(starts, len(present)):
        seen = np.zeros_like(ever)
        for row in range(rows.start, rows.stop):
            here = np.flatnonzero(present[row])
            seen[code[row, here], here] = True
        found[:, point] = np.count_nonzero(seen, axis=1)
        ever |= seen
    return found, np.count_nonzero(ever, axis=1)


def placed(sums: NDArray[np.int64], place: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """The rows of a table added up by their places; those of place -1 are left out."""
    table = np.zeros((groups, sums.shape[1]), np.int64)
    np.add.at(table, place[place >= 0], sums[place >= 0])
    return table
