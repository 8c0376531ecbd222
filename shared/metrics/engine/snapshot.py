"""A span of days as it stood when it was read; loads each kind of block once."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

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
from shared.metrics.engine.person_days import MonthBlocks, PersonDays
from shared.metrics.engine.published import PublishedReader
from shared.metrics.engine.span_sums import SpanSums, Totals
from shared.metrics.storage.blocks import MissingBlockError
from shared.metrics.storage.manifests import DaySums, Manifest, day_sums
from shared.metrics.storage.month_index import MonthIndex, PublishedDay, feature_hits
from shared.metrics.storage.months import Month
from shared.metrics.storage.names import OTHER
from shared.metrics.storage.tenant_data import TenantData


@dataclass
class Snapshot:
    """The days of a span as they stood when it was read. Loads each kind of block once."""

    data: TenantData
    span: Window
    manifests: Mapping[date, PublishedDay]
    live: Mapping[date, FoldedDay]
    directory: Directory
    live_folds: LiveFolds
    carried_ms: Mapping[date, Mapping[str, int]]
    rules: FoldRules
    months: Mapping[str, Month]
    reader: PublishedReader
    _blocks: dict[BlockKind, dict[date, Arrays]] = field(default_factory=dict)

    @cached_property
    def people(self) -> Numbered:
        """Everyone in the days or in the directory."""
        at_least = max(self._largest("people"), self.directory.people)
        if self._all_have_numbers:
            return Numbered(self.data.people, at_least, (), most=at_least)
        live = (user for folded in self.live.values() for user in folded.rollup.user_ids)
        known = self.directory.numbers is not None
        return Numbered(
            self.data.people, at_least, live if known else [*self.roster.user_ids, *live]
        )

    @property
    def _all_have_numbers(self) -> bool:
        """Whether nobody is new to the dictionary of people."""
        return not self.live and self.directory.numbers is not None

    @cached_property
    def width(self) -> int:
        """How many people there are; whoever does not need their names need not read them."""
        if self._all_have_numbers:
            return max(self._largest("people"), self.directory.people)
        return len(self.people.names)

    @cached_property
    def features(self) -> Numbered:
        """Every feature in the days."""
        at_least = self._largest("features")
        live = (name for folded in self.live.values() for name in folded.rollup.features)
        return Numbered(self.data.features, at_least, live)

    @cached_property
    def path_texts(self) -> Numbered:
        """The text of every path in the days."""
        at_least = self._largest("paths")
        live = (text_of(path) for folded in self.live.values() for path in folded.rollup.paths)
        return Numbered(self.data.paths, at_least, live)

    @cached_property
    def paths(self) -> list[Path]:
        """Every path in the days, by number; those beyond the most there may be are one."""
        return [
            (OTHER, "", "", "") if text == OTHER else path_of(text)
            for text in self.path_texts.names
        ]

    def _largest(self, count: str) -> int:
        """The largest count of names that any day needs."""
        days = self.manifests.values()
        sources = {id(found): found for found in map(_counts, days)}
        return max((getattr(found, count) for found in sources.values()), default=0)

    @property
    def roster(self) -> Roster:
        """Everyone in the directory."""
        return self.directory.roster

    @cached_property
    def roster_index(self) -> RosterIndex:
        """The roster by the numbers of `people`."""
        number = self.directory.numbers
        if number is None:
            number = np.array(self.people.numbers(self.roster.user_ids), np.int64)
        return RosterIndex(self.roster, number, self.width)

    @cached_property
    def whole_manifests(self) -> dict[date, Manifest]:
        """The manifests of the published days; MissingBlockError if one has been replaced."""
        read = {day: each for day, each in self.manifests.items() if isinstance(each, Manifest)}
        indexed = [day for day in self.manifests if day not in read]
        found = self.reader.manifests(self.data, indexed)
        for day in indexed:
            if day not in found or found[day].attempt != self.manifests[day].attempt:
                message = f"the manifest of {day}"
                raise MissingBlockError(message)
        return read | found

    @cached_property
    def _sums(self) -> SpanSums:
        live = {day: self.sums_of(folded) for day, folded in self.live.items()}
        return SpanSums(self.span, self.manifests, live)

    @cached_property
    def sums(self) -> dict[date, Totals]:
        """Whole days by date; days without any event are absent."""
        return self._sums.by_date()

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

    def _stored(
        self, kind: BlockKind, manifests: Mapping[date, PublishedDay]
    ) -> dict[date, Arrays]:
        attempts = {
            day.isoformat(): (each.attempt, each.parts_of(kind)) for day, each in manifests.items()
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
            day.isoformat(): (m.attempt, m.parts_of(BlockKind.RECORDS)) for day, m in whole.items()
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
        return self.person_days.matrix(kind, column, dtype, window or self.span, people)

    def present_sets(self, window: Window | None = None) -> NDArray[np.uint8]:
        """Who was there on each day of the span, or of a window of it, as sets of people: a row of
        bits a day, eight people a byte, by number, most significant first.
        """
        return self.person_days.present_sets(window or self.span)

    def active(self, window: Window) -> NDArray[np.bool_]:
        """Who of everyone was there in a window."""
        ever = np.bitwise_or.reduce(self.present_sets(window), axis=0)
        return np.unpackbits(ever, count=self.width).view(np.bool_)

    @cached_property
    def person_days(self) -> PersonDays:
        """The columns of the days by person."""
        return PersonDays(
            self.span,
            self.width,
            self._sums.placed,
            [*self.manifests, *self.live],
            self.month_blocks,
            self.arrays,
        )

    @cached_property
    def month_blocks(self) -> MonthBlocks:
        """The blocks of the months that have days of the span."""
        return MonthBlocks(self.data.blocks, self.months)

    @cached_property
    def weeks(self) -> dict[str, Arrays]:
        """Who used what by week, of every gathered month by its name (`month_weeks`)."""
        found = self.month_blocks.of(BlockKind.MONTH_WEEKS, self.months)
        return dict(zip(self.months, found, strict=True))

    @cached_property
    def day_table(self) -> DayTable:
        """The span as days × people, of everyone."""
        return DayTable(
            span=self.span,
            make_user_ids=lambda: self.people.names,
            make_hits=lambda: self.matrix(BlockKind.CORE, "hits", np.uint32),
            make_present=lambda: self.matrix(BlockKind.CORE, "present", np.bool_),
            make_features=self.features_by_day,
            hits_by_day=self.by_day("hits"),
            logins_by_day=self.by_day("logins"),
            active_by_day=self.by_day("active"),
            active_in=self.active,
        )

    def hits_by_feature(self, window: Window) -> NDArray[np.int64]:
        """Hits of everyone by feature number over a window of the span."""
        rows = slice(self.row(window.first), self.row(window.last) + 1)
        hits: NDArray[np.int64] = self.hits_by_day_and_feature[rows].sum(axis=0)
        return hits

    @cached_property
    def hits_by_day_and_feature(self) -> NDArray[np.int64]:
        """Hits of everyone as days × features of the span: from sums."""
        count = len(self.features.names)
        table = np.zeros((self.span.length, count), np.int64)
        placed = self._sums.placed
        blocks = self.month_blocks.of(BlockKind.MONTH_FEATURES, [each.name for each in placed])
        for each, arrays in zip(placed, blocks, strict=True):
            hits = arrays["hits"][:, :count]
            table[each.rows, : hits.shape[1]] = hits[each.at]
        alone = self._sums.alone
        hits = feature_hits(list(alone.values()))[:, :count]
        table[[self.row(day) for day in alone], : hits.shape[1]] = hits
        return table

    def features_by_day(self) -> NDArray[np.bool_]:
        """Days × features: which were hit."""
        return self.hits_by_day_and_feature > 0

    def by_day(self, measure: str) -> NDArray[np.int64]:
        """One of `month_index.MEASURES` of every day; 0 for days without any event."""
        return self._sums.by_day(measure)


def _counts(day: PublishedDay) -> Manifest | MonthIndex:
    return day if isinstance(day, Manifest) else day.whole


def _events_of(folded: FoldedDay) -> DayEvents:
    if folded.events is None:
        message = "the day was folded without its events"
        raise ValueError(message)
    return folded.events
