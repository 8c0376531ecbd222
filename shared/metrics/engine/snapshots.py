"""Reads spans of days consistently: published blocks, and live folds of what is dirty.

Marks are read first. Whatever was acknowledged before is marked, or was folded before its mark
was deleted, and then the manifests that are read next already name that fold.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from shared.metrics.columns.fold import FoldedDay
from shared.metrics.domain.periods import ONE_DAY, Window
from shared.metrics.engine.carries import carry_digest, published_carry
from shared.metrics.engine.directory import Directory, Source, read_directory
from shared.metrics.engine.live import FoldRules, LiveFolds
from shared.metrics.engine.published import Published, PublishedReader
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.storage.joined_people import days_of_other_people
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import LAYOUT, NO_CARRY, Manifest
from shared.metrics.storage.month_index import PublishedDay
from shared.metrics.storage.tenant_data import TenantData

_KEPT_SNAPSHOTS: Final = 16


class Snapshots:
    """Reads spans. One that has not changed since it was last read is answered from memory."""

    def __init__(self) -> None:
        # Most of the manifests that an answer needs were decoded for the one before.
        self._reader = PublishedReader()
        self._live_folds = LiveFolds()
        self._directories: dict[tuple[str, int], Directory] = {}
        self._kept: OrderedDict[tuple[str, int, Window], tuple[_Inputs, Snapshot]] = OrderedDict()

    def read(self, data: TenantData, span: Window) -> Snapshot:
        """The span as it stands now. MissingBlockError, here or when its blocks are loaded, means
        that it has changed meanwhile and must be read again.
        """
        dirty = _dirty(data)
        now = self._now(data, dirty)
        first = self._first_that_matters(data, span.first, dirty.days, now.rules)
        before = data.calendar.previous_day(first)
        versions = data.manifests.versions(before.isoformat(), span.last.isoformat())
        return self._read(data, span, first, now, versions)

    def history(self, data: TenantData, last: date) -> Snapshot:
        """The same of everything from the first day with an event to a day."""
        dirty = _dirty(data)
        now = self._now(data, dirty)
        versions = data.manifests.versions("", last.isoformat())
        folded = [date.fromisoformat(unit) for unit in islice(versions, 1)]
        first = min([*folded, *dirty.days[:1], last])
        return self._read(data, Window(first, last), first, now, versions)

    def _now(self, data: TenantData, dirty: "_Dirty") -> "_Now":
        source = read_directory(data, is_dirty=dirty.has_directory)
        directory = self._directory(data, source)
        return _Now(dirty.days, directory, FoldRules(data.counting, directory.aliases))

    def _read(
        self, data: TenantData, span: Window, first: date, now: "_Now", versions: Mapping[str, int]
    ) -> Snapshot:
        """`first` is the earliest day whose open sessions may reach the span."""
        days, source, rules = now.days, now.directory.source, now.rules
        key = (data.settings.name, data.settings.generation, span)
        before, snapshot = self._kept.get(key, (None, None))
        is_kept = snapshot is not None and snapshot.data is data
        if before and snapshot and is_kept and before.stand(versions, days, source):
            return snapshot
        published = self._reader.read(data, Window(first - ONE_DAY, span.last), versions)
        outdated = {
            day
            for day, each in published.days.items()
            if isinstance(each, Manifest) and each.layout != LAYOUT
        }
        folding = Window(first, span.last)
        others = days_of_other_people(data.blocks, data.people, published.days, rules.aliases)
        folded = {*days, *outdated, *others}
        earlier = [day for day in days if day < first]
        live = self._live(data, folding, published.days, folded, earlier, rules)
        inputs = _Inputs(versions, live.folds, source)
        if before is None or snapshot is None or not is_kept or not before.same_as(inputs):
            snapshot = self._snapshot(data, span, live, published, now.directory)
            self._kept[key] = inputs, snapshot
            while len(self._kept) > _KEPT_SNAPSHOTS:
                self._kept.popitem(last=False)
        return snapshot

    def forget(self, data: TenantData) -> None:
        """Read everything of a tenant anew next time."""
        for key in [key for key in self._kept if key[0] == data.settings.name]:
            del self._kept[key]

    def _directory(self, data: TenantData, source: Source) -> Directory:
        """The directory, with what was read of it before if it is still the same."""
        key = (data.settings.name, data.settings.generation)
        kept = self._directories.get(key)
        if kept is None or kept.data is not data or kept.source != source:
            kept = self._directories[key] = Directory(data, source)
        return kept

    def _live(
        self,
        data: TenantData,
        span: Window,
        manifests: Mapping[date, PublishedDay],
        days: set[date],
        earlier: list[date],
        rules: FoldRules,
    ) -> "_Live":
        """Fold what is dirty in a span. Dirty days before it matter only where changes are counted:
        they may have had the first actions of a feature, which then count instead.
        """
        found = self._fold_dirty(data, span, manifests, days, rules)
        has_changes = any(manifest.changes_counted for manifest in manifests.values()) or any(
            folded.rollup.changes_counted for folded in found.folds.values()
        )
        if not earlier or not has_changes:
            return found
        counting = data.counting
        for day in earlier:
            first_actions = self._live_folds.fold(data, day, {}, rules=rules).rollup.first_actions
            counting = counting.with_first_actions(dict.fromkeys(first_actions, day))
        if counting == data.counting:
            return found
        return self._fold_dirty(data, span, manifests, days, replace(rules, counting=counting))

    def _first_that_matters(
        self, data: TenantData, first: date, dirty: list[date], rules: FoldRules
    ) -> date:
        """The earliest day whose open sessions may reach `first`: the day before, or the last
        dirty one, or one further back for every dirty day that only hands sessions on.
        """
        before = data.calendar.previous_day(first)
        earlier = [day for day in dirty if day <= before]
        while len(earlier) > 1 and self._hands_on(data, earlier[-1], rules):
            earlier.pop()
        return min(before, earlier[-1]) if earlier else before

    def _hands_on(self, data: TenantData, day: date, rules: FoldRules) -> bool:
        """Whether sessions from before a day may still be open after it: heartbeats last it out."""
        alone = self._live_folds.fold(data, day, {}, rules=rules).rollup
        before_ms = data.calendar.start_ms(day) - 1
        carried_ms = dict.fromkeys(alone.user_ids, before_ms)
        after = self._live_folds.fold(data, day, carried_ms, rules=rules).rollup
        return after.open_until_ms != alone.open_until_ms

    def _fold_dirty(
        self,
        data: TenantData,
        span: Window,
        published: Mapping[date, PublishedDay],
        days: set[date],
        rules: FoldRules,
    ) -> "_Live":
        """Fold the dirty days, and every day that was folded with other open sessions than the
        day before hands over here: manifests are not read all at once, and some days are live. And
        those whose changes do not count by now. With each the open sessions that it was folded
        with.
        """
        live: dict[date, FoldedDay] = {}
        carried_ms: dict[date, Mapping[str, int]] = {}
        for day in sorted({*days, *published}):
            if day not in span:
                continue
            # A day that was folded has some length: the calendar, which is slow, need not be asked.
            previous = day - ONE_DAY
            if previous not in published:
                previous = data.calendar.previous_day(day)
            earlier = live.get(previous)
            stored = published.get(previous)
            handed_over = stored.carry_out if stored else NO_CARRY
            if earlier:
                handed_over = carry_digest(earlier)
            if (
                day in days
                or published[day].carry_in != handed_over
                or data.is_overruled(day, published[day], rules.counting)
            ):
                open_until_ms = earlier.rollup.open_until_ms if earlier else None
                if open_until_ms is None:
                    open_until_ms = published_carry(data, previous, stored)
                carried_ms[day] = open_until_ms
                folded = self._live_folds.fold(data, day, open_until_ms, rules=rules)
                live[day] = folded
                if folded.rollup.first_actions:
                    found = dict.fromkeys(folded.rollup.first_actions, day)
                    counting = rules.counting.with_first_actions(found)
                    rules = replace(rules, counting=counting)
        return _Live(live, carried_ms, rules)

    def _snapshot(
        self,
        data: TenantData,
        span: Window,
        live: "_Live",
        published: Published,
        directory: Directory,
    ) -> Snapshot:
        return Snapshot(
            data=data,
            span=span,
            manifests={
                day: each
                for day, each in published.days.items()
                if day in span and day not in live.folds
            },
            live={day: folded for day, folded in live.folds.items() if day in span},
            directory=directory,
            live_folds=self._live_folds,
            carried_ms=live.carried_ms,
            rules=live.rules,
            months=published.months,
            reader=self._reader,
        )


class _Now(NamedTuple):
    """What is to be folded live: dirty days, in order; and by which directory and rules."""

    days: list[date]
    directory: Directory
    rules: FoldRules


class _Dirty(NamedTuple):
    """What is not folded yet: days, in order, and perhaps the directory."""

    days: list[date]
    has_directory: bool


def _dirty(data: TenantData) -> _Dirty:
    units = {mark.unit for mark in data.units.marks()}
    days = sorted(date.fromisoformat(unit) for unit in units - {DIRECTORY})
    return _Dirty(days, DIRECTORY in units)


class _Live(NamedTuple):
    """Live folds by day, the open sessions that each was folded with, and the rules of all."""

    folds: dict[date, FoldedDay]
    carried_ms: dict[date, Mapping[str, int]]
    rules: FoldRules


@dataclass(frozen=True, slots=True, eq=False)
class _Inputs:
    """What a snapshot is made from; live folds are equal only if they are the same ones."""

    versions: Mapping[str, int]
    live: Mapping[date, FoldedDay]
    directory: Source

    def stand(self, versions: Mapping[str, int], dirty: list[date], directory: Source) -> bool:
        """Whether nothing was folded live, nothing is dirty now, and all else is as it was."""
        return (
            not self.live
            and not dirty
            and self.versions == versions
            and self.directory == directory
        )

    def same_as(self, other: "_Inputs") -> bool:
        """Whether a snapshot of the others would be the same."""
        return (
            self.versions == other.versions
            and self.directory == other.directory
            and self.live.keys() == other.live.keys()
            and all(folded is other.live[day] for day, folded in self.live.items())
        )
