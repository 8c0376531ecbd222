"""What only single hits tell: distinct records, and the sessions that contain a selection."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.day_events import PathEvents
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import ONE_DAY, Window
from shared.metrics.domain.views.contained_sessions import ContainedSessions
from shared.metrics.domain.views.distinct_names import DistinctNames, distinct_names
from shared.metrics.domain.views.point_sums import Starts, point_of_rows
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.trend_usage import Usage
from shared.metrics.engine.usage import selected_paths

MAX_HITS: Final = 100_000_000
"""Single hits that one answer looks at: some 60 days of a tenant with 10 000 people."""
_HITS_AT_ONCE: Final = 2_000_000
"""Hits held in memory at a time, some 60 bytes each; a day at least."""

Tables = dict[TrendsMeasure, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How hits belong to groups: either by path (`slot_of_path`, one slot a group, -1 for paths
    that do not count), or, if `code` is given, by person and day of the window (`slot_of_path` is
    0 for all that count).
    """

    slot_of_path: NDArray[np.int64]
    groups: int
    code: NDArray[np.int64] | None = None

    @property
    def slots(self) -> int:
        """Number of slots."""
        return self.groups if self.code is None else 1


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of a day that count, with their paths; `row` is the day's in the window, -1 before
    it. By person: who counts on it; and, if sessions are followed, whose session was carried into
    it and which is the last of the day (`ContainedSessions.add`).
    """

    row: int
    point: int
    path: NDArray[np.int64]
    events: PathEvents
    counts: Mask | None
    sessions: tuple[Mask, NDArray[np.int64]] | None


class EventTally:
    """Counts the hits of days, in order, by one layout."""

    def __init__(
        self, layout: Layout, points: int, people: int, wanted: frozenset[TrendsMeasure]
    ) -> None:
        self._layout = layout
        self._contained = ContainedSessions(layout.slots, people)
        self._tables: Tables = {
            which: np.zeros((layout.groups, points), np.int64)
            for which in wanted & {TrendsMeasure.SESSIONS, TrendsMeasure.RECORDS}
        }
        self._point = 0
        self._in_point = DistinctNames(layout.groups)
        self._ever = DistinctNames(layout.groups)

    def add(self, hits: Hits) -> None:
        """Count a day."""
        slot = self._layout.slot_of_path[hits.path]
        counts = slot >= 0
        if not counts.all():
            slot, some = slot[counts], hits.events.rows(counts)
            self._add(replace(hits, path=hits.path[counts], events=some), slot)
        else:
            self._add(hits, slot)

    def _add(self, hits: Hits, slot: NDArray[np.int64]) -> None:
        if self.follows_sessions and hits.sessions is not None:
            self._add_sessions(hits, slot, *hits.sessions)
        if TrendsMeasure.RECORDS in self._tables and hits.row >= 0:
            self._add_records(hits, slot)

    @property
    def follows_sessions(self) -> bool:
        """Whether it counts sessions, and has to be given days before the window."""
        return TrendsMeasure.SESSIONS in self._tables

    def _add_sessions(
        self, hits: Hits, slot: NDArray[np.int64], carried: Mask, last: NDArray[np.int64]
    ) -> None:
        slot, person = self._contained.add(
            slot, hits.events.person, hits.events.session, carried=carried, last=last
        )
        if hits.row < 0:
            return
        if hits.counts is not None:
            kept = hits.counts[person]
            slot, person = slot[kept], person[kept]
        group = self._group(hits.row, slot, person)
        found = np.bincount(group, minlength=self._layout.groups)
        self._tables[TrendsMeasure.SESSIONS][:, hits.point] += found

    def _add_records(self, hits: Hits, slot: NDArray[np.int64]) -> None:
        if hits.point != self._point:
            self._close_point()
            self._point = hits.point
        person, record = hits.events.person, hits.events.record
        if hits.counts is not None:
            kept = hits.counts[person]
            slot, person, record = slot[kept], person[kept], record[kept]
        group = self._group(hits.row, slot, person)
        self._in_point.add(distinct_names(group, record.T))

    def _group(
        self, row: int, slot: NDArray[np.int64], person: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        return slot if self._layout.code is None else self._layout.code[row, person]

    def _close_point(self) -> None:
        self._tables[TrendsMeasure.RECORDS][:, self._point] = self._in_point.counts()
        self._ever.add(self._in_point.merge())
        self._in_point = DistinctNames(self._layout.groups)

    def tables(self) -> tuple[Tables, Tables]:
        """The measures as groups × points; and the distinct records of each group over all."""
        if TrendsMeasure.RECORDS not in self._tables:
            return self._tables, {}
        self._close_point()
        return self._tables, {TrendsMeasure.RECORDS: self._ever.counts()}


def everything(usage: Usage) -> NDArray[np.int64]:
    """The one slot of all paths that the selection covers."""
    return np.where(selected_paths(usage.reading, usage.selection), 0, -1)


def count_events(
    usage: Usage,
    starts: Starts,
    tallies: Sequence[EventTally],
    *,
    begin: date,
    selected: NDArray[np.bool_],
    until_ms: int | None,
) -> None:
    """Give the hits of the selected paths to the tallies, day by day from `begin`, which may be
    before the window; those of its last day only up to `until_ms`, if given.
    """
    check_number(usage)
    snapshot = usage.reading.snapshot
    point_of = point_of_rows(starts, usage.window.length)
    carried = last = None
    if any(tally.follows_sessions for tally in tallies):
        carried = snapshot.matrix(BlockKind.TIME, "carried", np.bool_)
        last = snapshot.matrix(BlockKind.TIME, "sessions", np.int64) + carried - 1
    for day, paths, whole in _by_day(usage.reading, Window(begin, usage.window.last), selected):
        path, events = paths, whole
        if until_ms is not None and day == usage.window.last:
            early = whole.times_ms < until_ms
            path, events = paths[early], whole.rows(early)
        at, row = snapshot.row(day), (day - usage.window.first).days
        mask = usage.reading.mask
        hits = Hits(
            row=max(row, -1),
            point=int(point_of[max(row, 0)]),
            path=path,
            events=events,
            counts=None if mask is None else mask[at],
            sessions=None if carried is None or last is None else (carried[at], last[at]),
        )
        for tally in tallies:
            tally.add(hits)


def first_to_count(reading: Reading, window: Window) -> date | None:
    """The day from which sessions that contain something must be followed: the window's first, or
    as many days earlier as any session lasted that was open when it began. None: earlier than the
    first day of the reading.
    """
    snapshot = reading.snapshot
    carried = snapshot.matrix(BlockKind.TIME, "carried", np.bool_)
    sessions = snapshot.matrix(BlockKind.TIME, "sessions", np.uint32)
    day = window.first
    open_before = carried[snapshot.row(day)]
    while open_before.any():
        day = snapshot.data.calendar.previous_day(day)
        if day < reading.span.first:
            return None
        row = snapshot.row(day)
        open_before = open_before & carried[row] & (sessions[row] == 0)
    return day


def check_number(usage: Usage) -> None:
    """BadInputError if there are more hits than can be looked at one by one."""
    # What a selection has of them takes longer to find out, and is hardly ever needed.
    if int(usage.reading.snapshot.by_day("hits")[usage.rows].sum()) <= MAX_HITS:
        return
    hits = int(usage.by_day(TrendsMeasure.HITS).sum())
    if hits > MAX_HITS:
        message = (
            f"{hits:,} hits would have to be looked at one by one, for records or for sessions "
            f"that contain something; at most {MAX_HITS:,} can be: give a shorter range, or select "
            "less"
        )
        raise BadInputError(message, field="range")


def _by_day(
    reading: Reading, window: Window, selected: NDArray[np.bool_]
) -> Iterator[tuple[date, NDArray[np.int64], PathEvents]]:
    """Every day with events, in order, with the paths of its hits and the hits."""
    for some in _pieces(reading, window):
        found = reading.snapshot.events(selected, some)
        for day in sorted(found):
            numbers = sorted(found[day])
            parts = [found[day][number] for number in numbers]
            path = np.repeat(np.array(numbers, np.int64), [len(part) for part in parts])
            yield day, path, PathEvents.joined(parts)
            del found[day]


def _pieces(reading: Reading, window: Window) -> Iterator[Window]:
    """The window cut so that the hits of each piece fit into memory."""
    sums = reading.snapshot.sums
    first, held = window.first, 0
    for day in sorted(day for day in sums if day in window):
        if held and held + sums[day].hits > _HITS_AT_ONCE:
            yield Window(first, day - ONE_DAY)
            first, held = day, 0
        held += sums[day].hits
    yield Window(first, window.last)
