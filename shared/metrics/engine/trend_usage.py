"""What people did in a window, all of it or of a selection: by day, and by day and person."""

from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.part_tables import Rows, cells_by_day, rows_of
from shared.metrics.engine.reading import Reading

_COLUMNS: Final[dict[TrendsMeasure, tuple[BlockKind, str]]] = {
    TrendsMeasure.HITS: (BlockKind.CORE, "hits"),
    TrendsMeasure.LOGINS: (BlockKind.CORE, "logins"),
    TrendsMeasure.SESSIONS: (BlockKind.TIME, "sessions"),
    TrendsMeasure.SINGLE_EVENT_SESSIONS: (BlockKind.TIME, "single_event_sessions"),
    TrendsMeasure.SESSION_MILLISECONDS: (BlockKind.TIME, "session_ms"),
}
_SUMS: Final[dict[TrendsMeasure, str]] = {
    TrendsMeasure.HITS: "hits",
    TrendsMeasure.ATTENDANCE: "active",
    TrendsMeasure.LOGINS: "logins",
    TrendsMeasure.SESSIONS: "sessions",
    TrendsMeasure.SINGLE_EVENT_SESSIONS: "single_event_sessions",
    TrendsMeasure.SESSION_MILLISECONDS: "session_ms",
}

ADDED_UP: Final = frozenset(_SUMS)
"""What all use can be asked for here; of a selection only hits and attendance."""


class Usage:
    """Measures that add up over days and people, of a window of a reading and a selection."""

    def __init__(self, reading: Reading, window: Window, selection: FeatureSelection) -> None:
        self.reading = reading
        self.window = window
        self.selection = selection
        first = reading.snapshot.row(window.first)
        self.rows = slice(first, first + window.length)

    @property
    def is_of_all_use(self) -> bool:
        """Whether nothing is selected."""
        return self.selection.is_everything()

    def by_day(self, which: TrendsMeasure) -> NDArray[np.int64]:
        """A measure of every day. Of everyone's whole use it is in the sums of days."""
        if self.is_of_all_use and self.reading.mask is None:
            return self.reading.snapshot.by_day(_SUMS[which])[self.rows]
        total: NDArray[np.int64] = self.by_person(which).sum(axis=1, dtype=np.int64)
        return total

    def by_person(self, which: TrendsMeasure) -> NDArray[Any]:
        """A measure as days × `people`."""
        if which is TrendsMeasure.ATTENDANCE:
            return self.present
        if which is TrendsMeasure.HITS:
            return self._hits
        return self._column(*_COLUMNS[which], np.uint32)

    @cached_property
    def people(self) -> NDArray[np.int64] | None:
        """Those who count on any day of the window, by number; None: everyone. Of a filter they may
        be few, and tables of them alone are small.
        """
        mask = self.reading.mask
        return None if mask is None else np.flatnonzero(mask[self.rows].any(axis=0))

    @cached_property
    def _counts(self) -> Mask:
        """Days × `people`: who counts."""
        if self.reading.mask is None:
            return np.ones((self.window.length, self.reading.width), bool)
        return self.reading.mask[self.rows][:, self.people]

    @cached_property
    def present(self) -> Mask:
        """Days × `people`: who attended; of a selection, who had a hit of it."""
        if self.is_of_all_use:
            return self._column(BlockKind.CORE, "present", np.bool_)
        return self._hits > 0

    @property
    def present_sets(self) -> NDArray[np.uint8] | None:
        """The same as sets of people, a row of bits a day; None unless everyone counts."""
        if not self.is_of_all_use or self.reading.mask is not None:
            return None
        return self.reading.snapshot.present_sets(self.window)

    @cached_property
    def _hits(self) -> NDArray[Any]:
        if self.is_of_all_use:
            return self._column(*_COLUMNS[TrendsMeasure.HITS], np.uint32)
        table = np.zeros((self.window.length, self.reading.width), np.uint32)
        some = rows_of(self.reading, self.selection, Part.FEATURE)
        together = Rows(some.kind, ["selection"], np.minimum(some.row_of, 0))
        for day, _, cells in cells_by_day(self.reading, together, self.window):
            table[(day - self.window.first).days, : cells.shape[1]] += cells[0]
        return table if self.people is None else table[:, self.people]

    def _column(self, kind: BlockKind, column: str, dtype: type[np.generic]) -> NDArray[Any]:
        table = self.reading.snapshot.matrix(kind, column, dtype, self.window, self.people)
        if self.reading.mask is not None:
            table *= self._counts
        return table
