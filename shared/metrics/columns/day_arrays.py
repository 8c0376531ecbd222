"""A day's roll-up as arrays by person and feature number: what its blocks hold."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind
from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.rollups import DayRollup

_CUBE_LIMIT: Final = 255
"""The cube is one byte a cell; larger counts stand in the list of exceptions."""


def day_arrays(
    rollup: DayRollup, person_numbers: Sequence[int], feature_numbers: Sequence[int], start_ms: int
) -> dict[BlockKind, Arrays]:
    """The arrays of a day by kind. Person arrays end at the largest number of the day.

    `person_numbers`, `feature_numbers` are those of `rollup.user_ids`, `rollup.features`; several
    features may have one number. Times are milliseconds from the start of the day plus one, so
    that 0 means never.
    """
    person = np.array(person_numbers, np.int64)
    people = int(person.max(initial=-1)) + 1
    features, row = np.unique(np.array(feature_numbers, np.int64), return_inverse=True)
    cube = np.zeros((len(features), people), np.int64)
    np.add.at(cube, (row[rollup.cube.feature], person[rollup.cube.person]), rollup.cube.hits)
    flat = cube.reshape(-1)
    over = np.flatnonzero(flat > _CUBE_LIMIT)

    def by_number(values: NDArray[np.int64]) -> NDArray[np.int64]:
        dense = np.zeros(people, np.int64)
        dense[person] = values
        return dense

    def since_start(times_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        return by_number(np.where(times_ms > 0, times_ms - start_ms + 1, 0))

    return {
        BlockKind.CORE: {
            "hits": by_number(rollup.hits),
            "logins": by_number(rollup.logins),
            "present": by_number(rollup.present.astype(np.int64)).astype(bool),
        },
        BlockKind.TIME: {
            "last_seen": since_start(rollup.last_seen_ms),
            "last_login": since_start(rollup.last_login_ms),
            "sessions": by_number(rollup.sessions),
            "single_event_sessions": by_number(rollup.single_event_sessions),
            "session_ms": by_number(rollup.session_ms),
        },
        BlockKind.WHO: {"feature": features, "people": cube > 0},
        BlockKind.CUBE: {
            "feature": features,
            "hits": np.minimum(cube, _CUBE_LIMIT),
            "over_cell": over,
            "over_hits": flat[over],
        },
    }


def write_carry(open_until_ms: Mapping[str, int]) -> bytes:
    """The sessions left open at the end of a day, sealed: user id and last activity."""
    return seal(msgspec.msgpack.encode(sorted(open_until_ms.items())))


def read_carry(body: bytes) -> dict[str, int]:
    """The sessions of a sealed carry block."""
    return dict(msgspec.msgpack.decode(unseal(body), type=list[tuple[str, int]]))
