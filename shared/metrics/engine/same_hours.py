"""Like for like: an earlier period whose last day ends at the time of day that it is now."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind
from shared.metrics.columns.fold import FoldedDay
from shared.metrics.domain.periods import Window
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.snapshot import Snapshot, of_people


def until_ms(question: Question, last: date, as_of_ms: int) -> int:
    """The instant at which a day had come as far as today has at `as_of_ms`."""
    calendar = question.data.calendar
    return calendar.instant_ms(datetime.combine(last, calendar.wall_clock(as_of_ms).time()))


def cut_day(question: Question, snapshot: Snapshot, last: date, as_of_ms: int) -> FoldedDay:
    """The part of a day up to that instant."""
    return snapshot.fold_until(last, until_ms(question, last, as_of_ms))


def cut_reading(question: Question, reading: Reading, last: date, as_of_ms: int) -> Reading:
    """The reading with only that part of a day. People, features and paths keep their numbers.
    Single events are not cut off.
    """
    whole = reading.snapshot
    end_ms = until_ms(question, last, as_of_ms)
    carried_ms = whole.carried_into(last)
    folded = whole.fold_until(last, end_ms, carried_ms)
    snapshot = _with_day(whole, last, folded)
    return Reading(snapshot, reading.people, reading.as_of_ms, reading.mask, reading.everyone)


@dataclass(kw_only=True)
class _CutSnapshot(Snapshot):
    """The blocks of another snapshot, with one day replaced."""

    whole: Snapshot
    day: date
    of_day: Mapping[BlockKind, Arrays]

    def arrays(self, kind: BlockKind, window: Container[date] | None = None) -> dict[date, Arrays]:
        """The arrays of one kind by date: of all days, or of those of a window or a set."""
        found = self.whole.arrays(kind, window)
        if window is None or self.day in window:
            found[self.day] = self.of_day[kind]
        return found

    @cached_property
    def weeks(self) -> dict[str, Arrays]:
        """The weeks of months; that of the day is not taken as a whole."""
        return self.whole.weeks

    def matrix(
        self,
        kind: BlockKind,
        column: str,
        dtype: type[np.generic],
        window: Window | None = None,
        people: NDArray[np.int64] | None = None,
    ) -> NDArray[Any]:
        """One column of a kind as days × people: of the span or a window, of all or of some."""
        table = self.whole.matrix(kind, column, dtype, window, people)
        window = window or self.span
        if self.day in window:
            row = (self.day - window.first).days
            values = of_people(self.of_day[kind][column], people)
            table[row] = 0
            table[row, : len(values)] = values
        return table


def _with_day(whole: Snapshot, day: date, folded: FoldedDay) -> Snapshot:
    parts = {each.name: getattr(whole, each.name) for each in fields(Snapshot) if each.init}
    parts["manifests"] = {each: m for each, m in whole.manifests.items() if each != day}
    parts["live"] = {**whole.live, day: folded}
    of_day = whole.arrays_of(day, folded)
    cut = _CutSnapshot(**parts, whole=whole, day=day, of_day=of_day)
    cut.people = whole.people
    cut.features = whole.features
    cut.path_texts = whole.path_texts
    return cut
