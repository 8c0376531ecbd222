"""Changes of records as they are posted (docs/events.md), and how the demo writes them."""

from datetime import date, timedelta
from typing import Final

import msgspec

from shared.metrics.domain.periods import LocalCalendar

CURRENCY: Final = "EUR"
_HOUR_MS: Final = 3_600_000


class RecordChangeRow(msgspec.Struct):
    """What happened to a record. `occurred_at` is in milliseconds UTC."""

    occurred_at: int
    event_id: str
    record_id: str
    change: dict[str, object]
    signal: str = "SYSTEM"
    actor_kind: str = "IMPORT"


class Ledger:
    """Writes the changes of one day."""

    def __init__(self, calendar: LocalCalendar, day: date) -> None:
        self._calendar = calendar
        self._day = day
        self.rows: list[RecordChangeRow] = []

    def at_ms(self, days: int, hour: float) -> int:
        """An hour of a day so many days from this one."""
        day = self._day + timedelta(days=days)
        return self._calendar.start_ms(day) + round(hour * _HOUR_MS)

    def create(self, object_: str, record_id: str, hour: float, **fields: object) -> None:
        """A record that is created at an hour of the day."""
        self._write("CREATE", object_, record_id, hour, fields)

    def update(self, object_: str, record_id: str, hour: float, **fields: object) -> None:
        """A record that changes at an hour of the day."""
        self._write("UPDATE", object_, record_id, hour, fields)

    def _write(
        self, op: str, object_: str, record_id: str, hour: float, fields: dict[str, object]
    ) -> None:
        event_id = f"{self._day}/{object_}/{record_id}/{op}/{hour}"
        change: dict[str, object] = {"object": object_, "op": op, "set": fields}
        self.rows.append(RecordChangeRow(self.at_ms(0, hour), event_id, record_id, change))
