"""Counts the good fields of records."""

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope


class Tally:
    """How many fields of each record were looked at, and how many of them are good."""

    def __init__(self, scope: Scope, records: int) -> None:
        self._at_ms = scope.at_ms
        self._good = np.zeros(records, np.int64)
        self._all = np.zeros(records, np.int64)
        self._unknown = np.zeros(records, bool)

    def add(self, of: NDArray[np.bool_], good: NDArray[np.bool_]) -> None:
        """One field more: the records that it is looked at in, and those where it is good."""
        self._all += of
        self._good += of & good

    def add_unknown(self, which: NDArray[np.bool_]) -> None:
        """Records with a field of which it cannot be said."""
        self._unknown |= which

    def rows(self) -> Rows:
        """One of each record in which a field was looked at."""
        record = np.flatnonzero(self._all)
        return Rows(
            record=record,
            at_ms=np.full(len(record), self._at_ms),
            numerator=self._good[record],
            denominator=self._all[record],
            unknown=np.flatnonzero(self._unknown),
        )
