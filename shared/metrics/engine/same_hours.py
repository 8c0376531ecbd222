"""Like for like: an earlier period whose last day ends at the time of day that it is now."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property

from shared.metrics.columns.blocks import Arrays, BlockKind
from shared.metrics.columns.fold import FoldedDay
from shared.metrics.engine.person_days import PersonDays
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.engine.span_sums import placed


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

    @cached_property
    def person_days(self) -> PersonDays:
        """Those of the other snapshot, but for the day, which is alone."""
        return PersonDays(
            self.span,
            self.width,
            placed(self.span, self.manifests),
            [*self.manifests, *self.live],
            self.whole.month_blocks,
            self.arrays,
        )


def _with_day(whole: Snapshot, day: date, folded: FoldedDay) -> Snapshot:
    parts = {each.name: getattr(whole, each.name) for each in fields(Snapshot) if each.init}
    parts["manifests"] = {each: m for each, m in whole.manifests.items() if each != day}
    parts["live"] = {**whole.live, day: folded}
    of_day = whole.arrays_of(day, folded)
    cut = _CutSnapshot(**parts, whole=whole, day=day, of_day=of_day)
    cut.people = whole.people
    cut.width = whole.width
    cut.features = whole.features
    cut.path_texts = whole.path_texts
    return cut
