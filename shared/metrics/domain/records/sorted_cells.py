"""The cells of a log by object and field, so that a field is found without looking at the rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.change_log import ChangeLog


@dataclass(frozen=True, slots=True, eq=False)
class SortedCells:
    """`order` has the cells of each object and field side by side; `starts` says where each begins,
    `objects` × `fields`.
    """

    log: ChangeLog
    order: NDArray[np.int64]
    starts: NDArray[np.int64]

    @staticmethod
    def of(log: ChangeLog) -> "SortedCells":
        """The cells of a log."""
        fields = len(log.fields)
        keys = log.object[log.row].astype(np.int64) * fields + log.field
        counts = np.bincount(keys, minlength=len(log.objects) * fields)
        narrow = keys.astype(np.min_scalar_type(max(len(log.objects) * fields, 1)))
        order = np.argsort(narrow, kind="stable")
        return SortedCells(log, order, np.concatenate(([0], np.cumsum(counts))))

    def of_field(self, object_name: str, field: str) -> NDArray[np.int64]:
        """The cells of a sender's field, in fold order."""
        if object_name not in self.log.objects or field not in self.log.fields:
            return np.zeros(0, np.int64)
        key = self.log.objects.index(object_name) * len(self.log.fields)
        key += self.log.fields.index(field)
        return self.order[self.starts[key] : self.starts[key + 1]]
