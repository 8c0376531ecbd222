"""Hits by row and person over a window, where rows are features, or any other part (parts.py)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.engine import presence
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.usage import selected_features, selected_paths
from shared.metrics.engine.week_sets import use_sets

_CELLS_AT_ONCE: Final = 1 << 23
"""Of a day with many paths and many people. Whole rows of cells are added up ten times as fast as
single cells, even where one cell in ten is filled; but there can be 20 000 × 10 000."""

_NARROW: Final = np.dtype(np.uint32)


@dataclass(frozen=True)
class Rows:
    """The rows of a selection: their names, sorted, and the row of every number in blocks of
    `kind`, or -1. All windows of one reading have the same rows.
    """

    kind: BlockKind
    names: list[str]
    row_of: NDArray[np.int64]

    @cached_property
    def is_one_number_each(self) -> bool:
        """Whether no row is made of several numbers."""
        counted = self.row_of[self.row_of >= 0]
        return len(np.unique(counted)) == len(counted)

    def together(self) -> "Rows":
        """All rows as one."""
        return Rows(self.kind, ["selection"], np.minimum(self.row_of, 0))


class RowUse(NamedTuple):
    """Distinct people of each row, and their hits; and how many people were active at all."""

    people: NDArray[np.int64]
    hits: NDArray[np.int64]
    active_users: int


def rows_of(
    reading: Reading,
    selection: FeatureSelection,
    part: Part,
    *,
    only: str | None = None,
    also: Collection[str] = (),
) -> Rows:
    """The rows of a selection by a part; `only` the row of one name, if there is one; `also` the
    rows of other names, which are empty.
    """
    snapshot, catalogue = reading.snapshot, reading.snapshot.data.catalogue
    if part.is_of_features() and selection.is_of_features():
        kind = BlockKind.CUBE
        selected = np.ones(len(snapshot.features.names), bool)
        if not selection.is_everything():
            selected = selected_features(reading, selection)
        paths = [(name, "", "", "") for name in snapshot.features.names]
    else:
        kind, selected = BlockKind.PATHS, selected_paths(reading, selection)
        paths = snapshot.paths
    names_of = [part.name_in(path, catalogue) for path in paths]
    if only is not None:
        selected = selected & np.array([name == only for name in names_of], bool)
    names, row_of = _named(names_of, selected, also)
    return Rows(kind, names, row_of)


def _named(
    names: Sequence[str], selected: NDArray[np.bool_], also: Collection[str]
) -> tuple[list[str], NDArray[np.int64]]:
    """The names of the rows of the selected paths, and `also` of others, sorted; and the row of
    each path, -1 for those that are not selected. `names` has that of each path.
    """
    found = sorted({*also, *(names[at] for at in np.flatnonzero(selected).tolist())})
    number = {name: at for at, name in enumerate(found)}
    rows = np.array([number.get(name, -1) for name in names], np.int64)
    return found, np.where(selected, rows, -1)


def use_by_row(reading: Reading, rows: Rows, window: Window) -> RowUse:
    """The use of each row over a window of the span."""
    (use,) = uses_by_row(reading, rows, [window])
    return use


def uses_by_row(reading: Reading, rows: Rows, windows: Sequence[Window]) -> list[RowUse]:
    """The use of each row over each of several windows of the span."""
    if rows.kind is not BlockKind.CUBE or reading.mask is not None:
        return [_counted_use(reading, rows, window) for window in windows]
    snapshot, count = reading.snapshot, len(rows.names)
    by_feature = snapshot.hits_by_day_and_feature
    uses = []
    for window, sets in zip(windows, use_sets(snapshot, windows), strict=True):
        first = snapshot.row(window.first)
        hits = by_feature[first : first + window.length].sum(axis=0)
        counted = rows.row_of >= 0
        of_rows = np.bincount(rows.row_of[counted], hits[counted], minlength=count)
        people = sets.people_by_row(rows.row_of, count)
        uses.append(RowUse(people, of_rows.astype(np.int64), sets.active_users()))
    return uses


def _counted_use(reading: Reading, rows: Rows, window: Window) -> RowUse:
    """Of those who count, or of parts of features."""
    used = np.zeros((len(rows.names), reading.width), bool)
    hits = np.zeros(len(rows.names), np.int64)
    for _, row, cells in cells_by_day(reading, rows, window):
        used[row, : cells.shape[1]] |= cells > 0
        hits[row] += cells.sum(axis=1, dtype=np.int64)
    active = presence.Part(reading, window).active()
    people = np.count_nonzero(used, axis=1)
    return RowUse(people, hits, int(np.count_nonzero(active.any(axis=0))))


def hits_by_row_and_person(reading: Reading, rows: Rows, window: Window) -> NDArray[np.uint32]:
    """Hits as rows × people over a window of the span."""
    table = np.zeros((len(rows.names), reading.width), np.uint32)
    for _, row, cells in cells_by_day(reading, rows, window):
        table[row, : cells.shape[1]] += cells
    return table


def cells_by_day(
    reading: Reading, rows: Rows, window: Window
) -> Iterator[tuple[date, NDArray[np.int64], NDArray[Any]]]:
    """Day by day rows and their hits by person, of those who count; no row twice at once, but a
    day may come in several parts.
    """
    for day, arrays in reading.snapshot.arrays(rows.kind, window).items():
        counts = None if reading.mask is None else reading.mask[reading.snapshot.row(day)]
        row = rows.row_of[arrays["number"]]
        for part, cells in _dense(arrays):
            some, of_some = _selected(row[part], cells, counts)
            if len(some) and not rows.is_one_number_each:
                some, of_some = _united(some, of_some)
            if len(some):
                yield day, some, of_some


def _selected(
    row: NDArray[np.int64], cells: NDArray[Any], counts: Mask | None
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    wanted = row >= 0
    if not wanted.all():
        row, cells = row[wanted], cells[wanted]
    if counts is not None:
        cells = cells * counts[: cells.shape[1]]
    return row, cells


def _united(row: NDArray[np.int64], cells: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    order = np.argsort(row, kind="stable")
    starts = np.flatnonzero(np.diff(row[order], prepend=-1))
    return row[order][starts], np.add.reduceat(cells[order], starts, axis=0, dtype=np.uint32)


def _dense(arrays: Arrays) -> Iterator[tuple[slice, NDArray[Any]]]:
    """The hits of a cube as rows × people, some of its rows at a time."""
    if "dense" in arrays:
        dense = _narrow(arrays["dense"])
        if len(arrays["over_cell"]):
            dense = dense.astype(np.uint32)
            dense.reshape(-1)[arrays["over_cell"]] = arrays["over_hits"]
        yield slice(None), dense
        return
    cells, person, hits = arrays["cells"], arrays["person"], _narrow(arrays["hits"])
    people = int(person.max(initial=0)) + 1
    ends = np.cumsum(cells, dtype=np.int64)
    at_once = max(_CELLS_AT_ONCE // max(people, 1), 1)
    for first in range(0, len(cells), at_once):
        part = slice(first, first + at_once)
        count = cells[part].astype(np.int64)
        start = int(ends[first]) - int(count[0])
        some = slice(start, start + int(count.sum()))
        dense = np.zeros((len(count), people), hits.dtype)
        flat = np.repeat(np.arange(len(count)) * people, count)
        flat += person[some]
        dense.reshape(-1)[flat] = hits[some]
        yield part, dense


def _narrow(hits: NDArray[Any]) -> NDArray[Any]:
    """The hits of a day as stored, or of a live one as narrow as may be needed."""
    return hits if hits.dtype.itemsize < _NARROW.itemsize else hits.astype(_NARROW)
