"""The fold of one unit: sealed packs to de-duplicated rows to a roll-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.arrivals_block import arrivals_in
from shared.metrics.columns.day_events import DayEvents
from shared.metrics.columns.pack_reader import PackRows, read_packs
from shared.metrics.columns.packs import read_events, read_pack
from shared.metrics.domain.activity_rows import ActivityRows
from shared.metrics.domain.aliases import NO_ALIASES, Aliases
from shared.metrics.domain.anonymous import AnonymousUse, anonymous_use
from shared.metrics.domain.arrivals import BySource
from shared.metrics.domain.deduplication import Distinct, distinct_rows
from shared.metrics.domain.events import Event, Signal
from shared.metrics.domain.periods import DayBounds
from shared.metrics.domain.rollups import DayRollup, HitRows, roll_up


@dataclass(frozen=True, slots=True)
class FoldedDay:
    """A day's roll-up and what its rows came to; late rows arrived after the day was over.

    `joined` has the ids on the day for which another one stands; `anonymous` what is done by nobody
    who is known. `events` are the hits one by one, if they were asked for. `has_changes` says
    whether anything happened to records (`change_blocks.py`). `arrivals` say when its rows came.
    """

    rollup: DayRollup
    rows: int
    duplicates: int
    late: int
    rows_by_source: dict[str, int]
    joined: Mapping[str, str]
    anonymous: AnonymousUse
    arrivals: BySource
    events: DayEvents | None = None
    has_changes: bool = False


def fold_day(
    packs: Sequence[bytes],
    bounds: DayBounds,
    *,
    carried_ms: Mapping[str, int],
    timeout_ms: int,
    signals: Mapping[str, Signal] | None = None,
    aliases: Aliases = NO_ALIASES,
    until_ms: int | None = None,
    with_events: bool = False,
) -> FoldedDay:
    """Fold the packs of a day, or of its part before `until_ms`. The order of packs is of no
    consequence. `signals` is as for `roll_up`; `aliases` say which id stands for which.
    """
    rows = read_packs(packs, named=with_events)
    distinct = _distinct(rows)
    kept = distinct.rows
    received_ms = distinct.received_ms
    if until_ms is not None:
        early = rows.times_ms[kept] < until_ms
        kept, received_ms = kept[early], received_ms[early]
    source = rows.source[kept]
    users, user = _persons(rows.users, rows.user[kept], aliases)
    activity = ActivityRows(
        users=users,
        paths=rows.paths,
        sources=rows.sources,
        user=user,
        path=rows.path[kept],
        source=source,
        times_ms=rows.times_ms[kept],
        origin=rows.origin[kept],
    )
    rollup = roll_up(
        activity,
        carried_ms=carried_ms,
        day_end_ms=bounds.end_ms,
        timeout_ms=timeout_ms,
        signals=signals,
        with_hits=with_events,
    )
    by_source = np.bincount(source, minlength=len(rows.sources))
    return FoldedDay(
        rollup=rollup,
        rows=len(kept),
        duplicates=len(rows) - len(distinct.rows),
        late=int((received_ms >= bounds.end_ms).sum()),
        rows_by_source={
            source: int(count)
            for source, count in sorted(zip(rows.sources, by_source, strict=True))
            if count
        },
        joined={
            user_id: aliases.person(user_id)
            for user_id in sorted(aliases.person_of.keys() & set(rows.users))
        },
        anonymous=anonymous_use(activity),
        arrivals=arrivals_in(rows),
        events=_events(rows, kept, rollup.hit_rows) if rollup.hit_rows else None,
        has_changes=rows.has_changes,
    )


def _persons(
    users: list[str], user: NDArray[np.uint32], aliases: Aliases
) -> tuple[list[str], NDArray[np.uint32]]:
    """The people that stand for the users, and whose each row is."""
    if aliases.person_of.keys().isdisjoint(users):
        return users, user
    number: dict[str, int] = {}
    codes = [number.setdefault(aliases.person(user_id), len(number)) for user_id in users]
    return list(number), np.array(codes, np.uint32)[user]


def _events(rows: PackRows, kept: NDArray[np.int64], hits: HitRows) -> DayEvents:
    row = kept[hits.row]
    return DayEvents(
        path=hits.path,
        person=hits.person,
        times_ms=rows.times_ms[row],
        session=hits.session,
        record=rows.record[row].astype(np.int64),
        account=rows.account[row].astype(np.int64),
        names=rows.names,
    )


def distinct_events(packs: Sequence[bytes]) -> list[Event]:
    """The de-duplicated events of packs, whole, by time and id; `received_at` is the earliest."""
    kept: dict[tuple[int, bytes], Event] = {}
    for body in packs:
        for event in read_events(body):
            identity = (event.occurred_at_ms, event.event_id)
            other = kept.get(identity)
            kept[identity] = event if other is None else _preferred(event, other)
    return [kept[identity] for identity in sorted(kept)]


def count_rows(packs: Sequence[bytes]) -> int:
    """How many rows packs hold, duplicates included."""
    return sum(read_pack(body).rows for body in packs)


def _preferred(one: Event, other: Event) -> Event:
    chosen = min(one, other, key=Event.canonical_content)
    return chosen._replace(received_at_ms=min(one.received_at_ms, other.received_at_ms))


def _distinct(rows: PackRows) -> Distinct:
    columns: tuple[NDArray[np.generic], ...] = (rows.user, rows.path, rows.origin)
    if len(rows.record):
        columns = (*columns, rows.record, rows.account)
    return distinct_rows(rows.ids, rows.times_ms, rows.received_ms, columns, rows.content)
