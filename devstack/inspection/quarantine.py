"""The rows that were turned away, as documents for people."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.services import Services
from shared.metrics.storage.quarantine import Quarantine


def turned_away(services: Services, tenant: str, day: date | None) -> Iterator[dict[str, Any]]:
    """The rows in quarantine, oldest first; those received on a local day if one is given."""
    calendar = services.tenancy.open(tenant).calendar
    for row in Quarantine(services.store, tenant).all_rows():
        if day is None or calendar.day_of(row.received_ms) == day:
            yield {
                "source_id": row.source,
                "received_at": from_milliseconds(row.received_ms).isoformat(),
                "index": row.index,
                "reason": row.reason,
                "detail": row.detail,
                "original": row.original.decode("utf-8", "backslashreplace"),
            }
