"""What is planned or spent over some days, and the part of it that falls into a period."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import money
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.record_table import RecordTable


def in_period(scope: Scope, table: RecordTable, which: NDArray[np.bool_]) -> Rows:
    """The `amount` of each of the marked records, in proportion to its days from `start` to `end`
    that lie in the period; one without an end is of its first day.
    """
    start, end = table.column("start"), table.column("end")
    until = np.where(end.known, end.values, start.values)
    days = until - start.values + 1
    first = np.maximum(start.values, scope.day(scope.start_ms))
    inside = np.minimum(until, scope.last_day) - first + 1
    counts = which & start.known & (days > 0) & (inside > 0)
    at_ms = np.full(len(table), scope.at_ms)
    rows = money(counts, table.column("amount"), at_ms, which & start.unknown)
    part = inside[rows.record] / days[rows.record]
    return replace(rows, numerator=np.rint(rows.numerator * part).astype(np.int64))
