"""The records as of an instant, by plain loops over what was said of them (docs/records.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.metrics.domain.record_changes import Op, Value
from shared.metrics.domain.records.from_rows import ChangeRow

UNKNOWN = "unknown"
BACK = (Op.CREATE, Op.RESTORE, Op.SNAPSHOT)


@dataclass
class Entry:
    """A real change of a field."""

    at_ms: int
    value: Value
    is_exact: bool
    is_missed: bool


def in_fold_order(rows: Sequence[ChangeRow]) -> list[ChangeRow]:
    """The changes in the order in which they are folded."""

    def place(row: ChangeRow) -> tuple[object, ...]:
        event = row.event()
        sequence = (0, 0) if row.sequence is None else (1, row.sequence)
        return (event.at_ms, *sequence, event.received_ms, row.event_id)

    return sorted(rows, key=place)


class Oracle:
    """What is known of the records of one type at an instant, from changes of it alone."""

    def __init__(self, rows: Sequence[ChangeRow], at_ms: int) -> None:
        self.at_ms = at_ms
        self.rows = [row for row in in_fold_order(rows) if row.event().at_ms <= at_ms]
        self.into: dict[str, str] = {}
        self.gone: set[str] = set()
        self.seen: dict[str, int] = {}
        self.created: dict[str, int] = {}
        for row in self.rows:
            self._take(row)

    def _take(self, row: ChangeRow) -> None:
        at_ms = row.event().at_ms
        self.seen[row.id] = at_ms
        if row.op is Op.CREATE:
            self.created.setdefault(row.id, at_ms)
        if row.op in BACK:
            self.gone.discard(row.id)
            self.into.pop(row.id, None)
        if row.op is Op.DELETE:
            self.gone.add(row.id)
        if row.op is Op.MERGE:
            self.seen[row.merged_into] = at_ms
            if self.survivor(row.merged_into) != row.id:
                self.into[row.id] = row.merged_into

    def survivor(self, record_id: str) -> str:
        """The record that one is part of."""
        while record_id in self.into:
            record_id = self.into[record_id]
        return record_id

    def ids(self) -> set[str]:
        """The records that are there."""
        return {each for each in self.seen if each not in self.gone and each not in self.into}

    def entries(self, record_id: str, field: str) -> list[Entry]:
        """All real changes of a field of a record, deleted or not."""
        entries: list[Entry] = []
        for row in self.rows:
            if row.id != record_id or field not in row.set:
                continue
            value, was = row.set[field], row.was.get(field, UNKNOWN)
            held = entries[-1].value if entries else UNKNOWN
            missed = held is not UNKNOWN and was is not UNKNOWN and was != held
            if not entries or value != held or missed:
                is_exact = row.precision.value == "EXACT"
                entries.append(Entry(row.event().at_ms, value, is_exact, missed))
        return entries

    def value(self, record_id: str, field: str) -> Value:
        """What a field holds; None if it is empty, `UNKNOWN` if nobody has said."""
        entries = self.entries(record_id, field)
        return entries[-1].value if entries else UNKNOWN
