"""Changes of records as columns, in the order in which they are folded."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.events import ActorKind
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value

NOT_SAID: Final = -1
"""In place of a code: no value, actor or surviving record is named."""


class OpCode(IntEnum):
    """An `Op` as a number."""

    CREATE = 0
    UPDATE = 1
    DELETE = 2
    RESTORE = 3
    MERGE = 4
    SNAPSHOT = 5

    @staticmethod
    def of(op: Op) -> "OpCode":
        """The code of an operation."""
        return OpCode[op.value]


class ChangeEvent(NamedTuple):
    """One de-duplicated change of one record: what its event says, and the change."""

    record_id: str
    at_ms: int
    change: RecordChange
    actor: str = ""
    actor_kind: ActorKind = ActorKind.USER
    received_ms: int = 0
    event_id: bytes = b""

    def fold_order(self) -> tuple[int, int, int, int, bytes]:
        """Where it stands among other changes; those with a sequence after those without."""
        sequence = self.change.sequence
        has_sequence = (0, 0) if sequence is None else (1, sequence)
        return (self.at_ms, *has_sequence, self.received_ms, self.event_id)


@dataclass(frozen=True, slots=True, eq=False)
class ChangeLog:
    """Changes, one row each, in fold order; and cells, one for each field that a change speaks of,
    in the order of their rows.

    `object`, `record`, `merged_into`, `actor` and `field`, `value`, `was` are codes of the lists,
    NOT_SAID where nothing is said. A cell with a `value` was written; `was` is what it held before,
    if the sender says so.
    """

    objects: Sequence[str]
    records: Sequence[str]
    actors: Sequence[str]
    fields: Sequence[str]
    values: Sequence[Value]
    at_ms: NDArray[np.int64]
    received_ms: NDArray[np.int64]
    object: NDArray[np.int32]
    record: NDArray[np.int32]
    op: NDArray[np.uint8]
    merged_into: NDArray[np.int32]
    actor: NDArray[np.int32]
    actor_kind: NDArray[np.uint8]
    is_exact: NDArray[np.bool_]
    row: NDArray[np.int32]
    field: NDArray[np.int32]
    value: NDArray[np.int32]
    was: NDArray[np.int32]

    def __len__(self) -> int:
        """Number of changes."""
        return len(self.at_ms)


class Codes:
    """Numbers things in the order in which they are first met."""

    def __init__(self) -> None:
        self.things: list[Value] = []
        self._codes: dict[Hashable, int] = {}

    def code(self, thing: Value) -> int:
        """The number of a thing. What only compares equal is not the same: 1, 1.0 and True."""
        key = (type(thing), tuple(thing) if isinstance(thing, list) else thing)
        known = self._codes.get(key)
        if known is None:
            known = self._codes[key] = len(self.things)
            self.things.append(thing)
        return known


class TextCodes:
    """Numbers texts in the order in which they are first met."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def code(self, text: str) -> int:
        """The number of a text."""
        return self._codes.setdefault(text, len(self._codes))

    @property
    def texts(self) -> list[str]:
        """All of them, by number."""
        return list(self._codes)


def log_of(changes: Iterable[ChangeEvent]) -> ChangeLog:
    """The log of changes in any order, each given once."""
    objects, records, actors, fields = TextCodes(), TextCodes(), TextCodes(), TextCodes()
    values = Codes()
    rows: list[tuple[int, ...]] = []
    cells: list[tuple[int, int, int, int]] = []
    for row, event in enumerate(sorted(changes, key=ChangeEvent.fold_order)):
        change = event.change
        rows.append(
            (
                event.at_ms,
                event.received_ms,
                objects.code(change.object),
                records.code(event.record_id),
                OpCode.of(change.op),
                records.code(change.merged_into) if change.merged_into else NOT_SAID,
                actors.code(event.actor) if event.actor else NOT_SAID,
                event.actor_kind,
                change.precision is Precision.EXACT,
            )
        )
        cells += [
            (
                row,
                fields.code(name),
                _code(values, change.set, name),
                _code(values, change.was, name),
            )
            for name in sorted({*change.set, *change.was})
        ]
    columns = np.array(rows, np.int64).reshape(-1, 9).T
    of_cells = np.array(cells, np.int32).reshape(-1, 4).T
    return ChangeLog(
        objects.texts,
        records.texts,
        actors.texts,
        fields.texts,
        values.things,
        at_ms=columns[0].copy(),
        received_ms=columns[1].copy(),
        object=columns[2].astype(np.int32),
        record=columns[3].astype(np.int32),
        op=columns[4].astype(np.uint8),
        merged_into=columns[5].astype(np.int32),
        actor=columns[6].astype(np.int32),
        actor_kind=columns[7].astype(np.uint8),
        is_exact=columns[8].astype(bool),
        row=of_cells[0].copy(),
        field=of_cells[1].copy(),
        value=of_cells[2].copy(),
        was=of_cells[3].copy(),
    )


def _code(values: Codes, said: Mapping[str, Value], name: str) -> int:
    return values.code(said[name]) if name in said else NOT_SAID
