"""From the rows of a file to events that tell of changes of records."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final

import msgspec

from devstack.importing.import_maps import ROW, ImportMap, Operation, RowChange, Stated
from devstack.importing.plain_rows import Row
from devstack.importing.times import TimeReader
from devstack.importing.turned_away import TurnedAwayError, Why
from functions.ingest.flattening import text_of
from shared.metrics.columns import change_texts
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.record_changes import Op, RecordChange, Value
from shared.metrics.domain.records.field_maps import MappedField

_DIGEST_BYTES: Final = 16


class RecordEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event as it is sent (functions/ingest/sources/native.py). It is no use of the CRM."""

    event_id: str
    occurred_at: int
    record_id: str
    change: msgspec.Raw
    user_id: str | None = None
    signal: str = ""
    actor_kind: str = ""


class RecordEvents:
    """Makes the events of a file. The id of each is a hash of what it says, so that the same change
    is one however often it is told.
    """

    def __init__(self, found: ImportMap, times: TimeReader) -> None:
        self._changes = found.changes
        self._time_format = found.time_format
        self._times = times
        self._number = 0

    def events(self, rows: Iterable[Row]) -> Sequence[RecordEvent]:
        """The events of rows; TurnedAwayError if a time or an id is missing."""
        self._number += 1
        number: Row = {ROW: self._number}
        return [event for row in rows for event in self._of_row({**row, **number})]

    def _of_row(self, row: Row) -> Iterator[RecordEvent]:
        for change in self._changes:
            op = _op(change, row)
            if op is None or not _applies(change, row):
                continue
            if change.field and row.get(change.field) is None:
                continue
            yield record_event(
                self._record(change, row),
                self._milliseconds(change.at, row),
                self._change(change, op, row),
                _actor(change, row),
            )

    def _change(self, change: RowChange, op: Op, row: Row) -> RecordChange:
        written = self._stated(change.set, row) | _prefixed(change, change.set_prefix, row)
        was = self._stated(change.was, row) | _prefixed(change, change.was_prefix, row)
        if change.field:
            name = text_of(row.get(change.field))
            written[name] = row.get(change.value)
            if change.was_value:
                was[name] = row.get(change.was_value)
        sequence = row.get(change.sequence) if change.sequence else None
        return RecordChange(
            change.object or text_of(row.get(change.object_from)),
            op,
            written,
            was,
            _whole(sequence),
            text_of(row.get(change.merged_into)) if change.merged_into else "",
            change.precision,
        )

    def _stated(self, stated: dict[str, str | Stated], row: Row) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, each in stated.items():
            if isinstance(each, str):
                found[name] = row.get(each)
            elif each.time:
                at_ms = self._optional_milliseconds(each.time, row)
                found[name] = None if at_ms is None else from_milliseconds(at_ms).isoformat()
            else:
                found[name] = row.get(each.column) if each.column else each.value
        return found

    def _record(self, change: RowChange, row: Row) -> str:
        parts = [text_of(row.get(column)) for column in change.record_columns]
        if not all(parts):
            detail = f"the record is empty: {', '.join(change.record_columns)}"
            raise TurnedAwayError(Why.MISSING_RECORD, detail)
        return "#".join(parts)

    def _milliseconds(self, column: str, row: Row) -> int:
        at_ms = self._optional_milliseconds(column, row)
        if at_ms is None:
            raise TurnedAwayError(Why.BAD_TIME, f"the time is empty: {column}")
        return at_ms

    def _optional_milliseconds(self, column: str, row: Row) -> int | None:
        text = text_of(row.get(column)).strip()
        if not text:
            return None
        if not self._time_format:
            return self._times.milliseconds(text)
        try:
            moment = datetime.strptime(text, self._time_format)  # noqa: DTZ007 - placed below
        except ValueError:
            detail = f"{text[:40]!r} is no time of the format {self._time_format!r}"
            raise TurnedAwayError(Why.BAD_TIME, detail) from None
        return self._times.milliseconds(moment.isoformat())


def record_event(record_id: str, at_ms: int, change: RecordChange, actor: str = "") -> RecordEvent:
    """The event of a change. TurnedAwayError if it is not text that can be sent."""
    try:
        text = change_texts.text_of(change).encode()
        identity = msgspec.json.encode((record_id, at_ms, actor)) + text
    except (UnicodeEncodeError, OverflowError):
        raise TurnedAwayError(Why.NOT_UTF8, "bytes that are not UTF-8") from None
    return RecordEvent(
        blake2b(identity, digest_size=_DIGEST_BYTES).hexdigest(),
        at_ms,
        record_id,
        msgspec.Raw(text),
        actor or None,
        Signal.SYSTEM.name,
        ActorKind.IMPORT.name,
    )


def _actor(change: RowChange, row: Row) -> str:
    actor = text_of(row.get(change.actor)) if change.actor else ""
    return MappedField("", people_of=change.people_of).person(actor) if actor else ""


def _op(change: RowChange, row: Row) -> Op | None:
    if isinstance(change.op, Operation):
        return change.op.values.get(text_of(row.get(change.op.column)))
    return change.op


def _applies(change: RowChange, row: Row) -> bool:
    return all(text_of(row.get(column)) in texts for column, texts in change.when.items())


def _prefixed(change: RowChange, prefix: str | None, row: Row) -> dict[str, Value]:
    if prefix is None:
        return {}
    taken = {ROW} if prefix else {ROW, *change.record_columns, change.at}
    return {
        name.removeprefix(prefix): value
        for name, value in row.items()
        if name.startswith(prefix) and name not in taken
    }


def _whole(sequence: Value) -> int | None:
    text = text_of(sequence).strip()
    if not text:
        return None
    if not text.lstrip("-").isdecimal():
        raise TurnedAwayError(Why.BAD_VALUE, f"the sequence {text[:40]!r} is no whole number")
    return int(text)
