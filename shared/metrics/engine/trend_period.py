"""One window of Trends: reads it, and counts what is asked for."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.grouping import KeptGroups
from shared.metrics.domain.views.point_sums import Starts, distinct, placed, summed
from shared.metrics.domain.views.trends import Counted
from shared.metrics.domain.views.trends_answer import OF_ALL_USE, TrendsMeasure
from shared.metrics.engine.groups import filter_is_backfilled
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleAttribute, PeopleFilter, TrendsRequest
from shared.metrics.engine.same_hours import cut_reading, until_ms
from shared.metrics.engine.trend_events import (
    EventTally,
    Layout,
    Tables,
    count_events,
    everything,
    first_to_count,
)
from shared.metrics.engine.trend_groups import Grouping, PartGrouping, PeopleGrouping
from shared.metrics.engine.trend_usage import ADDED_UP, Usage

_SESSIONS: Final = frozenset({TrendsMeasure.SESSIONS})
_RECORDS: Final = frozenset({TrendsMeasure.RECORDS})
_NOTHING: Final[frozenset[TrendsMeasure]] = frozenset()


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """A window with its points; `is_cut`: of its last day only the hours that today has had."""

    window: Window
    starts: Starts
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The measures that a request asks for and that can be known, and which of them come from
    single hits: of everyone, and of groups.
    """

    measures: frozenset[TrendsMeasure]
    everyone_by_hit: frozenset[TrendsMeasure]
    groups_by_hit: frozenset[TrendsMeasure]

    @staticmethod
    def of(request: TrendsRequest) -> "Plan":
        """Sessions that contain something are found from hits; all sessions are in the blocks."""
        selects = not request.selection.is_everything()
        measures = request.measures - OF_ALL_USE if selects else request.measures
        by_part = request.group_by is not None and not is_of_people(request)
        contained = _SESSIONS | _RECORDS
        return Plan(
            measures=measures,
            everyone_by_hit=measures & (contained if selects else _RECORDS),
            groups_by_hit=measures & (contained if selects or by_part else _RECORDS)
            if request.group_by
            else _NOTHING,
        )

    @property
    def by_hit(self) -> frozenset[TrendsMeasure]:
        """What comes from single hits at all."""
        return self.everyone_by_hit | self.groups_by_hit


def is_of_people(request: TrendsRequest) -> bool:
    """Whether the groups are of people."""
    return isinstance(request.group_by, PeopleAttribute)


@dataclass(frozen=True, slots=True)
class PeriodDays:
    """The days of a window, read: what was done in them, which are without data, from which day on
    sessions are followed, and up to which instant of the last day hits count (None: all do).
    """

    usage: Usage
    no_data: NDArray[np.bool_]
    begin: date
    until_ms: int | None

    @staticmethod
    def of(question: Question, request: TrendsRequest, asked: AskedPeriod) -> "PeriodDays":
        """Read them."""
        window = asked.window
        follow = TrendsMeasure.SESSIONS in Plan.of(request).by_hit
        reading, begin = _read(question, request, window, follow=follow)
        no_data = no_data_in(question, reading.snapshot).days(window, request.selection)
        end_ms = None
        if asked.is_cut:
            end_ms = until_ms(question, window.last, question.as_of_ms)
            reading = cut_reading(question, reading, window.last, question.as_of_ms)
        return PeriodDays(Usage(reading, window, request.selection), no_data, begin, end_ms)


class PeriodReading:
    """One window of a request, read. Counts everyone, and the groups once it is known which."""

    def __init__(self, request: TrendsRequest, asked: AskedPeriod, days: PeriodDays) -> None:
        self._request = request
        self._asked = asked
        self._days = days
        self._plan = Plan.of(request)

    @property
    def usage(self) -> Usage:
        """What was done in the window."""
        return self._days.usage

    @property
    def no_data(self) -> NDArray[np.bool_]:
        """Which days of the window are without data for the selection."""
        return self._days.no_data

    def by_day(self) -> "PeriodReading":
        """The same with a point for every day."""
        starts = range(self._asked.window.length)
        return PeriodReading(self._request, replace(self._asked, starts=starts), self._days)

    @cached_property
    def grouping(self) -> Grouping:
        """The groups, all there are; only of a request that asks for groups."""
        usage, starts, by = self.usage, self._asked.starts, self._request.group_by
        if isinstance(by, PeopleAttribute):
            return PeopleGrouping(usage, starts, by)
        if by is None:
            message = "no groups are asked for"
            raise ValueError(message)
        return PartGrouping(usage, starts, by)

    @cached_property
    def group_sums(self) -> Tables:
        """What adds up, as groups × points."""
        return self.grouping.sums(self._plan.measures - self._plan.groups_by_hit)

    @property
    def is_backfilled(self) -> bool:
        """Whether a value that was known only later told a group, or that someone matched."""
        if is_of_people(self._request) and self.grouping.is_backfilled:
            return True
        reading, usage = self.usage.reading, self.usage
        if not reading.people.conditions():
            return False
        return filter_is_backfilled(reading, usage.present, usage.rows, usage.people)

    def counted(self, kept: KeptGroups | None) -> tuple[Counted, Counted | None]:
        """Everyone, and the kept groups (`place` by the names of `grouping`), if there are any."""
        place = kept.place if kept and kept.names else None
        count = len(kept.names) if kept else 0
        of_everyone, of_groups = self._by_hit(place, count)
        everyone = self._everyone(of_everyone)
        if kept is None:
            return everyone, None
        if place is None:
            return everyone, self._no_groups()
        return everyone, self._groups(place, count, of_groups)

    def _everyone(self, by_hit: "_ByHit") -> Counted:
        starts, usage, plan = self._asked.starts, self.usage, self._plan
        series = {
            which: summed(usage.by_day(which), starts)[np.newaxis]
            for which in (plan.measures - plan.everyone_by_hit) & ADDED_UP
        }
        ever: Tables = {}
        if self._request.totals or self._request.group_by:
            people = np.count_nonzero(usage.present.any(axis=0))
            ever[TrendsMeasure.ACTIVE_USERS] = np.array([people], np.int64)
        if TrendsMeasure.ACTIVE_USERS in plan.measures:
            series[TrendsMeasure.ACTIVE_USERS] = self._distinct()[np.newaxis]
        return Counted({**series, **by_hit.series}, {**ever, **by_hit.distinct})

    def _distinct(self) -> NDArray[np.int64]:
        starts, length = self._asked.starts, self._asked.window.length
        if len(starts) == length:
            return self.usage.by_day(TrendsMeasure.ATTENDANCE)
        sets = self.usage.present_sets
        if sets is None:
            return distinct(self.usage.present, starts)
        by_point = np.bitwise_or.reduceat(sets, starts, axis=0)
        people: NDArray[np.int64] = np.bitwise_count(by_point).sum(axis=1, dtype=np.int64)
        return people

    def _groups(self, place: NDArray[np.int64], count: int, by_hit: "_ByHit") -> Counted:
        sums = {which: placed(table, place, count) for which, table in self.group_sums.items()}
        people, ever = self.grouping.people(place, count)
        found = {**sums, **people, **by_hit.series}
        return Counted(
            {which: table for which, table in found.items() if which in self._plan.measures},
            {TrendsMeasure.ACTIVE_USERS: ever, **by_hit.distinct},
        )

    def _no_groups(self) -> Counted:
        nobody = np.zeros(0, np.int64)
        nothing = np.zeros((0, len(self._asked.starts)), np.int64)
        names = self._plan.measures & self.grouping.known
        return Counted(
            dict.fromkeys(names, nothing),
            {TrendsMeasure.ACTIVE_USERS: nobody, TrendsMeasure.RECORDS: nobody},
        )

    def _by_hit(self, place: NDArray[np.int64] | None, count: int) -> "tuple[_ByHit, _ByHit]":
        plan, usage = self._plan, self.usage
        if not plan.by_hit:
            return _ByHit({}, {}), _ByHit({}, {})
        points, people = len(self._asked.starts), usage.reading.width
        whole = Layout(everything(usage), 1)
        tallies = [EventTally(whole, points, people, plan.everyone_by_hit)]
        if place is not None:
            layout = self.grouping.layout(place, count)
            tallies.append(EventTally(layout, points, people, plan.groups_by_hit))
        count_events(
            usage,
            self._asked.starts,
            tallies,
            begin=self._days.begin,
            selected=whole.slot_of_path >= 0,
            until_ms=self._days.until_ms,
        )
        of_everyone, *of_groups = (_ByHit(*tally.tables()) for tally in tallies)
        return of_everyone, of_groups[0] if of_groups else _ByHit({}, {})


@dataclass(frozen=True, slots=True)
class _ByHit:
    """What single hits told, as in `Counted`."""

    series: Tables
    distinct: Tables


def _read(
    question: Question, request: TrendsRequest, window: Window, *, follow: bool
) -> tuple[Reading, date]:
    if not follow:
        return question.read(window, request.people), window.first
    return read_sessions(question, request.people, window)


def read_sessions(question: Question, people: PeopleFilter, window: Window) -> tuple[Reading, date]:
    """The days of a window and, to follow sessions into it, as many before as any of them lasted;
    and the first of those.
    """
    before = 1
    while True:
        first = question.data.calendar.previous_day(window.first - timedelta(days=before - 1))
        reading = question.read(Window(first, window.last), people)
        begin = first_to_count(reading, window)
        if begin is not None:
            return reading, begin
        before *= 4
