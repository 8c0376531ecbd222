"""Who used which feature in a window, as sets of people: from whole weeks of months where they can
be had, and from single days.
"""

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind, read_bits
from shared.metrics.columns.month_weeks import Sets, bits_of, week_of
from shared.metrics.domain.periods import ONE_DAY, Window
from shared.metrics.engine.snapshot import Snapshot

_Week = tuple[str, int]
"""The name of a month, and which of its weeks."""


@dataclass(frozen=True, slots=True)
class UseSets:
    """Sets of people, as in `month_weeks`: `people` of each feature, by number, and who was
    present at all.
    """

    people: Sets
    present: Sets

    def active_users(self) -> int:
        """How many people were present."""
        return int(np.bitwise_count(self.present).sum(dtype=np.int64))

    def people_by_row(self, row_of: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
        """How many people used each row; `row_of` has the row of each feature, or -1."""
        numbers = np.flatnonzero(row_of >= 0)
        numbers = numbers[np.argsort(row_of[numbers], kind="stable")]
        row, people = row_of[numbers], self.people[numbers]
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        if len(starts) < len(row):
            row, people = row[starts], np.bitwise_or.reduceat(people, starts, axis=0)
        counts = np.zeros(rows, np.int64)
        counts[row] = np.bitwise_count(people).sum(axis=1, dtype=np.int64)
        return counts


@dataclass(frozen=True, slots=True)
class _Part:
    """The sets of a week or a day, of the features that were used in it."""

    feature: NDArray[np.int64]
    people: Sets
    present: Sets


def use_sets(snapshot: Snapshot, windows: Sequence[Window]) -> list[UseSets]:
    """The sets of everyone over each of several windows of the span."""
    days = sorted((*snapshot.manifests, *snapshot.live))
    current = _current_weeks(snapshot, days)
    whole = [
        {week for week, ends in current.items() if ends.first in window and ends.last in window}
        for window in windows
    ]
    alone = [
        {day for day in days if day in window and _week(day) not in weeks}
        for window, weeks in zip(windows, whole, strict=True)
    ]
    of_week = dict(_weeks(snapshot, set().union(*whole)))
    of_day = dict(_days(snapshot, set().union(*alone)))
    features = len(snapshot.features.names)
    return [
        _united([*map(of_week.__getitem__, weeks), *map(of_day.__getitem__, single)], features)
        for weeks, single in zip(whole, alone, strict=True)
    ]


def _united(parts: list[_Part], features: int) -> UseSets:
    width = max((part.people.shape[1] for part in parts), default=0)
    people = np.zeros((features, width), np.uint8)
    present = np.zeros(width, np.uint8)
    for part in parts:
        length = part.people.shape[1]
        people[part.feature, :length] |= part.people
        present[:length] |= part.present
    return UseSets(people, present)


def _current_weeks(snapshot: Snapshot, days: Sequence[date]) -> dict[_Week, Window]:
    """The weeks whose gathered days are still as they were, from the first of them to the last;
    and of which there are no other days.
    """
    found: dict[_Week, list[date]] = {}
    for day in days:
        found.setdefault(_week(day), []).append(day)
    current = {}
    for name, month in snapshot.months.items():
        gathered: dict[int, list[str]] = {}
        for text, attempt in month.days.items():
            gathered.setdefault(week_of(int(text[-2:])), []).append(attempt)
        for week, attempts in gathered.items():
            same = found.get((name, week), [])
            if attempts == [_attempt(snapshot, day) for day in same]:
                current[name, week] = Window(same[0], same[-1])
    return current


def _attempt(snapshot: Snapshot, day: date) -> str | None:
    """What published a day; None for a live one. Every attempt is of one day alone."""
    manifest = snapshot.manifests.get(day)
    return None if manifest is None else manifest.attempt


def _week(day: date) -> _Week:
    return day.isoformat()[:7], week_of(day.day)


def _weeks(snapshot: Snapshot, wanted: Container[_Week]) -> Iterator[tuple[_Week, _Part]]:
    if not snapshot.months:
        return
    for name, arrays in snapshot.weeks.items():
        for at, week in enumerate(arrays["week"].tolist()):
            if (name, week) in wanted:
                sets = _Part(arrays["feature"], arrays["people"][at], arrays["present"][at])
                yield (name, week), sets


def _days(snapshot: Snapshot, wanted: Collection[date]) -> Iterator[tuple[date, _Part]]:
    kind = BlockKind.WHO
    for run in _runs(sorted(wanted)):
        attempts = {
            day.isoformat(): (manifest.attempt, manifest.parts_of(kind))
            for day in run.days()
            if (manifest := snapshot.manifests.get(day))
        }
        for unit, body in snapshot.data.blocks.read(kind, attempts).items():
            who = read_bits(body)
            yield date.fromisoformat(unit), _Part(who["feature"], who["people"], who["present"])
    for day in snapshot.live.keys() & set(wanted):
        who = snapshot.arrays_of(day, snapshot.live[day])[kind]
        sets = _Part(who["feature"], bits_of(who["people"]), bits_of(who["present"]))
        yield day, sets


def _runs(days: Sequence[date]) -> Iterator[Window]:
    """Days that follow each other, so that no others are read with them."""
    for at, day in enumerate(days):
        if at == 0 or days[at - 1] + ONE_DAY < day:
            first = day
        if at + 1 == len(days) or day + ONE_DAY < days[at + 1]:
            yield Window(first, day)
