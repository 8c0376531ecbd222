"""A consistent view of a span of days: published blocks, and live folds of what is dirty.

Marks are read first. Whatever was acknowledged before is marked, or was folded before its mark
was deleted, and then the manifests that are read next already name that fold.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind, read_block
from shared.metrics.columns.day_arrays import day_arrays, read_carry, write_carry
from shared.metrics.columns.fold import FoldedDay, distinct_events
from shared.metrics.columns.roster_block import read_roster
from shared.metrics.domain.periods import Window
from shared.metrics.domain.roster import EMPTY_ROSTER, Roster, roster_of
from shared.metrics.domain.views.day_table import DayTable
from shared.metrics.engine.live import LiveFolds
from shared.metrics.engine.masks import RosterIndex
from shared.metrics.engine.people import Numbered
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import (
    NO_CARRY,
    DaySums,
    Manifest,
    day_sums,
    digest_of,
    read_manifest,
)
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.units import StoredPack

_KEPT_SNAPSHOTS: Final = 16
_KEPT_MANIFESTS: Final = 4_096


@dataclass
class Snapshot:
    """The days of a span as they stood when it was read. Loads each kind of block once."""

    data: TenantData
    span: Window
    manifests: Mapping[date, Manifest]
    live: Mapping[date, FoldedDay]
    roster: Roster
    _blocks: dict[BlockKind, dict[date, Arrays]] = field(default_factory=dict)

    @cached_property
    def people(self) -> Numbered:
        """Everyone in the days or in the directory."""
        at_least = max((m.people for m in self.manifests.values()), default=0)
        live = (user for folded in self.live.values() for user in folded.rollup.user_ids)
        return Numbered(self.data.people, at_least, [*self.roster.user_ids, *live])

    @cached_property
    def features(self) -> Numbered:
        """Every feature in the days."""
        at_least = max((m.features for m in self.manifests.values()), default=0)
        live = (name for folded in self.live.values() for name in folded.rollup.features)
        return Numbered(self.data.features, at_least, live)

    @cached_property
    def roster_index(self) -> RosterIndex:
        """The roster by the numbers of `people`."""
        return RosterIndex.of(self.roster, self.people)

    @cached_property
    def sums(self) -> dict[date, DaySums]:
        """Whole days by date; days without any event are absent."""
        folded = {day: manifest.sums for day, manifest in self.manifests.items()}
        return folded | {day: self.sums_of(live) for day, live in self.live.items()}

    def sums_of(self, folded: FoldedDay) -> DaySums:
        """The sums of a live day."""
        return day_sums(folded.rollup, self.features.numbers(folded.rollup.features))

    def arrays(self, kind: BlockKind) -> dict[date, Arrays]:
        """The arrays of one kind by date, by the numbers of `people` and `features`."""
        if kind not in self._blocks:
            attempts = {
                day.isoformat(): (manifest.attempt, manifest.parts[kind.value])
                for day, manifest in self.manifests.items()
            }
            bodies = self.data.blocks.read(kind, attempts)
            stored = {date.fromisoformat(unit): read_block(body) for unit, body in bodies.items()}
            live = {day: self.arrays_of(day, folded)[kind] for day, folded in self.live.items()}
            self._blocks[kind] = stored | live
        return self._blocks[kind]

    def arrays_of(self, day: date, folded: FoldedDay) -> dict[BlockKind, Arrays]:
        """All arrays of a live day."""
        rollup = folded.rollup
        return day_arrays(
            rollup,
            self.people.numbers(rollup.user_ids),
            self.features.numbers(rollup.features),
            self.data.calendar.start_ms(day),
        )

    def row(self, day: date) -> int:
        """The row of a day in tables of the span."""
        return (day - self.span.first).days

    def matrix(self, kind: BlockKind, column: str, dtype: type[np.generic]) -> NDArray[Any]:
        """One column of a kind as days × people."""
        table = np.zeros((self.span.length, len(self.people.names)), dtype)
        for day, arrays in self.arrays(kind).items():
            values = arrays[column]
            table[self.row(day), : len(values)] = values
        return table

    @cached_property
    def day_table(self) -> DayTable:
        """The span as days × people, of everyone."""
        features = np.zeros((self.span.length, len(self.features.names)), bool)
        for day, sums in self.sums.items():
            features[self.row(day), sums.features] = True
        return DayTable(
            span=self.span,
            user_ids=self.people.names,
            hits=self.matrix(BlockKind.CORE, "hits", np.uint32),
            present=self.matrix(BlockKind.CORE, "present", np.bool_),
            features=features,
            hits_by_day=self.by_day(lambda sums: sums.hits),
            logins_by_day=self.by_day(lambda sums: sums.logins),
            active_by_day=self.by_day(lambda sums: sums.active),
        )

    def by_day(self, measure: Callable[[DaySums], int]) -> NDArray[np.int64]:
        """A measure of every day; 0 for days without any event."""
        values = np.zeros(self.span.length, np.int64)
        for day, sums in self.sums.items():
            values[self.row(day)] = measure(sums)
        return values


class Snapshots:
    """Reads spans. One that has not changed since it was last read is answered from memory."""

    def __init__(self) -> None:
        # Most of the manifests that an answer needs were decoded for the one before.
        self._manifest = lru_cache(maxsize=_KEPT_MANIFESTS)(read_manifest)
        self._live_folds = LiveFolds()
        self._kept: OrderedDict[tuple[str, int, Window], tuple[_Inputs, Snapshot]] = OrderedDict()

    def read(self, data: TenantData, span: Window) -> Snapshot:
        """The span as it stands now. MissingBlockError, here or when its blocks are loaded, means
        that it has changed meanwhile and must be read again.
        """
        dirty = {mark.unit for mark in data.units.marks()}
        days = sorted(date.fromisoformat(unit) for unit in dirty - {DIRECTORY})
        first = self._first_that_matters(data, span.first, days)
        before = data.calendar.previous_day(first)
        bodies = data.manifests.bodies(before.isoformat(), span.last.isoformat())
        manifests = {date.fromisoformat(unit): self._manifest(m) for unit, m in bodies.items()}
        live = self._fold_dirty(data, Window(first, span.last), manifests, days)
        inputs = _Inputs(bodies, live, _read_directory(data, is_dirty=DIRECTORY in dirty))
        key = (data.settings.name, data.settings.generation, span)
        kept = self._kept.get(key)
        if kept is None or kept[1].data is not data or not kept[0].same_as(inputs):
            kept = self._kept[key] = (inputs, _snapshot(data, span, inputs, manifests))
            while len(self._kept) > _KEPT_SNAPSHOTS:
                self._kept.popitem(last=False)
        return kept[1]

    def forget(self, data: TenantData) -> None:
        """Read everything of a tenant anew next time."""
        for key in [key for key in self._kept if key[0] == data.settings.name]:
            del self._kept[key]

    def fold_until(self, data: TenantData, day: date, until_ms: int) -> FoldedDay:
        """The part of a day before an instant, from its events."""
        return self._live_folds.fold(data, day, {}, until_ms)

    def _first_that_matters(self, data: TenantData, first: date, dirty: list[date]) -> date:
        """The earliest day whose open sessions may reach `first`: the day before, or the last
        dirty one, or one further back for every dirty day that only hands sessions on.
        """
        before = data.calendar.previous_day(first)
        earlier = [day for day in dirty if day <= before]
        while len(earlier) > 1 and self._hands_on(data, earlier[-1]):
            earlier.pop()
        return min(before, earlier[-1]) if earlier else before

    def _hands_on(self, data: TenantData, day: date) -> bool:
        """Whether sessions from before a day may still be open after it: heartbeats last it out."""
        alone = self._live_folds.fold(data, day, {}).rollup
        before_ms = data.calendar.start_ms(day) - 1
        carried_ms = dict.fromkeys(alone.user_ids, before_ms)
        after = self._live_folds.fold(data, day, carried_ms).rollup
        return after.open_until_ms != alone.open_until_ms

    def _fold_dirty(
        self,
        data: TenantData,
        span: Window,
        manifests: Mapping[date, Manifest],
        days: list[date],
    ) -> dict[date, FoldedDay]:
        """Fold the dirty days, and every day that was folded with other open sessions than the
        day before hands over here: manifests are not read all at once, and some days are live.
        """
        live: dict[date, FoldedDay] = {}
        for day in sorted({*days, *manifests}):
            if day not in span:
                continue
            previous = data.calendar.previous_day(day)
            earlier = live.get(previous)
            published = manifests.get(previous)
            handed_over = published.carry_out if published else NO_CARRY
            if earlier:
                handed_over = _carry_digest(earlier)
            if day in days or manifests[day].carry_in != handed_over:
                open_until_ms = earlier.rollup.open_until_ms if earlier else None
                if open_until_ms is None:
                    open_until_ms = _published_carry(data, previous, published)
                live[day] = self._live_folds.fold(data, day, open_until_ms)
        return live


@dataclass(frozen=True, slots=True, eq=False)
class _Inputs:
    """What a snapshot is made from; live folds are equal only if they are the same ones."""

    bodies: Mapping[str, bytes]
    live: Mapping[date, FoldedDay]
    directory: list[StoredPack] | bytes

    def same_as(self, other: "_Inputs") -> bool:
        """Whether a snapshot of the others would be the same."""
        return (
            self.bodies == other.bodies
            and self.directory == other.directory
            and self.live.keys() == other.live.keys()
            and all(folded is other.live[day] for day, folded in self.live.items())
        )


def _snapshot(
    data: TenantData, span: Window, inputs: _Inputs, manifests: Mapping[date, Manifest]
) -> Snapshot:
    return Snapshot(
        data=data,
        span=span,
        manifests={d: m for d, m in manifests.items() if d in span and d not in inputs.live},
        live={day: folded for day, folded in inputs.live.items() if day in span},
        roster=_roster(data, inputs.directory),
    )


def _carry_digest(folded: FoldedDay) -> bytes:
    open_until_ms = folded.rollup.open_until_ms
    return digest_of([write_carry(open_until_ms)]) if open_until_ms else NO_CARRY


def _published_carry(data: TenantData, day: date, manifest: Manifest | None) -> Mapping[str, int]:
    if manifest is None or manifest.carry_out == NO_CARRY:
        return {}
    attempts = {day.isoformat(): (manifest.attempt, manifest.parts[BlockKind.CARRY.value])}
    return read_carry(data.blocks.read(BlockKind.CARRY, attempts)[day.isoformat()])


def _read_directory(data: TenantData, *, is_dirty: bool) -> list[StoredPack] | bytes:
    """The directory's packs while they are not all folded, else its manifest."""
    if is_dirty:
        return data.units.packs(DIRECTORY)
    return data.manifests.bodies(DIRECTORY, DIRECTORY).get(DIRECTORY, b"")


def _roster(data: TenantData, directory: list[StoredPack] | bytes) -> Roster:
    if not directory:
        return EMPTY_ROSTER
    if not isinstance(directory, bytes):
        return roster_of(distinct_events([pack.body for pack in directory]))
    manifest = read_manifest(directory)
    attempts = {DIRECTORY: (manifest.attempt, manifest.parts[BlockKind.ROSTER.value])}
    return read_roster(data.blocks.read(BlockKind.ROSTER, attempts)[DIRECTORY])
