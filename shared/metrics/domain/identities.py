"""Numbers for 128-bit identities. Exact: two that have a half in common are still two."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Identities = NDArray[np.uint64]
"""As 2 × n: the first halves of n identities, and the second ones. Both are 0 for none."""

NO_IDENTITIES: Final = np.zeros((2, 0), np.uint64)
NOT_THERE: Final = -1


def are_set(identities: Identities) -> NDArray[np.bool_]:
    """Which of them are not the identity of an absent name."""
    is_set: NDArray[np.bool_] = (identities[0] | identities[1]) != 0
    return is_set


def numbered(identities: Identities) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of each among the distinct ones, which are in order; and for each of these the
    place of one that is it.
    """
    first, second = identities
    order = np.argsort(first)
    is_new = _changes(first.take(order))
    same = np.flatnonzero(~is_new)
    if np.any(second.take(order[same]) != second.take(order[same - 1])):
        order = np.lexsort((second, first))
        is_new = _changes(first[order]) | _changes(second[order])
    numbers = np.empty(len(first), np.int64)
    numbers[order] = np.cumsum(is_new.view(np.uint8), dtype=np.int64) - 1
    return numbers, order[is_new]


def united(tables: Sequence[Identities]) -> NDArray[np.int64]:
    """The number of each identity of all tables, one behind the other, among the distinct ones in
    order. Each table is distinct and in order already.

    Sorted are the first bits of each, with its place below: of tables in order that is a merge.
    Where these bits are the same, the whole identities mostly are; if not, all are compared. Arrays
    are used again, as there may be millions, and to get memory for these costs more than to sort.
    """
    ends = np.cumsum([0, *(table.shape[1] for table in tables)])
    count = int(ends[-1])
    bits = count.bit_length()
    in_order = np.arange(count, dtype=np.uint64)
    spare = np.empty_like(in_order)
    for table, start, end in zip(tables, ends, ends[1:], strict=False):
        begins = np.right_shift(table[0], bits, out=spare[start:end])
        begins <<= bits
        in_order[start:end] |= begins
    in_order.sort(kind="stable")
    differ = np.bitwise_xor(in_order[1:], in_order[:-1], out=spare[1:])
    differ >>= bits
    is_new = spare != 0
    is_new[:1] = True
    in_order &= (1 << bits) - 1
    place = in_order.view(np.int64)
    same = np.flatnonzero(~is_new)
    taken = _Taken(tables, ends)
    if not np.array_equal(taken.at(place[same]), taken.at(place[same - 1])):
        numbers, _ = numbered(np.concatenate([NO_IDENTITIES, *tables], axis=1))
        return numbers
    # As numbers: flags are added up five times as slowly.
    rank = np.cumsum(is_new.view(np.uint8), out=spare.view(np.int64))
    rank -= 1
    numbers = np.empty(count, np.int64)
    numbers[place] = rank
    return numbers


class _Taken:
    """Some identities of tables that are one behind the other, but not joined."""

    def __init__(self, tables: Sequence[Identities], ends: NDArray[np.int64]) -> None:
        self._tables = tables
        self._ends = ends

    def at(self, places: NDArray[np.int64]) -> Identities:
        """Those at some places."""
        found = np.empty((2, len(places)), np.uint64)
        for table, start, end in zip(self._tables, self._ends, self._ends[1:], strict=False):
            here = (places >= start) & (places < end)
            found[:, here] = table[:, places[here] - start]
        return found


def places_among(distinct: Identities, identities: Identities) -> NDArray[np.int64]:
    """The place of each identity among distinct ones, NOT_THERE for one that is not there."""
    known = distinct.shape[1]
    numbers, found = numbered(np.concatenate([distinct, identities], axis=1))
    place = np.full(len(found), NOT_THERE, np.int64)
    place[numbers[:known]] = np.arange(known)
    places: NDArray[np.int64] = place[numbers[known:]]
    return places


def _changes(ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    is_new = np.empty(len(ordered), bool)
    is_new[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return is_new
