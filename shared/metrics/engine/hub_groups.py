"""The hub by groups of people: who changes groups counts in each of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.grouping import kept_groups
from shared.metrics.domain.views.hub import GroupNames
from shared.metrics.domain.views.point_sums import GroupColumns
from shared.metrics.engine.groups import groups_of
from shared.metrics.engine.part_tables import Rows, cells_by_day
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleAttribute

_ONE_POINT = (0,)


@dataclass(frozen=True, slots=True)
class WindowGroups:
    """The groups of a window, of those with someone active: those with most hits first, and the
    rest as one. `code` is days × people: the group of each person on each day.
    """

    names: GroupNames
    code: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.names.names)


@dataclass(frozen=True, slots=True)
class GroupedHits:
    """Hits as rows × columns. A column is a person while in a group, which `group` tells."""

    hits: NDArray[np.uint32]
    group: NDArray[np.int64]

    def of_group(self, group: int) -> NDArray[np.uint32]:
        """Hits as rows × the people of a group."""
        return self.hits[:, self.group == group]


def window_groups(reading: Reading, window: Window, attribute: PeopleAttribute) -> WindowGroups:
    """The groups of a window of a reading."""
    rows = reading.table.rows(window)
    groups = groups_of(reading, attribute).of_rows(rows)
    present, hits = reading.table.present[rows], reading.table.hits[rows]
    everyone = len(groups.names)
    columns = GroupColumns(groups.code, everyone)
    _, active = columns.distinct(present, _ONE_POINT)
    by_hits = columns.summed(hits, _ONE_POINT)[:, 0]
    there = np.flatnonzero(active)
    names = [groups.names[at] for at in there.tolist()]
    kept = kept_groups(names, by_hits[there].tolist(), active[there].tolist())
    place = np.zeros(everyone, np.int64)
    place[there] = kept.place
    code = groups.placed(place)
    _, of_kept = GroupColumns(code, max(len(kept.names), 1)).distinct(present, _ONE_POINT)
    return WindowGroups(
        GroupNames(
            names=kept.names,
            active_users=of_kept[: len(kept.names)].tolist(),
            has_others=kept.has_others,
            is_backfilled=groups.is_backfilled(present),
        ),
        code,
    )


def hits_by_group(
    reading: Reading, rows: Rows, window: Window, groups: WindowGroups
) -> GroupedHits:
    """Hits by row, person and group over a window of the span.

    Most people stay in one group, and have one column; who was in another on some day has further
    ones, into which the hits of that day are moved.
    """
    people = reading.width
    usual = groups.code[0]
    row, person = np.nonzero(groups.code != usual)
    pair = person * max(groups.count, 1) + groups.code[row, person]
    pairs, column = np.unique(pair, return_inverse=True)
    table = np.zeros((len(rows.names), people + len(pairs)), np.uint32)
    for day, at, cells in cells_by_day(reading, rows, window):
        table[at, : cells.shape[1]] += cells
        moved = row == (day - window.first).days
        moved &= person < cells.shape[1]
        if moved.any():
            who, of_who = person[moved], cells[:, person[moved]]
            table[np.ix_(at, who)] -= of_who
            table[np.ix_(at, people + column[moved])] += of_who
    return GroupedHits(table, np.concatenate((usual, pairs % max(groups.count, 1))))
