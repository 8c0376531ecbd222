"""How long deals have been in which stage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.records.field_columns import NO_RECORD, Knowledge
from shared.metrics.domain.records.record_types import RecordType


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays of deals in stages, by deal and in their order; `deal` is a row of the table, `stage` a
    code of `names` and the number of its record. A current stay has no end: it is told until the
    instant of the reading. `next_stage` is -1 where none followed.
    """

    names: Sequence[str]
    deal: NDArray[np.int64]
    stage: NDArray[np.int64]
    next_stage: NDArray[np.int64]
    from_ms: NDArray[np.int64]
    until_ms: NDArray[np.int64]
    is_current: NDArray[np.bool_]


def stays_of(deals: Deals) -> Stays:
    """The stays up to the instant of the reading; a deal that is closed leaves its stage then, at
    the latest.
    """
    at_ms = deals.scope.at_ms
    history = deals.scope.records.history(RecordType.DEAL, "stage")
    of_entry = deals.table.rows_of(history.record)
    kept = np.flatnonzero((of_entry != NO_RECORD) & (history.at_ms <= at_ms))
    following = np.append(history.values, NO_RECORD).astype(np.int64)[kept + 1]
    deal, from_ms, until_ms = of_entry[kept], history.at_ms[kept], history.until_ms[kept]
    has_next = until_ms <= at_ms
    is_closed = deals.closed.happened[deal]
    closed_ms = np.clip(deals.closed.at_ms[deal], from_ms, np.maximum(from_ms, at_ms))
    is_current = ~has_next & ~is_closed
    end_ms = np.where(has_next, until_ms, np.where(is_closed, closed_ms, at_ms))
    known = history.knowledge[kept] == Knowledge.KNOWN
    return Stays(
        names=history.names,
        deal=deal[known],
        stage=history.values[kept][known].astype(np.int64),
        next_stage=np.where(has_next, following, NO_RECORD)[known],
        from_ms=from_ms[known],
        until_ms=end_ms[known],
        is_current=is_current[known],
    )
