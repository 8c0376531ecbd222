"""The de-duplicated rows of a day, and those of them that count for people."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.events import HEARTBEAT, LOGIN, LOGOUT, ActorKind, Signal
from shared.metrics.domain.sessions import Rank

Path = tuple[str, str, str, str]
"""Feature, property, attribute, action."""

HIT_KIND, LOGIN_KIND, HEARTBEAT_KIND, LOGOUT_KIND = range(4)
_NONE: Final = 255
_NOBODY: Final = ""
_KIND_OF_ACTION: Final = {LOGIN: LOGIN_KIND, HEARTBEAT: HEARTBEAT_KIND, LOGOUT: LOGOUT_KIND}
RANK_OF_KIND: Final = np.array([Rank.STARTS, Rank.STARTS, Rank.EXTENDS, Rank.ENDS], np.uint8)


def _kind_of_row() -> NDArray[np.uint8]:
    """By kind of action and origin what a row counts as: only users count, hits only if someone
    acted or changed something.
    """
    kinds = np.full((len(RANK_OF_KIND), len(Signal) * len(ActorKind)), _NONE, np.uint8)
    for signal in Signal:
        origin = signal * len(ActorKind) + ActorKind.USER
        kinds[LOGIN_KIND:, origin] = (LOGIN_KIND, HEARTBEAT_KIND, LOGOUT_KIND)
        if signal is not Signal.SYSTEM:
            kinds[HIT_KIND, origin] = HIT_KIND
    return kinds


_KIND_OF_ROW: Final = _kind_of_row()


@dataclass(frozen=True, slots=True)
class ActivityRows:
    """The de-duplicated rows of a day. `user`, `path`, `source` index the lists; an absent user is
    `""`.

    `paths` are (feature, property, attribute, action); `origin` is signal × 4 + actor kind.
    """

    users: list[str]
    paths: list[Path]
    sources: list[str]
    user: NDArray[np.uint32]
    path: NDArray[np.uint32]
    source: NDArray[np.uint32]
    times_ms: NDArray[np.int64]
    origin: NDArray[np.uint8]


class Activity(NamedTuple):
    """The rows that count for people: hits, logins, logouts and heartbeats of users."""

    row: NDArray[np.int64]
    user: NDArray[np.uint32]
    path: NDArray[np.uint32]
    times_ms: NDArray[np.int64]
    kind: NDArray[np.uint8]


def activity_of(rows: ActivityRows) -> Activity:
    """The rows that count for people, before it is known which signal of a feature does."""
    kind_of_path = np.array(
        [_KIND_OF_ACTION.get(path[3], HIT_KIND) for path in rows.paths], np.uint8
    )
    kind = _KIND_OF_ROW[kind_of_path[rows.path], rows.origin]
    if _NOBODY in rows.users:
        kind[rows.user == rows.users.index(_NOBODY)] = _NONE
    counts = kind != _NONE
    if counts.all():
        return Activity(np.arange(len(kind)), rows.user, rows.path, rows.times_ms, kind)
    row = np.flatnonzero(counts)
    return Activity(row, rows.user[row], rows.path[row], rows.times_ms[row], kind[row])


def unattributed_changes(rows: ActivityRows) -> int:
    """How many changes nobody is known to have made."""
    if _NOBODY not in rows.users:
        return 0
    of_nobody = rows.origin[rows.user == rows.users.index(_NOBODY)]
    return int(np.count_nonzero(of_nobody // len(ActorKind) == Signal.CHANGE))
