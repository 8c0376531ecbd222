"""Numbers for 128-bit identities. Exact: two that have a half in common are still two."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Identities = NDArray[np.uint64]
"""As 2 × n: the first halves of n identities, and the second ones. Both are 0 for none."""

NO_IDENTITIES: Final = np.zeros((2, 0), np.uint64)
NO_PLACES: Final = np.zeros(0, np.int64)
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
    numbers[order] = np.cumsum(is_new) - 1
    return numbers, order[is_new]


def united(tables: Sequence[Identities]) -> NDArray[np.int64]:
    """One number for every identity of all tables, the same for the same: the place of one of them
    if the tables were one behind the other. Within a table all must be distinct.

    Most identities are in one table only, and need not be compared with any: only those are, whose
    first bits also begin one of another table.
    """
    ends = np.cumsum([table.shape[1] for table in tables], dtype=np.int64).tolist()
    bits = (ends[-1] if ends else 0).bit_length() + 1
    buckets = [(table[0] >> np.uint64(64 - bits)).view(np.int64) for table in tables]
    tables_with = np.zeros(1 << bits, np.uint8)
    for bucket in buckets:
        tables_with[bucket] = np.minimum(tables_with[bucket] + 1, 2)
    shared = [np.flatnonzero(tables_with[bucket] > 1) for bucket in buckets]
    number, place = numbered(
        np.concatenate(
            [
                NO_IDENTITIES,
                *(np.take(table, at, axis=1) for table, at in zip(tables, shared, strict=True)),
            ],
            axis=1,
        )
    )
    starts = [0, *ends][: len(tables)]
    everywhere = np.concatenate(
        [NO_PLACES, *(at + start for at, start in zip(shared, starts, strict=True))]
    )
    numbers = np.arange(ends[-1] if ends else 0)
    numbers[everywhere] = everywhere[place[number]]
    return numbers


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
