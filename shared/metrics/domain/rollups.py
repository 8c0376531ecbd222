"""The roll-up of one local day: per person, per feature and person, and as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import compress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.activity_rows import (
    HIT_KIND,
    LOGIN_KIND,
    RANK_OF_KIND,
    ActivityRows,
    Path,
    activity_of,
    unattributed_changes,
)
from shared.metrics.domain.events import Signal
from shared.metrics.domain.sessions import NOT_OPEN, DaySessions, day_sessions
from shared.metrics.domain.signal_use import counted

NEVER_MS: Final = 0
QUARTER_MS: Final = 15 * 60_000
_TIME_BITS: Final = 40
_FAR: Final = 1 << 62
_DENSE_CELLS: Final = 1 << 22
"""Features × people up to which hits are counted in a dense table (32 MB), not by sorting."""


@dataclass(frozen=True, slots=True)
class PersonHits:
    """Hits by row (a feature or a path) and person, where there are any, in that order."""

    row: NDArray[np.int64]
    person: NDArray[np.int64]
    hits: NDArray[np.int64]

    def hits_by_row(self, rows: int) -> list[int]:
        """The hits of each of so many rows."""
        summed: list[int] = np.bincount(self.row, self.hits, minlength=rows).astype(int).tolist()
        return summed


@dataclass(frozen=True, slots=True)
class SlotHits:
    """Hits by person and quarter of an hour since 1970, where there are any, in that order."""

    person: NDArray[np.int64]
    quarter: NDArray[np.int64]
    hits: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HitRows:
    """Every hit: its row among the activity rows, path, person, and the session it is in.

    `path` and `person` index the roll-up's lists; `session` numbers the sessions that a person has
    on the day, from 0; the one that was carried into the day is the first.
    """

    row: NDArray[np.int64]
    path: NDArray[np.int64]
    person: NDArray[np.int64]
    session: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DayRollup:
    """What a day comes to. Arrays per person are in the order of `user_ids`, which is sorted, as
    are `features` and `paths`, those that were hit; nothing depends on the order of the rows but
    `hit_rows`. `carried`: who came into the day with an open session. `fed`: of each source with
    any hit, the features that it had hits of. `shadowed` are actions and changes of people that
    are no hits, because the other signal of their feature counts; `changes_counted` the features
    whose changes do; `first_actions` when each feature that was not known to have actions had its
    first. Times are milliseconds UTC.
    """

    user_ids: list[str]
    features: list[str]
    paths: list[Path]
    hits: NDArray[np.int64]
    logins: NDArray[np.int64]
    last_seen_ms: NDArray[np.int64]
    last_login_ms: NDArray[np.int64]
    sessions: NDArray[np.int64]
    single_event_sessions: NDArray[np.int64]
    session_ms: NDArray[np.int64]
    carried: NDArray[np.bool_]
    cube: PersonHits
    path_cube: PersonHits
    slots: SlotHits
    fed: Mapping[str, list[str]]
    hit_rows: HitRows | None
    open_until_ms: Mapping[str, int]
    unattributed_changes: int
    shadowed: int = 0
    changes_counted: tuple[str, ...] = ()
    first_actions: Mapping[str, int] = field(default_factory=dict)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Who attended: a login or a hit of the day itself."""
        present: NDArray[np.bool_] = self.last_seen_ms != NEVER_MS
        return present


def roll_up(
    rows: ActivityRows,
    *,
    carried_ms: Mapping[str, int],
    day_end_ms: int,
    timeout_ms: int,
    signals: Mapping[str, Signal] | None = None,
    with_hits: bool = False,
) -> DayRollup:
    """Roll up a day. `carried_ms`: the last activity of each session that the day before left.
    `signals`: which signal counts, of the features for which it is decided
    (`counting_signals.py`). `with_hits` asks for `hit_rows`.
    """
    activity, signal_use = counted(activity_of(rows), rows, signals or {})
    seen = _seen(activity.user, len(rows.users))
    user_ids = sorted({*compress(rows.users, seen), *carried_ms})
    number = {user_id: at for at, user_id in enumerate(user_ids)}
    person = np.array([number.get(user, 0) for user in rows.users], np.uint32)[activity.user]
    people = len(user_ids)
    handed_over_ms = np.array([carried_ms.get(name, NOT_OPEN) for name in user_ids], np.int64)
    found = day_sessions(
        person,
        activity.times_ms,
        RANK_OF_KIND[activity.kind],
        carried_ms=handed_over_ms,
        day_end_ms=day_end_ms,
        timeout_ms=timeout_ms,
    )
    hit, login = activity.kind == HIT_KIND, activity.kind == LOGIN_KIND
    hit_person = person[hit].astype(np.int64)
    paths, path = _hit_paths(rows.paths, activity.path[hit])
    path_cube = _counted(path, hit_person, len(paths), people)
    features, cube = _by_feature(paths, path_cube, people)
    return DayRollup(
        user_ids=user_ids,
        features=features,
        paths=paths,
        hits=np.bincount(hit_person, minlength=people),
        logins=np.bincount(person[login], minlength=people),
        last_seen_ms=_latest(person, activity.times_ms, hit | login, people),
        last_login_ms=_latest(person, activity.times_ms, login, people),
        sessions=found.count,
        single_event_sessions=found.single_event,
        session_ms=found.milliseconds,
        carried=handed_over_ms != NOT_OPEN,
        cube=cube,
        path_cube=path_cube,
        slots=_slots(hit_person, activity.times_ms[hit], people),
        fed=_fed(rows, activity.row[hit], paths, path),
        hit_rows=HitRows(
            row=activity.row[hit],
            path=path,
            person=hit_person,
            session=_session_of(found, hit_person, activity.times_ms[hit], people),
        )
        if with_hits
        else None,
        open_until_ms={
            user_ids[at]: int(found.open_until_ms[at])
            for at in np.flatnonzero(found.open_until_ms != NOT_OPEN)
        },
        unattributed_changes=unattributed_changes(rows),
        shadowed=signal_use.shadowed,
        changes_counted=signal_use.changes_counted,
        first_actions=signal_use.first_actions,
    )


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


def _hit_paths(paths: list[Path], path: NDArray[np.uint32]) -> tuple[list[Path], NDArray[np.int64]]:
    """The paths that were hit, sorted, and the index of each hit's path among them."""
    hit = sorted(set(compress(paths, _seen(path, len(paths)))))
    number = {name: at for at, name in enumerate(hit)}
    return hit, np.array([number.get(name, 0) for name in paths], np.int64)[path]


def _fed(
    rows: ActivityRows, row: NDArray[np.int64], paths: list[Path], path: NDArray[np.int64]
) -> dict[str, list[str]]:
    """The features that each source has hits of; `row` and `path` are those of the hits."""
    has = np.zeros((len(rows.sources), len(paths)), bool)
    if len(rows.sources) == 1:
        has[:] = True
    else:
        has.reshape(-1)[rows.source[row] * np.int64(len(paths)) + path] = True
    return {
        source: sorted({feature for feature, *_ in compress(paths, of_source)})
        for source, of_source in sorted(zip(rows.sources, has.tolist(), strict=True))
        if any(of_source)
    }


def _by_feature(paths: list[Path], cube: PersonHits, people: int) -> tuple[list[str], PersonHits]:
    """The features that were hit, and the hits by feature and person."""
    features = sorted({path[0] for path in paths})
    number = {name: at for at, name in enumerate(features)}
    of_path = np.array([number[path[0]] for path in paths], np.int64)
    return features, _counted(of_path[cube.row], cube.person, len(features), people, cube.hits)


def _counted(
    row: NDArray[np.int64],
    person: NDArray[np.int64],
    rows: int,
    people: int,
    hits: NDArray[np.int64] | None = None,
) -> PersonHits:
    """Hits added up by row and person; one for each entry if `hits` are not given."""
    cells = row * people + person
    if rows * people <= _DENSE_CELLS:
        table = np.bincount(cells, hits, minlength=rows * people)
        cell = np.flatnonzero(table)
        found = table[cell].astype(np.int64)
    elif hits is None:
        cell, found = np.unique(cells, return_counts=True)
    else:
        cell, back = np.unique(cells, return_inverse=True)
        found = np.bincount(back, hits, minlength=len(cell)).astype(np.int64)
    return PersonHits(cell // max(people, 1), cell % max(people, 1), found)


def _slots(person: NDArray[np.int64], times_ms: NDArray[np.int64], people: int) -> SlotHits:
    quarter = times_ms // QUARTER_MS
    first = int(quarter.min(initial=_FAR)) if len(quarter) else 0
    quarters = int(quarter.max(initial=first)) - first + 1
    found = _counted(person, quarter - first, people, quarters)
    return SlotHits(found.row, found.person + first, found.hits)


def _session_of(
    sessions: DaySessions, person: NDArray[np.int64], times_ms: NDArray[np.int64], people: int
) -> NDArray[np.int64]:
    """Which of its person's sessions of the day each hit is in."""
    if not len(person):
        return np.zeros(0, np.int64)
    base = int(min(sessions.start_ms.min(), times_ms.min()))
    # A time is less than two days from the base: a session is carried over one midnight.
    starts = (sessions.start_person.astype(np.int64) << _TIME_BITS) + (sessions.start_ms - base)
    at = np.searchsorted(starts, (person << _TIME_BITS) + (times_ms - base), side="right") - 1
    first = np.searchsorted(sessions.start_person, np.arange(people))
    ordinal: NDArray[np.int64] = at - first[person]
    return ordinal
