"""The groups of Trends: of people by an attribute, or of hits by a part of what was used."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import date
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.parts import Part
from shared.metrics.domain.views.point_sums import (
    GroupColumns,
    Starts,
    point_of_rows,
)
from shared.metrics.domain.views.trends_answer import OF_ALL_USE, TrendsMeasure
from shared.metrics.engine.groups import groups_of
from shared.metrics.engine.part_tables import Rows, cells_by_day, rows_of
from shared.metrics.engine.requests import PeopleAttribute
from shared.metrics.engine.trend_events import Layout, Tables, everything
from shared.metrics.engine.trend_usage import ADDED_UP, Usage
from shared.metrics.storage.names import OTHER

RANKING: Final = (TrendsMeasure.HITS, TrendsMeasure.ATTENDANCE)
"""What groups are ordered by, those with most first."""


class Grouping(ABC):
    """All groups of a window, by name. Once it is known which of them an answer has, `place` is
    the place of each in the answer, which has `count` places; -1 for those with nothing to count.
    """

    names: list[str]
    known: frozenset[TrendsMeasure]
    """The measures that can be known of the groups."""

    @abstractmethod
    def sums(self, measures: Collection[TrendsMeasure]) -> Tables:
        """Measures that add up over groups, as groups × points: of those given, the ones that are
        known of groups; and of `RANKING`.
        """

    @abstractmethod
    def people(self, place: NDArray[np.int64], count: int) -> tuple[Tables, NDArray[np.int64]]:
        """Measures of distinct people as places × points, and the distinct people of each place
        over the window.
        """

    @abstractmethod
    def layout(self, place: NDArray[np.int64], count: int) -> Layout:
        """How single hits belong to the places."""

    @property
    @abstractmethod
    def is_backfilled(self) -> bool:
        """Whether a value that was known only later told someone's group."""


class PeopleGrouping(Grouping):
    """People by an attribute."""

    known = frozenset(TrendsMeasure)

    def __init__(self, usage: Usage, starts: Starts, attribute: PeopleAttribute) -> None:
        self._usage = usage
        self._starts = starts
        self._attribute = attribute
        self._groups = groups_of(usage.reading, attribute, usage.people).of_rows(usage.rows)
        self.names = self._groups.names

    def sums(self, measures: Collection[TrendsMeasure]) -> Tables:
        """Every measure that adds up over people."""
        columns = GroupColumns(self._groups.code, len(self.names))
        return {
            which: columns.summed(self._usage.by_person(which), self._starts)
            for which in {*measures, *RANKING} & ADDED_UP
        }

    def people(self, place: NDArray[np.int64], count: int) -> tuple[Tables, NDArray[np.int64]]:
        """One who changed groups is in several."""
        columns = GroupColumns(self._groups.placed(place), count)
        people, ever = columns.distinct(self._usage.present, self._starts)
        return {TrendsMeasure.ACTIVE_USERS: people}, ever

    def layout(self, place: NDArray[np.int64], count: int) -> Layout:
        """By who made the hit, and when."""
        groups = groups_of(self._usage.reading, self._attribute).of_rows(self._usage.rows)
        return Layout(everything(self._usage), count, groups.placed(place))

    @property
    def is_backfilled(self) -> bool:
        """Of anyone who was there."""
        return self._groups.is_backfilled(self._usage.present)


class PartGrouping(Grouping):
    """Hits by a part of what was used; people count once in each group."""

    known = frozenset(TrendsMeasure) - OF_ALL_USE

    def __init__(self, usage: Usage, starts: Starts, part: Part) -> None:
        self._usage = usage
        self._points = len(starts)
        self._point_of = point_of_rows(starts, usage.window.length)
        self._part = part
        self._rows = rows_of(usage.reading, usage.selection, part)
        self.names = self._rows.names

    def sums(self, measures: Collection[TrendsMeasure]) -> Tables:  # noqa: ARG002 - of no others
        """Hits alone: who used several of a place's groups must not be added up."""
        hits = np.zeros((len(self.names), self._points), np.int64)
        for day, row, cells in cells_by_day(self._usage.reading, self._rows, self._usage.window):
            hits[row, self._point(day)] += cells.sum(axis=1, dtype=np.int64)
        return {TrendsMeasure.HITS: hits}

    def people(self, place: NDArray[np.int64], count: int) -> tuple[Tables, NDArray[np.int64]]:
        """Distinct people, and their days."""
        reading, window = self._usage.reading, self._usage.window
        rows = Rows(self._rows.kind, self.names, _or_none(place)[self._rows.row_of])
        attendance = np.zeros((count, self._points), np.int64)
        people = np.zeros_like(attendance)
        ever = np.zeros((count, reading.width), bool)
        by_point = groupby(
            cells_by_day(reading, rows, window), key=lambda part: self._point(part[0])
        )
        for point, days in by_point:
            in_point = np.zeros_like(ever)
            for _, parts in groupby(days, key=lambda part: part[0]):
                on_day = np.zeros_like(ever)
                for _, row, cells in parts:
                    on_day[row, : cells.shape[1]] |= cells > 0
                attendance[:, point] += np.count_nonzero(on_day, axis=1)
                in_point |= on_day
            people[:, point] = np.count_nonzero(in_point, axis=1)
            ever |= in_point
        tables = {TrendsMeasure.ATTENDANCE: attendance, TrendsMeasure.ACTIVE_USERS: people}
        return tables, np.count_nonzero(ever, axis=1)

    def layout(self, place: NDArray[np.int64], count: int) -> Layout:
        """By the path of the hit."""
        number = {name: at for at, name in enumerate(self.names)}
        # Of what has no number of its own among features, the paths may still have one.
        beyond = number.get(OTHER, -1)
        snapshot = self._usage.reading.snapshot
        catalogue = snapshot.data.catalogue
        row = [number.get(self._part.name_in(path, catalogue), beyond) for path in snapshot.paths]
        of_path = _or_none(place)[np.array(row, np.int64)]
        return Layout(np.where(everything(self._usage) < 0, -1, of_path), count)

    @property
    def is_backfilled(self) -> bool:
        """No attribute of a person is looked at."""
        return False

    def _point(self, day: date) -> int:
        return int(self._point_of[(day - self._usage.window.first).days])


def _or_none(place: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of groups, and -1 for group -1, which is none."""
    return np.append(place, -1)
