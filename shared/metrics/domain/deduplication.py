"""Exact de-duplication of the rows of a day (definitions §2), whatever order they arrived in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Distinct:
    """Which rows to keep, ascending, and for each the earliest time it was received (ms)."""

    rows: NDArray[np.int64]
    received_ms: NDArray[np.int64]


def distinct_rows(
    ids: NDArray[np.uint64],
    times_ms: NDArray[np.int64],
    received_ms: NDArray[np.int64],
    columns: tuple[NDArray[np.generic], ...],
    content: Callable[[int], bytes],
) -> Distinct:
    """One row of every (event id, time); the smallest content among copies that differ.

    `ids` is n × 2 unsigned 64-bit. Copies whose `columns` are all equal are alike for the caller;
    `content(row)` gives the canonical content of a row and is asked only where they are not.
    """
    suspects = _rows_with_repeated_half(ids[:, 0])
    if not len(suspects):
        return Distinct(np.arange(len(times_ms)), received_ms)
    copies, starts = _grouped(suspects, ids, times_ms)
    ends = np.append(starts[1:], len(copies))
    chosen = copies[starts]
    first = np.repeat(chosen, ends - starts)
    differs = np.zeros(len(copies), bool)
    for column in columns:
        differs |= column[copies] != column[first]
    for group in np.unique(np.searchsorted(starts, np.flatnonzero(differs), side="right") - 1):
        candidates = copies[starts[group] : ends[group]]
        chosen[group] = min(candidates, key=lambda row: content(int(row)))
    keep = np.ones(len(times_ms), bool)
    keep[copies] = False
    keep[chosen] = True
    earliest_ms = received_ms.copy()
    earliest_ms[chosen] = np.minimum.reduceat(received_ms[copies], starts)
    rows = np.flatnonzero(keep)
    return Distinct(rows, earliest_ms[rows])


def _rows_with_repeated_half(half: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The rows whose first half of the id occurs more than once: usually none, found by a sort."""
    ordered = np.sort(half)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(repeated):
        return np.zeros(0, np.int64)
    at = np.searchsorted(repeated, half)
    at[at == len(repeated)] = 0
    return np.flatnonzero(repeated[at] == half)


def _grouped(
    suspects: NDArray[np.int64], ids: NDArray[np.uint64], times_ms: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows with those of the same id and time side by side, and where each group starts."""
    order = np.argsort(ids[suspects, 0])
    rows = suspects[order]
    high, low, time = ids[rows, 0], ids[rows, 1], times_ms[rows]
    new_half = high[1:] != high[:-1]
    new_rest = (low[1:] != low[:-1]) | (time[1:] != time[:-1])
    if (new_rest & ~new_half).any():
        # One id at several times, or halves that are equal by chance: the slower, whole order.
        order = np.lexsort((time, low, high))
        rows, high, low, time = rows[order], high[order], low[order], time[order]
        new_half = high[1:] != high[:-1]
        new_rest = (low[1:] != low[:-1]) | (time[1:] != time[:-1])
    return rows, np.flatnonzero(np.concatenate(([True], new_half | new_rest)))
