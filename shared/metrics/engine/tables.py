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
    return DayTable(
        span=snapshot.span,
        make_user_ids=lambda: snapshot.people.names,
        make_hits=lambda: hits,
        make_present=lambda: present,
        make_features=lambda: _features(snapshot, mask),
        hits_by_day=hits.sum(axis=1, dtype=np.int64),
        logins_by_day=logins.sum(axis=1, dtype=np.int64),
        active_by_day=np.count_nonzero(present, axis=1),
    )


def _features(snapshot: Snapshot, mask: Mask) -> Mask:
    features = np.zeros((snapshot.span.length, len(snapshot.features.names)), bool)
    for day, who in snapshot.arrays(BlockKind.WHO).items():
        row = snapshot.row(day)
        people = who["people"]
        features[row, who["feature"][(people & mask[row, : people.shape[1]]).any(axis=1)]] = True
    return features


def with_day(
    table: DayTable, snapshot: Snapshot, day: date, folded: FoldedDay, mask: Mask | None
) -> DayTable:
    """The table with one day replaced by another fold of it."""
    row = snapshot.row(day)
    arrays = snapshot.arrays_of(day, folded)
    core, who = arrays[BlockKind.CORE], arrays[BlockKind.WHO]
    people = len(core["hits"])
    counts = np.ones(people, bool) if mask is None else mask[row, :people]
    hits, present, features = table.hits.copy(), table.present.copy(), table.features.copy()
    hits[row] = 0
    hits[row, :people] = np.where(counts, core["hits"], 0)
    present[row] = False
    present[row, :people] = core["present"] & counts
    features[row] = False
    features[row, who["feature"][(who["people"] & counts).any(axis=1)]] = True
    changed = replace(
        table,
        make_hits=lambda: hits,
        make_present=lambda: present,
        make_features=lambda: features,
        hits_by_day=table.hits_by_day.copy(),
        logins_by_day=table.logins_by_day.copy(),
        active_by_day=table.active_by_day.copy(),
        active_in=None,
    )
    changed.hits_by_day[row] = hits[row].sum()
    changed.logins_by_day[row] = core["logins"][counts].sum()
    changed.active_by_day[row] = np.count_nonzero(present[row])
    return changed


def session_sums(snapshot: Snapshot, mask: Mask | None) -> SessionSums:
    """Sessions by day, of those whom the mask counts."""
    if mask is None:
        return SessionSums(
            sessions=snapshot.by_day("sessions"),
            single_event_sessions=snapshot.by_day("single_event_sessions"),
            session_ms=snapshot.by_day("session_ms"),
        )
    return SessionSums(
        *(
            np.where(mask, snapshot.matrix(BlockKind.TIME, column, np.int64), 0).sum(axis=1)
            for column in ("sessions", "single_event_sessions", "session_ms")
        )
    )
