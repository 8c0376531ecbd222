"""The fold of one field: cells of the log, in fold order, to its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.change_log import ChangeLog
from shared.metrics.domain.records.field_columns import NO_RECORD, FieldType, Knowledge
from shared.metrics.domain.records.field_history import FieldHistory
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
    log: ChangeLog, cells: FieldCells, field_type: FieldType, names: Sequence[str]
) -> FieldHistory:
    """The history of a field from its cells, which are by record and change.

    What a change says that the field held before is compared, but is no entry: an answer about the
    past would change with what comes later.
    """
    kept = cells.is_set
    change = cells.change[kept]
    whole = FieldHistory(
        type=field_type,
        record=cells.record[kept],
        at_ms=log.at_ms[change],
        values=cells.values[kept],
        knowledge=cells.knowledge[kept],
        is_exact=log.is_exact[change],
        is_missed=_is_missed(cells)[kept],
        actor=log.actor[change].astype(np.int64),
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


def _before(cells: FieldCells) -> NDArray[np.int64]:
    """For each cell the one of its record that was last written before; NO_RECORD without one."""
    is_first = np.diff(cells.record, prepend=NO_RECORD) != 0
    at = np.arange(len(is_first))
    start = np.maximum.accumulate(np.where(is_first, at, 0))
    written = np.maximum.accumulate(np.where(cells.is_set, at, NO_RECORD))
    before = np.concatenate(([NO_RECORD], written[:-1]))[: len(at)]
    return np.where(before >= start, before, NO_RECORD)


def _is_missed(cells: FieldCells) -> NDArray[np.bool_]:
    """Where a field held something else before than what was last written. What cannot be read is
    not compared.
    """
    before = _before(cells)
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
