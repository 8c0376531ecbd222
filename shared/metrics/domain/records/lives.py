"""When records of a type are there: first sight, deletion, restoration, and what they merged into.

A record that was deleted is back when it is restored, created again, or seen in a snapshot; an
update alone does not bring it back, for systems write to what they have deleted. The same ends a
merge. A merge that would close a circle is none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.change_log import NOT_SAID, ChangeLog, OpCode
from shared.metrics.domain.records.field_columns import NO_RECORD

_BACK = (OpCode.CREATE, OpCode.RESTORE, OpCode.SNAPSHOT)


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """What happened to the existence of the records of a type, which are numbered from 0.

    `first` and `created` are the changes (rows of the log) by which each record was first seen, and
    first said to be created; the number of all changes where it never was. `record` and `change`
    are all sights of it, by record and in fold order; `turn_record`, `turn_change` and `is_there`
    those that delete it or bring it back. `merges` are (change, record, survivor) and, with the
    survivor NO_RECORD, what ends a merge; in fold order.
    """

    instants_ms: NDArray[np.int64]
    first: NDArray[np.int64]
    created: NDArray[np.int64]
    record: NDArray[np.int64]
    change: NDArray[np.int64]
    turn_record: NDArray[np.int64]
    turn_change: NDArray[np.int64]
    is_there: NDArray[np.bool_]
    merges: list[tuple[int, int, int]]

    def limit(self, at_ms: int | None) -> int:
        """The number of changes up to an instant; of all without one."""
        if at_ms is None:
            return len(self.instants_ms)
        return int(np.searchsorted(self.instants_ms, at_ms, side="right"))

    def survivors(self, at_ms: int | None) -> NDArray[np.int64]:
        """For each record the one that it is part of at an instant: itself, unless it merged."""
        into: dict[int, int] = {}
        limit = self.limit(at_ms)
        for change, record, survivor in self.merges:
            if change >= limit:
                break
            if survivor == NO_RECORD:
                into.pop(record, None)
            elif _root(into, survivor) != record:
                into[record] = survivor
        found = np.arange(len(self.first))
        for record in into:
            found[record] = _root(into, record)
        return found

    def present(self, at_ms: int | None) -> NDArray[np.int64]:
        """The records that are there at an instant, ascending; without those that merged."""
        limit = self.limit(at_ms)
        there = (self.first < limit) & (self.survivors(at_ms) == np.arange(len(self.first)))
        turn = _last_before(self.turn_record, self.turn_change, len(self.first), limit)
        turned = turn != NO_RECORD
        there[turned] &= self.is_there[turn[turned]]
        return np.flatnonzero(there)

    def last_changed(self, records: NDArray[np.int64], at_ms: int | None) -> NDArray[np.int64]:
        """When each record was last heard of, milliseconds UTC; of those that have been."""
        entry = _last_before(self.record, self.change, len(self.first), self.limit(at_ms))
        at: NDArray[np.int64] = self.instants_ms[self.change[entry[records]]]
        return at


def lives_of(
    log: ChangeLog, rows: NDArray[np.int64], number: NDArray[np.int64], records: int
) -> Lives:
    """The lives of the records of a type: the `rows` of the log about them, and the `number` of
    each record that the log names, NO_RECORD for those of other types.
    """
    op = log.op[rows]
    record = number[log.record[rows]]
    merging = (op == OpCode.MERGE) & (log.merged_into[rows] != NOT_SAID)
    survivor = number[log.merged_into[rows[merging]]]
    sight_record = np.concatenate((record, survivor))
    sight_change = np.concatenate((rows, rows[merging]))
    order = np.lexsort((sight_change, sight_record))
    is_back = np.isin(op, _BACK)
    turns = is_back | (op == OpCode.DELETE)
    by_record = np.argsort(record[turns], kind="stable")
    return Lives(
        instants_ms=log.at_ms,
        first=_first(sight_record, sight_change, records, len(log)),
        created=_first(record[op == OpCode.CREATE], rows[op == OpCode.CREATE], records, len(log)),
        record=sight_record[order],
        change=sight_change[order],
        turn_record=record[turns][by_record],
        turn_change=rows[turns][by_record],
        is_there=is_back[turns][by_record],
        merges=_merges(rows, record, merging, survivor, is_back),
    )


def _merges(
    rows: NDArray[np.int64],
    record: NDArray[np.int64],
    merging: NDArray[np.bool_],
    survivor: NDArray[np.int64],
    is_back: NDArray[np.bool_],
) -> list[tuple[int, int, int]]:
    ends = np.flatnonzero(is_back & np.isin(record, record[merging]))
    found = [(row, lost, NO_RECORD) for row, lost in zip(rows[ends], record[ends], strict=True)]
    found += list(zip(rows[merging], record[merging], survivor, strict=True))
    return sorted((int(row), int(lost), int(into)) for row, lost, into in found)


def _root(into: dict[int, int], record: int) -> int:
    while record in into:
        record = into[record]
    return record


def _first(
    record: NDArray[np.int64], change: NDArray[np.int64], records: int, never: int
) -> NDArray[np.int64]:
    first = np.full(records, never, np.int64)
    np.minimum.at(first, record, change)
    return first


def _last_before(
    record: NDArray[np.int64], change: NDArray[np.int64], records: int, limit: int
) -> NDArray[np.int64]:
    """For each record its last entry before a change; entries are by record and change."""
    early = np.flatnonzero(change < limit)
    last = np.full(records, NO_RECORD, np.int64)
    # Of repeated indices the last assignment stands.
    last[record[early]] = early
    return last
