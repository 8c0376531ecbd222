"""The roll-up of one local day: per person, per feature and person, and as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.events import HEARTBEAT, LOGIN, LOGOUT, ActorKind, Signal
from shared.metrics.domain.sessions import NOT_OPEN, Rank, day_sessions

NEVER_MS: Final = 0
_HIT, _LOGIN, _HEARTBEAT, _LOGOUT = range(4)
_NONE: Final = 255
_NOBODY: Final = ""
_KIND_OF_ACTION: Final = {LOGIN: _LOGIN, HEARTBEAT: _HEARTBEAT, LOGOUT: _LOGOUT}
_RANK_OF_KIND: Final = np.array([Rank.STARTS, Rank.STARTS, Rank.EXTENDS, Rank.ENDS], np.uint8)


def _kind_of_row() -> NDArray[np.uint8]:
    """By kind of action and origin what a row counts as: only users count, hits only if someone
    acted or changed something.
    """
    kinds = np.full((len(_RANK_OF_KIND), len(Signal) * len(ActorKind)), _NONE, np.uint8)
    for signal in Signal:
        origin = signal * len(ActorKind) + ActorKind.USER
        kinds[_LOGIN:, origin] = (_LOGIN, _HEARTBEAT, _LOGOUT)
        if signal is not Signal.SYSTEM:
            kinds[_HIT, origin] = _HIT
    return kinds


_KIND_OF_ROW: Final = _kind_of_row()
_DENSE_CELLS: Final = 1 << 22
"""Features × people up to which hits are counted in a dense table (32 MB), not by sorting."""


@dataclass(frozen=True, slots=True)
class ActivityRows:
    """The de-duplicated rows of a day. `user`, `path` index the lists; an absent user is `""`.

    `paths` are (feature, property, attribute, action); `origin` is signal × 4 + actor kind.
    """

    users: list[str]
    paths: list[tuple[str, str, str, str]]
    user: NDArray[np.uint32]
    path: NDArray[np.uint32]
    times_ms: NDArray[np.int64]
    origin: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PersonHits:
    """Hits by feature and person, where there are any, ordered by feature, then person."""

    feature: NDArray[np.int64]
    person: NDArray[np.int64]
    hits: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DayRollup:
    """What a day comes to. Arrays per person are in the order of `user_ids`, which is sorted, as
    is `features`; nothing depends on the order of the rows. Times are milliseconds UTC.
    """

    user_ids: list[str]
    features: list[str]
    hits: NDArray[np.int64]
    logins: NDArray[np.int64]
    last_seen_ms: NDArray[np.int64]
    last_login_ms: NDArray[np.int64]
    sessions: NDArray[np.int64]
    single_event_sessions: NDArray[np.int64]
    session_ms: NDArray[np.int64]
    cube: PersonHits
    open_until_ms: Mapping[str, int]
    unattributed_changes: int

    @property
    def present(self) -> NDArray[np.bool_]:
        """Who attended: a login or a hit of the day itself."""
        present: NDArray[np.bool_] = self.last_seen_ms != NEVER_MS
        return present


def roll_up(
    rows: ActivityRows, *, carried_ms: Mapping[str, int], day_end_ms: int, timeout_ms: int
) -> DayRollup:
    """Roll up a day. `carried_ms`: the last activity of each session that the day before left."""
    activity = _activity(rows)
    seen = _seen(activity.user, len(rows.users))
    user_ids = sorted({*compress(rows.users, seen), *carried_ms})
    number = {user_id: at for at, user_id in enumerate(user_ids)}
    person = np.array([number.get(user, 0) for user in rows.users], np.uint32)[activity.user]
    people = len(user_ids)
    found = day_sessions(
        person,
        activity.times_ms,
        _RANK_OF_KIND[activity.kind],
        carried_ms=np.array([carried_ms.get(user_id, NOT_OPEN) for user_id in user_ids], np.int64),
        day_end_ms=day_end_ms,
        timeout_ms=timeout_ms,
    )
    hit, login = activity.kind == _HIT, activity.kind == _LOGIN
    features, cube = _hits_by_feature(
        [path[0] for path in rows.paths], activity.path[hit], person[hit], people
    )
    return DayRollup(
        user_ids=user_ids,
        features=features,
        hits=np.bincount(cube.person, cube.hits, minlength=people).astype(np.int64),
        logins=np.bincount(person[login], minlength=people),
        last_seen_ms=_latest(person, activity.times_ms, hit | login, people),
        last_login_ms=_latest(person, activity.times_ms, login, people),
        sessions=found.count,
        single_event_sessions=found.single_event,
        session_ms=found.milliseconds,
        cube=cube,
        open_until_ms={
            user_ids[at]: int(found.open_until_ms[at])
            for at in np.flatnonzero(found.open_until_ms != NOT_OPEN)
        },
        unattributed_changes=_unattributed_changes(rows),
    )


class _Activity(NamedTuple):
    """The rows that count for people: hits, logins, logouts and heartbeats of users."""

    user: NDArray[np.uint32]
    path: NDArray[np.uint32]
    times_ms: NDArray[np.int64]
    kind: NDArray[np.uint8]


def _activity(rows: ActivityRows) -> _Activity:
    kind_of_path = np.array([_KIND_OF_ACTION.get(path[3], _HIT) for path in rows.paths], np.uint8)
    kind = _KIND_OF_ROW[kind_of_path[rows.path], rows.origin]
    if _NOBODY in rows.users:
        kind[rows.user == rows.users.index(_NOBODY)] = _NONE
    counts = kind != _NONE
    if counts.all():
        return _Activity(rows.user, rows.path, rows.times_ms, kind)
    return _Activity(rows.user[counts], rows.path[counts], rows.times_ms[counts], kind[counts])


def _unattributed_changes(rows: ActivityRows) -> int:
    if _NOBODY not in rows.users:
        return 0
    of_nobody = rows.origin[rows.user == rows.users.index(_NOBODY)]
    return int(np.count_nonzero(of_nobody // len(ActorKind) == Signal.CHANGE))


def _seen(codes: NDArray[np.uint32], size: int) -> NDArray[np.bool_]:
    seen = np.zeros(size, bool)
    seen[codes] = True
    return seen


def _latest(
    person: NDArray[np.uint32], times_ms: NDArray[np.int64], mask: NDArray[np.bool_], people: int
) -> NDArray[np.int64]:
    latest = np.full(people, NEVER_MS, np.int64)
    np.maximum.at(latest, person[mask], times_ms[mask])
    return latest


def _hits_by_feature(
    feature_of_path: list[str], path: NDArray[np.uint32], person: NDArray[np.uint32], people: int
) -> tuple[list[str], PersonHits]:
    """The features that were hit, and the hits by feature and person."""
    features = sorted(set(compress(feature_of_path, _seen(path, len(feature_of_path)))))
    number = {name: at for at, name in enumerate(features)}
    of_path = np.array([number.get(name, 0) for name in feature_of_path], np.int64)
    cells = (of_path * people)[path] + person
    if len(features) * people <= _DENSE_CELLS:
        table = np.bincount(cells, minlength=len(features) * people)
        cell = np.flatnonzero(table)
        hits = table[cell]
    else:
        cell, hits = np.unique(cells, return_counts=True)
    return features, PersonHits(cell // max(people, 1), cell % max(people, 1), hits)
