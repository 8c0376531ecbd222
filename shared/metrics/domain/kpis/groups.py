"""The groups of an answer about a KPI: the largest first, by name where records have one."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from shared.metrics.domain.kpis.aggregation import NO_REASON, REASONS, Cells, Floats
from shared.metrics.domain.kpis.answers import KpiGroups
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.grids import Grid
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.question import KpiQuestion
from shared.metrics.domain.kpis.values import change, values_of
from shared.metrics.domain.kpis.vocabulary import Aggregation
from shared.metrics.domain.records.record_types import RecordType

MOST_GROUPS: Final = 50

_NAMED: Final = {
    Dimension.OWNER: RecordType.PERSON,
    Dimension.ACCOUNT: RecordType.ACCOUNT,
    Dimension.PARENT_ACCOUNT: RecordType.ACCOUNT,
    Dimension.CAMPAIGN: RecordType.CAMPAIGN,
    Dimension.STAGE: RecordType.STAGE,
}
"""Dimensions whose values are ids of records, which have names."""


def groups_of(question: KpiQuestion, kpi: Kpi, grid: Grid) -> KpiGroups | None:
    """The groups of a grid whose first two spans are a period and an earlier one, and all others
    the points of a series. Those of which there is nothing in either period are left out.
    """
    if question.group_by is None:
        return None
    named = grid.cells.groups(np.arange(len(grid.names)))
    size = _sizes(kpi, named)
    filled = np.flatnonzero(size > 0).tolist()
    ordered = sorted(filled, key=lambda at: (-float(size[at]), grid.names[at]))
    shown = named.groups(np.array(ordered[:MOST_GROUPS], np.int64))
    keys = [grid.names[at] for at in ordered[:MOST_GROUPS]]
    values, previous = values_of(shown.value[:, 0]), values_of(shown.value[:, 1])
    changes = [change(*pair) for pair in zip(values, previous, strict=True)]
    return KpiGroups(
        keys=keys,
        names=_names(question, question.group_by, keys),
        values=values,
        reasons=[
            None if code == NO_REASON else REASONS[code] for code in shown.reason[:, 0].tolist()
        ],
        rows=[None if count < 0 else count for count in shown.rows[:, 0].tolist()],
        previous_values=previous,
        change_percents=[percent for percent, _ in changes],
        series=[values_of(points) for points in shown.value[:, 2:]],
        group_count=len(filled),
    )


def _sizes(kpi: Kpi, named: Cells) -> Floats:
    """How large each group is: sums by their amount, others by their rows."""
    both = slice(0, 2)
    is_sum = not isinstance(kpi.values, Counted) or kpi.values.aggregation is Aggregation.SUM
    if not is_sum:
        rows: Floats = named.rows[:, both].max(axis=1, initial=0).astype(np.float64)
        return rows
    known = np.abs(np.nan_to_num(named.value[:, both])).max(axis=1, initial=0.0)
    there = np.maximum(named.rows[:, both], 0).max(axis=1, initial=0)
    # What has rows and comes to 0, or to nothing known, is there, behind all others.
    size: Floats = np.where(there > 0, np.maximum(known, np.finfo(np.float64).tiny), known)
    return size


def _names(question: KpiQuestion, dimension: Dimension, keys: Sequence[str]) -> list[str]:
    """The names that records have by now, where the values are ids of any."""
    record_type = _NAMED.get(dimension)
    if record_type is None:
        return list(keys)
    wanted = set(keys)
    table = question.records.table(record_type, question.as_of_ms)
    names = table.column("name")
    found = {id_: names.value(row) for row, id_ in enumerate(table.ids) if id_ in wanted}
    return [str(found.get(key) or key) for key in keys]
