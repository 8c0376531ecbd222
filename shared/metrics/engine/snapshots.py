"""Reads spans of days consistently: published blocks, and live folds of what is dirty.

Marks are read first. Whatever was acknowledged before is marked, or was folded before its mark
was deleted, and then the manifests that are read next already name that fold.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from shared.metrics.columns.fold import FoldedDay
from shared.metrics.domain.periods import ONE_DAY, Window
from shared.metrics.engine.carries import carry_digest, published_carry
from shared.metrics.engine.directory import Directory, Source, read_directory
from shared.metrics.engine.live import FoldRules, LiveFolds
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.storage.joined_people import days_of_other_people
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import (
    LAYOUT,
    NO_CARRY,
    Manifest,
    read_manifest,
)
from shared.metrics.storage.months import Month, read_month
from shared.metrics.storage.tenant_data import TenantData

_KEPT_SNAPSHOTS: Final = 16
_KEPT_MANIFESTS: Final = 4_096
_DAYS_WORTH_A_MONTH: Final = 4
"""Fewer days are read one by one."""


class Snapshots:
    """Reads spans. One that has not changed since it was last read is answered from memory."""

    def __init__(self) -> None:
        # Most of the manifests that an answer needs were decoded for the one before.
        self._manifest = lru_cache(maxsize=_KEPT_MANIFESTS)(read_manifest)
        self._month = lru_cache(maxsize=_KEPT_MANIFESTS)(read_month)
        self._live_folds = LiveFolds()
        self._directories: dict[tuple[str, int], Directory] = {}
        self._kept: OrderedDict[tuple[str, int, Window], tuple[_Inputs, Snapshot]] = OrderedDict()

    def read(self, data: TenantData, span: Window) -> Snapshot:
        """The span as it stands now. MissingBlockError, here or when its blocks are loaded, means
        that it has changed meanwhile and must be read again.
        """
        dirty = {mark.unit for mark in data.units.marks()}
        days = sorted(date.fromisoformat(unit) for unit in dirty - {DIRECTORY})
        directory = self._directory(data, read_directory(data, is_dirty=DIRECTORY in dirty))
        rules = FoldRules(data.counting, directory.aliases)
        first = self._first_that_matters(data, span.first, days, rules)
        before = data.calendar.previous_day(first)
        bodies = data.manifests.bodies(before.isoformat(), span.last.isoformat())
        manifests = {date.fromisoformat(unit): self._manifest(m) for unit, m in bodies.items()}
        outdated = {day for day, manifest in manifests.items() if manifest.layout != LAYOUT}
        folding = Window(first, span.last)
        others = days_of_other_people(data.blocks, data.people, manifests, rules.aliases)
        folded = {*days, *outdated, *others}
        earlier = [day for day in days if day < first]
        live, carried_ms, rules = self._live(data, folding, manifests, folded, earlier, rules)
        inputs = _Inputs(bodies, live, directory.source)
        key = (data.settings.name, data.settings.generation, span)
        kept = self._kept.get(key)
        if kept is None or kept[1].data is not data or not kept[0].same_as(inputs):
            kept = self._kept[key] = (
                inputs,
                self._snapshot(data, span, inputs, manifests, carried_ms, directory, rules),
            )
            while len(self._kept) > _KEPT_SNAPSHOTS:
                self._kept.popitem(last=False)
        return kept[1]

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
        manifests: Mapping[date, Manifest],
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
        manifests: Mapping[date, Manifest],
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
        for day in sorted({*days, *manifests}):
            if day not in span:
                continue
            # A day that was folded has some length: the calendar, which is slow, need not be asked.
            previous = day - ONE_DAY
            if previous not in manifests:
                previous = data.calendar.previous_day(day)
            earlier = live.get(previous)
            published = manifests.get(previous)
            handed_over = published.carry_out if published else NO_CARRY
            if earlier:
                handed_over = carry_digest(earlier)
            if (
                day in days
                or manifests[day].carry_in != handed_over
                or data.is_overruled(day, manifests[day], rules.counting)
            ):
                open_until_ms = earlier.rollup.open_until_ms if earlier else None
                if open_until_ms is None:
                    open_until_ms = published_carry(data, previous, published)
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
        inputs: "_Inputs",
        manifests: Mapping[date, Manifest],
        carried_ms: Mapping[date, Mapping[str, int]],
        directory: Directory,
        rules: FoldRules,
    ) -> Snapshot:
        return Snapshot(
            data=data,
            span=span,
            manifests={d: m for d, m in manifests.items() if d in span and d not in inputs.live},
            live={day: folded for day, folded in inputs.live.items() if day in span},
            directory=directory,
            live_folds=self._live_folds,
            carried_ms=carried_ms,
            rules=rules,
            months=self._months(data, span, manifests),
        )

    def _months(
        self, data: TenantData, span: Window, manifests: Mapping[date, Manifest]
    ) -> dict[str, Month]:
        """The months that spare reading at least some days of the span one by one."""
        if span.length < _DAYS_WORTH_A_MONTH:
            return {}
        bodies = data.months.bodies(span.first.isoformat()[:7], span.last.isoformat()[:7])
        months = {name: self._month(body) for name, body in bodies.items()}
        found: Counter[str] = Counter()
        for day, manifest in manifests.items():
            name = day.isoformat()[:7]  # formatting costs ten times as much
            if name in months and day in span:
                found[name] += months[name].days.get(day.isoformat()) == manifest.attempt
        return {
            name: month
            for name, month in months.items()
            if month.layout == LAYOUT and found[name] >= _DAYS_WORTH_A_MONTH
        }


class _Live(NamedTuple):
    """Live folds by day, the open sessions that each was folded with, and the rules of all."""

    folds: dict[date, FoldedDay]
    carried_ms: dict[date, Mapping[str, int]]
    rules: FoldRules


@dataclass(frozen=True, slots=True, eq=False)
class _Inputs:
    """What a snapshot is made from; live folds are equal only if they are the same ones."""

    bodies: Mapping[str, bytes]
    live: Mapping[date, FoldedDay]
    directory: Source

    def same_as(self, other: "_Inputs") -> bool:
        """Whether a snapshot of the others would be the same."""
        return (
            self.bodies == other.bodies
            and self.directory == other.directory
            and self.live.keys() == other.live.keys()
            and all(folded is other.live[day] for day, folded in self.live.items())
        )
