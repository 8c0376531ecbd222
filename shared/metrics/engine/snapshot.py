"""A span of days as it stood when it was read; loads each kind of block once."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind, read_block
from shared.metrics.columns.day_arrays import day_arrays
from shared.metrics.columns.day_events import (
    DayEvents,
    PathEvents,
    by_path,
    read_names,
    read_segment,
)
from shared.metrics.columns.fold import FoldedDay
from shared.metrics.columns.month_arrays import MONTH_KIND_OF, days_in
from shared.metrics.columns.packs import Path, path_of, text_of
from shared.metrics.domain.periods import Window
from shared.metrics.domain.rollups import DayRollup
from shared.metrics.domain.roster import Roster
from shared.metrics.domain.views.day_table import DayTable
from shared.metrics.engine.carries import published_carry_into
from shared.metrics.engine.directory import Directory
from shared.metrics.engine.live import FoldRules, LiveFolds
from shared.metrics.engine.masks import RosterIndex
from shared.metrics.engine.people import Numbered
from shared.metrics.storage.manifests import (
    DaySums,
    Manifest,
    day_sums,
)
from shared.metrics.storage.months import Month
from shared.metrics.storage.names import OTHER
from shared.metrics.storage.tenant_data import TenantData

_WORTH_A_MONTH: Final = 0.4
"""Of a gathered month all days are read, so fewer than this share of them are read alone."""

_Tables = tuple[list[tuple[list[int], list[int], Arrays]], dict[date, Arrays]]
"""Months with their rows, and days alone (`Snapshot._gathered`)."""


@dataclass
class Snapshot:
    """The days of a span as they stood when it was read. Loads each kind of block once."""

    data: TenantData
    span: Window
    manifests: Mapping[date, Manifest]
    live: Mapping[date, FoldedDay]
    directory: Directory
    live_folds: LiveFolds
    carried_ms: Mapping[date, Mapping[str, int]]
    rules: FoldRules
    months: Mapping[str, Month]
    _blocks: dict[BlockKind, dict[date, Arrays]] = field(default_factory=dict)
    _tables: dict[tuple[BlockKind, Window], _Tables] = field(default_factory=dict)

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
    def path_texts(self) -> Numbered:
        """The text of every path in the days."""
        at_least = max((m.paths for m in self.manifests.values()), default=0)
        live = (text_of(path) for folded in self.live.values() for path in folded.rollup.paths)
        return Numbered(self.data.paths, at_least, live)

    @cached_property
    def paths(self) -> list[Path]:
        """Every path in the days, by number; those beyond the most there may be are one."""
        return [
            (OTHER, "", "", "") if text == OTHER else path_of(text)
            for text in self.path_texts.names
        ]

    @property
    def roster(self) -> Roster:
        """Everyone in the directory."""
        return self.directory.roster

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

    def arrays(self, kind: BlockKind, window: Container[date] | None = None) -> dict[date, Arrays]:
        """The arrays of one kind by date, by the numbers of `people` and `features`: of all days,
        or of those of a window or a set.
        """
        known = self._blocks.setdefault(kind, {})
        wanted = {day for day in (*self.manifests, *self.live) if window is None or day in window}
        missing = wanted - known.keys()
        if missing:
            known |= self._stored(kind, {d: m for d, m in self.manifests.items() if d in missing})
            known |= {
                day: self.arrays_of(day, folded)[kind]
                for day, folded in self.live.items()
                if day in missing
            }
        return {day: known[day] for day in sorted(wanted)}

    def _stored(self, kind: BlockKind, manifests: Mapping[date, Manifest]) -> dict[date, Arrays]:
        attempts = {
            day.isoformat(): (manifest.attempt, manifest.parts[kind.value])
            for day, manifest in manifests.items()
        }
        bodies = self.data.blocks.read(kind, attempts)
        return {date.fromisoformat(unit): read_block(body) for unit, body in bodies.items()}

    def arrays_of(self, day: date, folded: FoldedDay) -> dict[BlockKind, Arrays]:
        """All arrays of a live day."""
        rollup = folded.rollup
        return day_arrays(
            rollup,
            self.people.numbers(rollup.user_ids),
            self.features.numbers(rollup.features),
            self.path_numbers(rollup),
            self.data.calendar.start_ms(day),
        )

    def path_numbers(self, rollup: DayRollup) -> list[int]:
        """The numbers of the paths of a live day."""
        return self.path_texts.numbers([text_of(path) for path in rollup.paths])

    def events(
        self, selected: NDArray[np.bool_], window: Container[date] | None = None
    ) -> dict[date, dict[int, PathEvents]]:
        """The hits of the selected paths one by one, by date and path number: of all days, or of
        those of a window or a set.
        """
        days = [day for day in (*self.manifests, *self.live) if window is None or day in window]
        whole = {
            day: self.manifests[day]
            for day in days
            if day in self.manifests and self.manifests[day].is_compacted
        }
        found = {day: self._live_events(day, selected) for day in days if day not in whole}
        indexes = self._stored(BlockKind.EVENT_INDEX, whole)
        ranges: dict[str, tuple[str, list[tuple[int, int]]]] = {}
        numbers: dict[date, list[int]] = {}
        for day, index in indexes.items():
            end = index["end"].astype(np.int64)
            start = np.concatenate(([0], end[:-1]))
            wanted = np.flatnonzero(selected[index["number"]])
            numbers[day] = index["number"][wanted].tolist()
            spans = list(zip(start[wanted].tolist(), end[wanted].tolist(), strict=True))
            ranges[day.isoformat()] = (whole[day].attempt, spans)
        segments = self.data.blocks.read_ranges(BlockKind.EVENTS, ranges)
        for day, of_day in numbers.items():
            start_ms = self.data.calendar.start_ms(day)
            bodies = segments[day.isoformat()]
            found[day] = {
                number: read_segment(body, start_ms)
                for number, body in zip(of_day, bodies, strict=True)
            }
        return found

    def names(self) -> list[str]:
        """The records and accounts of the hits of all days; a name may occur more than once."""
        whole = {day: m for day, m in self.manifests.items() if m.is_compacted}
        attempts = {
            day.isoformat(): (m.attempt, m.parts[BlockKind.RECORDS.value])
            for day, m in whole.items()
        }
        names: list[str] = []
        for body in self.data.blocks.read(BlockKind.RECORDS, attempts).values():
            names += read_names(body)
        for day in [*self.live, *(self.manifests.keys() - whole.keys())]:
            names += _events_of(self._folded_with_events(day)).names
        return names

    def _live_events(self, day: date, selected: NDArray[np.bool_]) -> dict[int, PathEvents]:
        folded = self._folded_with_events(day)
        people = self.people.numbers(folded.rollup.user_ids)
        found = by_path(_events_of(folded), people, self.path_numbers(folded.rollup))
        return {number: events for number, events in found.items() if selected[number]}

    def _folded_with_events(self, day: date) -> FoldedDay:
        return self.live_folds.fold(
            self.data, day, self.carried_into(day), rules=self.rules, with_events=True
        )

    def fold_until(
        self, day: date, until_ms: int, carried_ms: Mapping[str, int] | None = None
    ) -> FoldedDay:
        """The part of a day before an instant, from its events."""
        return self.live_folds.fold(self.data, day, carried_ms or {}, until_ms, rules=self.rules)

    def carried_into(self, day: date) -> Mapping[str, int]:
        """The open sessions that the day before handed over."""
        carried_ms = self.carried_ms.get(day)
        return published_carry_into(self.data, day) if carried_ms is None else carried_ms

    def row(self, day: date) -> int:
        """The row of a day in tables of the span."""
        return (day - self.span.first).days

    def matrix(
        self,
        kind: BlockKind,
        column: str,
        dtype: type[np.generic],
        window: Window | None = None,
        people: NDArray[np.int64] | None = None,
    ) -> NDArray[Any]:
        """One column of a kind as days × people: of the span, or of a window of it; of everyone,
        or of some people, by number.
        """
        window = window or self.span
        first = self.row(window.first)
        width = len(self.people.names) if people is None else len(people)
        table = np.zeros((window.length, width), dtype)
        gathered, alone = self._gathered(kind, window)
        for rows, at, arrays in gathered:
            values = of_people(arrays[column], people)
            table[[row - first for row in rows], : values.shape[1]] = values[at]
        for day, arrays in alone.items():
            values = of_people(arrays[column], people)
            table[self.row(day) - first, : len(values)] = values
        return table

    def _gathered(self, kind: BlockKind, window: Window) -> _Tables:
        """The arrays of a kind for the days of a window: whole months, each with rows of the span
        and those of the month that belong there, and the days that are not read from a month.
        """
        key = (kind, window)
        if key not in self._tables:
            of_months: list[tuple[list[int], list[int], Arrays]] = []
            alone = {day: manifest for day, manifest in self.manifests.items() if day in window}
            month_kind = MONTH_KIND_OF[kind]
            wanted = {
                name: (month.attempt, month.parts[month_kind.value])
                for name, month in self.months.items()
                if len(_days_of(month, alone)) >= _WORTH_A_MONTH * len(month.days)
            }
            for name, body in self.data.blocks.read(month_kind, wanted).items():
                arrays = read_block(body)
                days = _days_of(self.months[name], alone)
                numbers = days_in(arrays)
                of_months.append(
                    (
                        [self.row(day) for day in days],
                        [numbers.index(day.day) for day in days],
                        arrays,
                    )
                )
                for day in days:
                    del alone[day]
            stored = self._stored(kind, alone)
            live = {
                day: self.arrays_of(day, folded)[kind]
                for day, folded in self.live.items()
                if day in window
            }
            self._tables[key] = (of_months, stored | live)
        return self._tables[key]

    @cached_property
    def weeks(self) -> dict[str, Arrays]:
        """Who used what by week, of every gathered month by its name (`month_weeks`)."""
        kind = BlockKind.MONTH_WEEKS
        attempts = {
            name: (month.attempt, month.parts[kind.value]) for name, month in self.months.items()
        }
        bodies = self.data.blocks.read(kind, attempts)
        return {name: read_block(body) for name, body in bodies.items()}

    @cached_property
    def day_table(self) -> DayTable:
        """The span as days × people, of everyone."""
        return DayTable(
            span=self.span,
            user_ids=self.people.names,
            hits=self.matrix(BlockKind.CORE, "hits", np.uint32),
            present=self.matrix(BlockKind.CORE, "present", np.bool_),
            features=self.features_by_day(),
            hits_by_day=self.by_day(lambda sums: sums.hits),
            logins_by_day=self.by_day(lambda sums: sums.logins),
            active_by_day=self.by_day(lambda sums: sums.active),
        )

    def hits_by_feature(self, window: Window) -> NDArray[np.int64]:
        """Hits of everyone by feature number over a window of the span."""
        rows = slice(self.row(window.first), self.row(window.last) + 1)
        hits: NDArray[np.int64] = self.hits_by_day_and_feature[rows].sum(axis=0)
        return hits

    @cached_property
    def hits_by_day_and_feature(self) -> NDArray[np.int64]:
        """Hits of everyone as days × features of the span: from sums, not blocks."""
        used = self.features_by_day()
        hits = b"".join(self.sums[day].feature_hits for day in sorted(self.sums))
        table = np.zeros(used.shape, np.int64)
        table[used] = np.frombuffer(hits, "<u4")
        return table

    def features_by_day(self) -> NDArray[np.bool_]:
        """Days × features: which were hit."""
        count = len(self.features.names)
        width = -(-count // 8)
        rows = [bytes(width)] * self.span.length
        for day, sums in self.sums.items():
            rows[self.row(day)] = sums.feature_bits.ljust(width, b"\0")
        packed = np.frombuffer(b"".join(rows), np.uint8).reshape(self.span.length, width)
        bits = np.unpackbits(packed, axis=1, count=count, bitorder="little")
        return bits.astype(bool)

    def by_day(self, measure: Callable[[DaySums], int]) -> NDArray[np.int64]:
        """A measure of every day; 0 for days without any event."""
        values = np.zeros(self.span.length, np.int64)
        for day, sums in self.sums.items():
            values[self.row(day)] = measure(sums)
        return values


def _days_of(month: Month, manifests: Mapping[date, Manifest]) -> list[date]:
    """The days that a gathered month has as they are now."""
    days = {date.fromisoformat(unit): attempt for unit, attempt in month.days.items()}
    return [
        day for day, made in days.items() if day in manifests and manifests[day].attempt == made
    ]


def of_people(values: NDArray[Any], people: NDArray[np.int64] | None) -> NDArray[Any]:
    """Values by person (the last axis) of some people, by number; as they are for None. Arrays end
    at the largest number that has a value, and go on with 0.
    """
    if people is None or not values.shape[-1]:
        return values
    taken = values[..., np.minimum(people, values.shape[-1] - 1)]
    taken[..., people >= values.shape[-1]] = 0
    return taken


def _events_of(folded: FoldedDay) -> DayEvents:
    if folded.events is None:
        message = "the day was folded without its events"
        raise ValueError(message)
    return folded.events
