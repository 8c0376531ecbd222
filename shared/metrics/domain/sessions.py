"""Sessions of one local day (definitions §3), for all people at once.

A session starts at a login or hit, ends at a logout or before a gap longer than the timeout, and
is carried over midnight: it counts on its start day, each gap on the day of its later activity.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

DEFAULT_TIMEOUT_MS: Final = 15 * 60 * 1000
NOT_OPEN: Final = -1
_RANK_BITS: Final = 2
_KEY_BITS: Final = 63


class Rank(IntEnum):
    """What an activity does to a session, and the order within one millisecond."""

    STARTS = 0
    EXTENDS = 1
    ENDS = 2


@dataclass(frozen=True, slots=True)
class DaySessions:
    """Per person. `open_until_ms` is the last activity of a session that the next day may go on
    with, else NOT_OPEN. `start_person` and `start_ms` have one entry a session that has any
    activity here, by person and time; one that was carried starts at its last activity of before.
    """

    count: NDArray[np.int64]
    single_event: NDArray[np.int64]
    milliseconds: NDArray[np.int64]
    open_until_ms: NDArray[np.int64]
    start_person: NDArray[np.uint32]
    start_ms: NDArray[np.int64]


def day_sessions(
    person: NDArray[np.uint32],
    times_ms: NDArray[np.int64],
    rank: NDArray[np.uint8],
    *,
    carried_ms: NDArray[np.int64],
    day_end_ms: int,
    timeout_ms: int,
) -> DaySessions:
    """Sessions from the activities of a day, in any order.

    `person` indexes `carried_ms`, which has for each person the last activity of the session left
    open by the day before, or NOT_OPEN.
    """
    people = len(carried_ms)
    carried = np.flatnonzero(carried_ms != NOT_OPEN).astype(np.uint32)
    # A carried session enters as one activity before the day; it is counted on its own day, but
    # the gap to its first activity of today telescopes into today's time.
    person = np.concatenate((carried, person))
    times_ms = np.concatenate((carried_ms[carried], times_ms))
    rank = np.concatenate((np.zeros(len(carried), np.uint8), rank))
    if not len(person):
        nothing = np.zeros(people, np.int64)
        never = np.full(people, NOT_OPEN, np.int64)
        return DaySessions(nothing, nothing, nothing, never, person, times_ms)
    day_first_ms = int(times_ms[len(carried) :].min(initial=day_end_ms))
    person, times_ms, rank = in_order(person, times_ms, rank)

    breaks = (
        (person[1:] != person[:-1])
        | (times_ms[1:] - times_ms[:-1] > timeout_ms)
        | (rank[:-1] == Rank.ENDS)
    )
    stretch = np.concatenate(([0], np.cumsum(breaks)))
    stretch_ends = np.append(np.flatnonzero(breaks), len(person) - 1)
    starters = np.flatnonzero(rank == Rank.STARTS)
    of_stretch = stretch[starters]
    opens = np.ones(len(starters), bool)
    opens[1:] = of_stretch[1:] != of_stretch[:-1]
    start = starters[opens]
    end = stretch_ends[of_stretch[opens]]

    owner = person[start]
    is_new = times_ms[start] >= day_first_ms
    still_open = (rank[end] != Rank.ENDS) & (times_ms[end] + timeout_ms >= day_end_ms)
    open_until_ms = np.full(people, NOT_OPEN, np.int64)
    open_until_ms[owner[still_open]] = times_ms[end][still_open]
    return DaySessions(
        count=np.bincount(owner[is_new], minlength=people),
        single_event=np.bincount(owner[is_new & (start == end)], minlength=people),
        milliseconds=_summed(owner, times_ms[end] - times_ms[start], people),
        open_until_ms=open_until_ms,
        start_person=owner,
        start_ms=times_ms[start],
    )


def in_order(
    person: NDArray[np.uint32], times_ms: NDArray[np.int64], rank: NDArray[np.uint8]
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint8]]:
    """The activities by person, time and rank. Not empty.

    One sort of packed 64-bit keys, which carry the columns themselves; a comparison of columns
    where the keys would not fit.
    """
    base = times_ms.min()
    time_bits = int(times_ms.max() - base).bit_length()
    if int(person.max()).bit_length() + time_bits + _RANK_BITS > _KEY_BITS:
        order = np.lexsort((rank, times_ms, person))
        return person[order], times_ms[order], rank[order]
    keys = person.astype(np.uint64)
    keys <<= np.uint64(time_bits + _RANK_BITS)
    keys |= (times_ms - base).astype(np.uint64) << np.uint64(_RANK_BITS)
    keys |= rank
    keys.sort()
    ranks = (keys & np.uint64((1 << _RANK_BITS) - 1)).astype(np.uint8)
    keys >>= np.uint64(_RANK_BITS)
    times = (keys & np.uint64((1 << time_bits) - 1)).astype(np.int64) + base
    keys >>= np.uint64(time_bits)
    return keys.astype(np.uint32), times, ranks


def _summed(
    owner: NDArray[np.uint32], milliseconds: NDArray[np.int64], people: int
) -> NDArray[np.int64]:
    # Sums of weights are doubles: exact up to 2**53 ms, far more than any number of days.
    return np.bincount(owner, weights=milliseconds, minlength=people).astype(np.int64)
