"""The sums of the days of a span side by side: from the indexes of months, the manifests of days,
and live folds.
"""

from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.storage.manifests import DaySums
from shared.metrics.storage.month_index import MEASURES, IndexedDay, MonthIndex, PublishedDay

_values: Final = attrgetter(*MEASURES)


class Totals(NamedTuple):
    """The sums of one day, in the order of `MEASURES`."""

    hits: int
    logins: int
    active: int
    sessions: int
    single_event_sessions: int
    session_ms: int


class Placed(NamedTuple):
    """Days of a span that one month has: their rows in the span, and in the month's index."""

    name: str
    whole: MonthIndex
    rows: NDArray[np.int64]
    at: NDArray[np.int64]


class SpanSums:
    """The sums of a span by day, 0 for days without any event."""

    def __init__(
        self, span: Window, published: Mapping[date, PublishedDay], live: Mapping[date, DaySums]
    ) -> None:
        self._first = span.first
        self.alone = {
            day: each.sums for day, each in published.items() if not isinstance(each, IndexedDay)
        } | dict(live)
        """The days that no index has."""
        self.placed = placed(span, published)
        self._days = [*published, *live]
        self._table = np.zeros((len(MEASURES), span.length), np.int64)
        for _, whole, rows, at in self.placed:
            self._table[:, rows] = whole.sums_by_day()[:, at]
        for day, sums in self.alone.items():
            self._table[:, (day - span.first).days] = _values(sums)

    def by_day(self, measure: str) -> NDArray[np.int64]:
        """One of `MEASURES` of every day."""
        values: NDArray[np.int64] = self._table[MEASURES.index(measure)]
        return values

    def by_date(self) -> dict[date, Totals]:
        """All sums of each day that has any event."""
        days = sorted(self._days)
        rows = [(day - self._first).days for day in days]
        columns = self._table[:, rows].T.tolist()
        return {day: Totals(*column) for day, column in zip(days, columns, strict=True)}


def placed(span: Window, published: Mapping[date, PublishedDay]) -> list[Placed]:
    """The days that indexes have, month by month."""
    found: dict[str, tuple[MonthIndex, list[int], list[int]]] = {}
    first = span.first.toordinal()
    for day, each in published.items():
        if isinstance(each, IndexedDay):
            of_month = found.get(each.month)
            if of_month is None:
                of_month = found[each.month] = (each.whole, [], [])
            of_month[1].append(day.toordinal() - first)
            of_month[2].append(each.row)
    return [
        Placed(name, whole, np.array(rows, np.int64), np.array(at, np.int64))
        for name, (whole, rows, at) in found.items()
    ]
