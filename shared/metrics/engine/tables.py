"""From the blocks of a snapshot to the tables that views compute from."""

from dataclasses import replace
from datetime import date

import numpy as np

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.fold import FoldedDay
from shared.metrics.domain.views.day_table import DayTable, SessionSums
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.snapshot import Snapshot


def day_table(snapshot: Snapshot, mask: Mask) -> DayTable:
    """The days × people of a snapshot, of those whom the mask counts."""
    hits = np.where(mask, snapshot.matrix(BlockKind.CORE, "hits", np.uint32), 0)
    logins = np.where(mask, snapshot.matrix(BlockKind.CORE, "logins", np.uint32), 0)
    present = mask & snapshot.matrix(BlockKind.CORE, "present", np.bool_)
    features = np.zeros((snapshot.span.length, len(snapshot.features.names)), bool)
    for day, who in snapshot.arrays(BlockKind.WHO).items():
        row = snapshot.row(day)
        people = who["people"]
        features[row, who["feature"][(people & mask[row, : people.shape[1]]).any(axis=1)]] = True
    return DayTable(
        span=snapshot.span,
        user_ids=snapshot.people.names,
        hits=hits,
        present=present,
        features=features,
        hits_by_day=hits.sum(axis=1, dtype=np.int64),
        logins_by_day=logins.sum(axis=1, dtype=np.int64),
        active_by_day=np.count_nonzero(present, axis=1),
    )


def with_day(
    table: DayTable, snapshot: Snapshot, day: date, folded: FoldedDay, mask: Mask | None
) -> DayTable:
    """The table with one day replaced by another fold of it."""
    row = snapshot.row(day)
    arrays = snapshot.arrays_of(day, folded)
    core, who = arrays[BlockKind.CORE], arrays[BlockKind.WHO]
    people = len(core["hits"])
    counts = np.ones(people, bool) if mask is None else mask[row, :people]
    changed = replace(
        table,
        hits=table.hits.copy(),
        present=table.present.copy(),
        features=table.features.copy(),
        hits_by_day=table.hits_by_day.copy(),
        logins_by_day=table.logins_by_day.copy(),
        active_by_day=table.active_by_day.copy(),
    )
    changed.hits[row] = 0
    changed.hits[row, :people] = np.where(counts, core["hits"], 0)
    changed.present[row] = False
    changed.present[row, :people] = core["present"] & counts
    changed.features[row] = False
    changed.features[row, who["feature"][(who["people"] & counts).any(axis=1)]] = True
    changed.hits_by_day[row] = changed.hits[row].sum()
    changed.logins_by_day[row] = core["logins"][counts].sum()
    changed.active_by_day[row] = np.count_nonzero(changed.present[row])
    return changed


def session_sums(snapshot: Snapshot, mask: Mask | None) -> SessionSums:
    """Sessions by day, of those whom the mask counts."""
    if mask is None:
        return SessionSums(
            sessions=snapshot.by_day(lambda sums: sums.sessions),
            single_event_sessions=snapshot.by_day(lambda sums: sums.single_event_sessions),
            session_ms=snapshot.by_day(lambda sums: sums.session_ms),
        )
    return SessionSums(
        *(
            np.where(mask, snapshot.matrix(BlockKind.TIME, column, np.int64), 0).sum(axis=1)
            for column in ("sessions", "single_event_sessions", "session_ms")
        )
    )
