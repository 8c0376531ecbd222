"""Records from rows as Python has them: for examples of KPIs, and for tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.calendar_changes import Weekday
from shared.metrics.domain.periods import LocalCalendar, Window
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value
from shared.metrics.domain.records.business_calendar import BusinessCalendar, OpeningHours
from shared.metrics.domain.records.change_log import ChangeEvent, log_of
from shared.metrics.domain.records.field_columns import FieldType
from shared.metrics.domain.records.field_maps import NATIVE, RecordMaps, native_object
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.typed_values import typed

_NINE_TO_FIVE: Final = (time(9), time(17))


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change; `at` in milliseconds UTC, or as ISO 8601, UTC without a zone.

    `type` may be the name of an object that is mapped. Without `received` it was received at once.
    """

    type: RecordType | str
    id: str
    at: int | str
    set: Mapping[str, Value] = field(default_factory=dict)
    op: Op = Op.UPDATE
    was: Mapping[str, Value] = field(default_factory=dict)
    merged_into: str = ""
    sequence: int | None = None
    precision: Precision = Precision.EXACT
    actor: str = ""
    received: int | str | None = None
    event_id: bytes = b""

    def event(self) -> ChangeEvent:
        """The change as an event brings it."""
        name = native_object(self.type) if isinstance(self.type, RecordType) else self.type
        change = RecordChange(
            name, self.op, self.set, self.was, self.sequence, self.merged_into, self.precision
        )
        at_ms = _instant_ms(self.at)
        received_ms = at_ms if self.received is None else _instant_ms(self.received)
        return ChangeEvent(
            self.id,
            at_ms,
            change,
            self.actor,
            received_ms=received_ms,
            event_id=self.event_id,
        )


def created(record_type: RecordType, record_id: str, at: int | str, **fields: Value) -> ChangeRow:
    """A record that is created with some fields."""
    return ChangeRow(record_type, record_id, at, fields, Op.CREATE)


def updated(record_type: RecordType, record_id: str, at: int | str, **fields: Value) -> ChangeRow:
    """Fields of a record that are written."""
    return ChangeRow(record_type, record_id, at, fields)


def deleted(record_type: RecordType, record_id: str, at: int | str) -> ChangeRow:
    """A record that is deleted."""
    return ChangeRow(record_type, record_id, at, op=Op.DELETE)


def merged(record_type: RecordType, record_id: str, at: int | str, into: str) -> ChangeRow:
    """A record that becomes part of another."""
    return ChangeRow(record_type, record_id, at, op=Op.MERGE, merged_into=into)


def records_of(
    rows: Iterable[ChangeRow],
    *,
    maps: RecordMaps = NATIVE,
    calendar: BusinessCalendar | None = None,
) -> FoldedRecords:
    """The records of rows in any order, by default open from nine to five UTC, Monday to Friday."""
    log = log_of(row.event() for row in rows)
    return FoldedRecords(log, maps, calendar or weekday_calendar("UTC"))


def weekday_calendar(
    zone: str, opens: time = _NINE_TO_FIVE[0], closes: time = _NINE_TO_FIVE[1]
) -> BusinessCalendar:
    """A business that is open on Monday to Friday, without holidays."""
    hours = OpeningHours.daily(opens, closes)
    return BusinessCalendar(LocalCalendar(zone), hours, _monday_to_friday)


def _monday_to_friday(window: Window) -> NDArray[np.bool_]:
    weekdays = np.array([day.weekday() for day in window.days()])
    works: NDArray[np.bool_] = weekdays < Weekday.SATURDAY
    return works


def _instant_ms(at: int | str) -> int:
    if isinstance(at, int):
        return at
    return int(typed(FieldType.INSTANT, datetime.fromisoformat(at).isoformat()) or 0)
