"""People by group: the value of an attribute on each day, or the current one (definitions §2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.roster import ABSENT, NOT_SET, AttributeHistory
from shared.metrics.domain.views.grouping import MOST_GROUPS, kept_groups
from shared.metrics.engine.masks import Mask, RosterIndex
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import AttributeValues, PeopleAttribute

_ALL_ROWS: Final = slice(None)
_ALWAYS: Final = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, slots=True)
class Groups:
    """In which group each person is on each day of a reading.

    `names` are the values that anyone ever had, sorted, then `(not set)`; `code` is days × people
    and indexes them, and must not be written to: where nothing changes, its rows are one.
    """

    names: list[str]
    code: NDArray[np.int64]
    backfill: "Backfill"

    def limited(self, weight: Sequence[int], most: int = MOST_GROUPS) -> "Groups":
        """The groups with the largest weights (hits, as a rule) and, last, all others as one."""
        kept = kept_groups(self.names, weight, most=most)
        return Groups(kept.names, self.placed(kept.place), self.backfill)

    def placed(self, place: NDArray[np.int64]) -> NDArray[np.int64]:
        """The code with every group replaced by its place."""
        if self.is_steady:
            return np.broadcast_to(place[self.code[0]], self.code.shape)
        return place[self.code]

    def of_rows(self, rows: slice) -> "Groups":
        """The groups on some of the days alone."""
        looked_at_ms = self.backfill.looked_at_ms[rows]
        return Groups(
            self.names, self.code[rows], Backfill(self.backfill.known_from_ms, looked_at_ms)
        )

    @property
    def is_steady(self) -> bool:
        """Whether everyone is known to be in one group on all days."""
        return len(self.code) == 1 or self.code.strides[0] == 0

    def overlaps(self, present: Mask) -> bool:
        """Whether anyone was present in more than one group, so that the distinct people of the
        groups sum to more than there were. `present` is days × people.
        """
        if self.is_steady:
            return False
        least = np.where(present, self.code, len(self.names)).min(axis=0)
        most = np.where(present, self.code, -1).max(axis=0)
        return bool(np.any((most >= 0) & (most != least)))

    def is_backfilled(self, present: Mask) -> bool:
        """Whether a value that was known only later stands for one of the days × people."""
        return self.backfill.touches(present)


@dataclass(frozen=True, slots=True)
class Backfill:
    """Since when the first value of each person is known, and the instants at which values are
    looked at, one a day; milliseconds UTC.
    """

    known_from_ms: NDArray[np.int64]
    looked_at_ms: NDArray[np.int64]

    @staticmethod
    def of(
        index: RosterIndex, history: AttributeHistory, looked_at_ms: NDArray[np.int64]
    ) -> "Backfill":
        """Of one attribute. Who first had none, and then one, had none before, either."""
        changes = slice(None, None, -1)
        first_ms = np.full(len(index.roster.user_ids), _ALWAYS, np.int64)
        first_ms[history.user[changes]] = np.where(
            history.code[changes] == ABSENT, _ALWAYS, history.at_ms[changes]
        )
        known_from_ms = np.full(index.people, _ALWAYS, np.int64)
        known_from_ms[index.number] = first_ms
        return Backfill(known_from_ms, looked_at_ms)

    def of_people(self, people: NDArray[np.int64] | None) -> "Backfill":
        """The same of some people; of all for None."""
        if people is None:
            return self
        return Backfill(self.known_from_ms[people], self.looked_at_ms)

    def touches(self, present: Mask) -> bool:
        """Whether any of the days × people is before the first value of that person."""
        late = np.flatnonzero(self.known_from_ms >= self.looked_at_ms[0])
        before = self.known_from_ms[late] >= self.looked_at_ms[:, np.newaxis]
        return bool(np.any(present[:, late] & before))


def groups_of(
    reading: Reading, attribute: PeopleAttribute, people: NDArray[np.int64] | None = None
) -> Groups:
    """Everyone of a reading by an attribute, with the values that its filter looks at: those at
    the local end of each day, or the current ones. Only some `people`, if they are given by number.
    """
    index = reading.snapshot.roster_index
    history = index.roster.history(attribute.value)
    looked_at_ms = looked_at(reading)
    names = [*history.values] if NOT_SET in history.values else [*history.values, NOT_SET]
    group = np.append(np.arange(len(history.values)), names.index(NOT_SET))
    code = _codes(index, history, looked_at_ms, group, people)
    return Groups(names, code, Backfill.of(index, history, looked_at_ms).of_people(people))


def filter_is_backfilled(
    reading: Reading,
    present: Mask,
    rows: slice = _ALL_ROWS,
    people: NDArray[np.int64] | None = None,
) -> bool:
    """Whether anyone matched the filter of a reading by a value that was known only later.
    `present` is days × people: of some rows of the reading, and of some people, if they are given.
    """
    index = reading.snapshot.roster_index
    looked_at_ms = looked_at(reading)[rows]
    return any(
        Backfill.of(index, index.roster.history(attribute), looked_at_ms)
        .of_people(people)
        .touches(present)
        for attribute in reading.people.conditions()
    )


def looked_at(reading: Reading) -> NDArray[np.int64]:
    """The instant of each day at which the attributes of people are looked at."""
    if reading.people.attribute_values is AttributeValues.CURRENT:
        return np.full(reading.span.length, reading.as_of_ms, np.int64)
    calendar = reading.snapshot.data.calendar
    return np.array([calendar.bounds(day).end_ms for day in reading.span.days()], np.int64)


def _codes(
    index: RosterIndex,
    history: AttributeHistory,
    looked_at_ms: NDArray[np.int64],
    group: NDArray[np.int64],
    people: NDArray[np.int64] | None,
) -> NDArray[np.int64]:
    """The group of each person at each instant; these ascend. `group` is by code, ABSENT last."""
    known = np.searchsorted(history.at_ms, looked_at_ms).tolist()
    first = group[index.codes_at(history, int(looked_at_ms[0]))]
    column = np.arange(index.people)
    if people is not None:
        first = first[people]
        column = np.full(index.people, len(people), np.int64)
        column[people] = np.arange(len(people))
    if known[0] == known[-1]:
        return np.broadcast_to(first, (len(looked_at_ms), len(first)))
    table = np.empty((len(looked_at_ms), len(first) + 1), np.int64)
    table[0, :-1] = first
    for row in range(1, len(known)):
        changed = slice(known[row - 1], known[row])
        table[row] = table[row - 1]
        table[row, column[index.number[history.user[changed]]]] = group[history.code[changed]]
    return table[:, :-1]  # the last column is of all others
