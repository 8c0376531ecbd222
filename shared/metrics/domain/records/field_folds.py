"""The fold of one field: cells of the log, in fold order, to its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.change_log import ChangeLog
from shared.metrics.domain.records.field_columns import NO_RECORD, FieldType, Knowledge
from shared.metrics.domain.records.field_history import FieldHistory
from shared.metrics.domain.records.lives import Lives
from shared.metrics.domain.records.mapped_values import MappedValues


@dataclass(frozen=True, slots=True, eq=False)
class FieldCells:
    """What was said of a field, in any order: by which change (row of the log) of which record.

    `is_set` where it was written, `is_said` where it is said what it held before.
    """

    change: NDArray[np.int64]
    record: NDArray[np.int64]
    is_set: NDArray[np.bool_]
    values: NDArray[Any]
    knowledge: NDArray[np.uint8]
    is_said: NDArray[np.bool_]
    was_values: NDArray[Any]
    was_knowledge: NDArray[np.uint8]

    @staticmethod
    def of(
        log: ChangeLog, cells: NDArray[np.int64], number: NDArray[np.int64], read: MappedValues
    ) -> "FieldCells":
        """Some cells of the log; `number` is that of each record that the log names."""
        change = log.row[cells].astype(np.int64)
        value, was = log.value[cells], log.was[cells]
        return FieldCells(
            change,
            number[log.record[change]],
            value >= 0,
            read.values[value],
            read.knowledge[value],
            was >= 0,
            read.values[was],
            read.knowledge[was],
        )

    @staticmethod
    def joined(parts: Sequence["FieldCells"], field_type: FieldType) -> "FieldCells":
        """The cells of all parts, by record and change."""
        none = np.zeros(0, np.int64)
        nothing = np.zeros(0, field_type.dtype)
        flags, known = np.zeros(0, bool), np.zeros(0, np.uint8)
        blank = FieldCells(none, none, flags, nothing, known, flags, nothing, known)
        names = FieldCells.__slots__
        whole = {
            name: np.concatenate([getattr(part, name) for part in (blank, *parts)])
            for name in names
        }
        order = np.lexsort((whole["change"], whole["record"]))
        return FieldCells(**{name: column[order] for name, column in whole.items()})


def fold_field(
    log: ChangeLog, cells: FieldCells, lives: Lives, field_type: FieldType, names: Sequence[str]
) -> FieldHistory:
    """The history of a field from its cells, which are by record and change.

    What the first change of a record says that the field held before, it is taken to have held
    since the record was first seen.
    """
    is_first = np.diff(cells.record, prepend=NO_RECORD) != 0
    before = _before(cells, is_first)
    first_seen = lives.first[cells.record]
    leads = is_first & cells.is_said & (first_seen < cells.change)
    kept = cells.is_set
    order = np.lexsort(
        (
            np.concatenate((first_seen[leads], cells.change[kept])),
            np.concatenate((cells.record[leads], cells.record[kept])),
        )
    )

    def both(led: NDArray[Any], own: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate((led[leads], own[kept]))[order]

    change = both(first_seen, cells.change)
    none = np.zeros(len(cells.record), bool)
    whole = FieldHistory(
        type=field_type,
        record=both(cells.record, cells.record),
        at_ms=log.at_ms[change],
        values=both(cells.was_values, cells.values),
        knowledge=both(cells.was_knowledge, cells.knowledge),
        is_exact=both(none, log.is_exact[cells.change]),
        is_missed=both(none, _is_missed(cells, before)),
        actor=both(np.full(len(none), NO_RECORD), log.actor[cells.change]).astype(np.int64),
        actors=log.actors,
        change=change,
        instants_ms=log.at_ms,
        names=names,
    )
    return only_changes(whole)


def only_changes(history: FieldHistory) -> FieldHistory:
    """The history without the entries that say what the one before says."""
    differs = history.first
    for column in (history.values, history.knowledge, history.currency):
        if len(column):
            differs = differs | np.append(True, column[1:] != column[:-1])
    differs |= history.is_missed
    return rows_of(history, differs)


def rows_of(history: FieldHistory, rows: NDArray[np.bool_] | NDArray[np.int64]) -> FieldHistory:
    """Some entries of a history, by mask or by index."""
    return replace(
        history,
        record=history.record[rows],
        at_ms=history.at_ms[rows],
        values=history.values[rows],
        knowledge=history.knowledge[rows],
        is_exact=history.is_exact[rows],
        is_missed=history.is_missed[rows],
        actor=history.actor[rows],
        change=history.change[rows],
        currency=history.currency[rows] if len(history.currency) else history.currency,
    )


def _before(cells: FieldCells, is_first: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each cell the one of its record that was last written before; NO_RECORD without one."""
    at = np.arange(len(is_first))
    start = np.maximum.accumulate(np.where(is_first, at, 0))
    written = np.maximum.accumulate(np.where(cells.is_set, at, NO_RECORD))
    before = np.concatenate(([NO_RECORD], written[:-1]))[: len(at)]
    return np.where(before >= start, before, NO_RECORD)


def _is_missed(cells: FieldCells, before: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a field held something else before than what was last written. What cannot be read is
    not compared.
    """
    missed: NDArray[np.bool_] = (
        cells.is_said
        & (before != NO_RECORD)
        & (cells.was_knowledge != Knowledge.UNKNOWN)
        & (cells.knowledge[before] != Knowledge.UNKNOWN)
    )
    missed &= (cells.was_values != cells.values[before]) | (
        cells.was_knowledge != cells.knowledge[before]
    )
    return missed
