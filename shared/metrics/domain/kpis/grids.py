"""Values by group and span, put together from several readings or from several KPIs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.aggregation import NO_REASON, REASONS, Cells
from shared.metrics.domain.kpis.kpi import Combine
from shared.metrics.domain.kpis.vocabulary import Flag, Reason


@dataclass(frozen=True, slots=True)
class Grid:
    """Values by group and span. The groups are those of `names`, then one without any rows, which
    stands for whatever is not among the names, then everything. `flags` tell what to know of which
    values that are made of others.
    """

    names: list[str]
    cells: Cells
    flags: tuple[tuple[NDArray[np.bool_], Flag], ...] = ()

    def of(self, names: Sequence[str]) -> Cells:
        """The cells of the groups of other names."""
        own = {name: place for place, name in enumerate(self.names)}
        absent = len(self.names)
        order = [*(own.get(name, absent) for name in names), absent, absent + 1]
        return self.cells.groups(np.array(order, np.int64))


def side_by_side(grids: Sequence[Grid]) -> Grid:
    """The spans of several readings of one KPI, one after the other."""
    if len(grids) == 1:
        return grids[0]
    names = _names(grids)
    each = [grid.of(names) for grid in grids]
    return Grid(
        names,
        Cells(
            np.concatenate([cells.value for cells in each], axis=1),
            np.concatenate([cells.reason for cells in each], axis=1),
            np.concatenate([cells.numerator for cells in each], axis=1),
            np.concatenate([cells.denominator for cells in each], axis=1),
            np.concatenate([cells.rows for cells in each], axis=1),
        ),
    )


def combined(combine: Combine, parts: Sequence[Grid]) -> Grid:
    """The values that are made of those of several KPIs; the reason of the first part that is null
    goes before any other.
    """
    names = _names(parts)
    each = [part.of(names) for part in parts]
    outcome = combine([cells.value for cells in each])
    empty = np.where(np.isnan(outcome.value), REASONS.index(Reason.EMPTY_DENOMINATOR), NO_REASON)
    nothing = np.full(outcome.value.shape, np.nan)
    rows = np.full(outcome.value.shape, -1, np.int64)
    cells = Cells(outcome.value, empty.astype(np.int8), nothing, nothing, rows)
    for where, reason in outcome.nulls:
        cells = cells.null(where, reason)
    for part in reversed(each):
        for code in np.unique(part.reason[part.reason != NO_REASON]).tolist():
            cells = cells.null(part.reason == code, REASONS[code])
    return Grid(names, cells, outcome.flags)


def _names(grids: Iterable[Grid]) -> list[str]:
    """All names of groups, in the order in which they are first met."""
    return list(dict.fromkeys(name for grid in grids for name in grid.names))
