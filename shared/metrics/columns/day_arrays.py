"""A day's roll-up as arrays by person and feature number: what its blocks hold."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind
from shared.metrics.columns.cubes import HitsCube, write_cube
from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.rollups import QUARTER_MS, DayRollup, PersonHits


def day_arrays(
    rollup: DayRollup,
    person_numbers: Sequence[int],
    feature_numbers: Sequence[int],
    path_numbers: Sequence[int],
    start_ms: int,
) -> dict[BlockKind, Arrays]:
    """The arrays of a day by kind. Person arrays end at the largest number of the day.

    `person_numbers`, `feature_numbers`, `path_numbers` are those of `rollup.user_ids`, `features`
    and `paths`; several features or paths may have one number. Times are milliseconds from the
    start of the day plus one, so that 0 means never.
    """
    person = np.array(person_numbers, np.int64)
    people = int(person.max(initial=-1)) + 1
    features, cube = _renumbered(rollup.cube, feature_numbers, person)
    paths, path_cube = _renumbered(rollup.path_cube, path_numbers, person)
    who = np.zeros((len(features), people), bool)
    who[cube.row, cube.person] = True
    slots = rollup.slots
    order = np.lexsort((slots.quarter, person[slots.person]))

    def by_number(values: NDArray[np.int64]) -> NDArray[np.int64]:
        dense = np.zeros(people, np.int64)
        dense[person] = values
        return dense

    def since_start(times_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        return by_number(np.where(times_ms > 0, times_ms - start_ms + 1, 0))

    present = by_number(rollup.present.astype(np.int64)).astype(bool)
    return {
        BlockKind.CORE: {
            "hits": by_number(rollup.hits),
            "logins": by_number(rollup.logins),
            "present": present,
        },
        BlockKind.TIME: {
            "last_seen": since_start(rollup.last_seen_ms),
            "last_login": since_start(rollup.last_login_ms),
            "sessions": by_number(rollup.sessions),
            "single_event_sessions": by_number(rollup.single_event_sessions),
            "session_ms": by_number(rollup.session_ms),
            "carried": by_number(rollup.carried.astype(np.int64)).astype(bool),
        },
        BlockKind.WHO: {"feature": features, "people": who, "present": present},
        BlockKind.CUBE: write_cube(features, cube),
        BlockKind.PATHS: write_cube(paths, path_cube),
        BlockKind.SLOTS: {
            "person": person[slots.person][order],
            "quarter": slots.quarter[order] - start_ms // QUARTER_MS,
            "hits": slots.hits[order],
        },
    }


def _renumbered(
    cube: PersonHits, numbers: Sequence[int], person: NDArray[np.int64]
) -> tuple[NDArray[np.int64], HitsCube]:
    """The numbers of the rows, ascending, and the cube by them and by person numbers."""
    found, row = np.unique(np.array(numbers, np.int64), return_inverse=True)
    people = int(person.max(initial=-1)) + 1
    cells, back = np.unique(row[cube.row] * people + person[cube.person], return_inverse=True)
    hits = np.bincount(back, cube.hits, minlength=len(cells)).astype(np.int64)
    people = max(people, 1)
    return found, HitsCube(len(found), cells // people, cells % people, hits)


def write_carry(open_until_ms: Mapping[str, int]) -> bytes:
    """The sessions left open at the end of a day, sealed: user id and last activity."""
    return seal(msgspec.msgpack.encode(sorted(open_until_ms.items())))


def read_carry(body: bytes) -> dict[str, int]:
    """The sessions of a sealed carry block."""
    return dict(msgspec.msgpack.decode(unseal(body), type=list[tuple[str, int]]))
