"""The de-duplicated events of a unit with all their fields, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.pack_reader import PackRows, read_packs
from shared.metrics.domain.deduplication import distinct_rows


@dataclass(frozen=True, slots=True)
class EventRows:
    """Events by time and id. `row` are their rows among those of `packs`, where their fields are;
    `received_ms` is the earliest of the copies of each.
    """

    packs: PackRows
    row: NDArray[np.int64]
    received_ms: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of events."""
        return len(self.row)


def event_rows(bodies: Sequence[bytes]) -> EventRows:
    """The events of sealed packs, each once; the same whatever the order of the packs."""
    rows = read_packs(bodies, whole=True)
    columns: tuple[NDArray[np.generic], ...] = (rows.user, rows.path, rows.origin)
    columns = (*columns, rows.record, rows.account, rows.source, rows.context, rows.change)
    distinct = distinct_rows(rows.ids, rows.times_ms, rows.received_ms, columns, rows.content)
    # Halves of ids are read little-endian; the order of bytes is that of big-endian numbers.
    high, low = rows.ids[distinct.rows].astype("<u8").view(">u8").T
    order = np.lexsort((low, high, rows.times_ms[distinct.rows]))
    return EventRows(rows, distinct.rows[order], distinct.received_ms[order])
