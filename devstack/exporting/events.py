"""The events of a tenant as Parquet, a file for each local day.

Below the folder: `events/day=2026-11-21/part-0.parquet`, as readers of Hive's layout expect it, and
`directory/part-0.parquet`, the events that tell who works there. A day is read and written at once,
so that memory holds one; what is acknowledged while it is read may be in it or not.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devstack.exporting.event_columns import write_events
from devstack.exporting.parquet import arrow
from devstack.exporting.replacing import replaced
from shared.metrics.columns.event_rows import event_rows
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.tenant_data import Tenancy, TenantData

FILE: Final = "part-0.parquet"
_EVENTS: Final = "events"
_DAY: Final = "day="
_DAY_FOLDER: Final = re.compile(rf"{_DAY}(\d{{4}}-\d{{2}}-\d{{2}})", re.ASCII)


@dataclass(slots=True)
class EventsSummary:
    """What an export of events came to: days with events, and how many."""

    days: int = 0
    events: int = 0
    directory_events: int = 0


Progress = Callable[[int, int], None]
"""Called with the number of days that are done, and of all."""


def export_events(
    tenancy: Tenancy, tenant: str, window: Window | None, folder: Path, progress: Progress
) -> EventsSummary:
    """Write the events of a tenant's days, of all if no window is given, and its directory.

    Days that were written before are replaced, and removed if they have no events any more.
    NotFoundError if there is no such tenant; BadInputError if nothing can be written there, or if
    the tenant got another time zone meanwhile.
    """
    arrow()
    data = tenancy.open(tenant)
    summary = EventsSummary()
    if window is None:
        days = sorted(_known_days(data) | _written_days(folder))
    else:
        days = [day.isoformat() for day in window.days()]
    for done, day in enumerate(days):
        progress(done, len(days))
        events = _write(data, day, folder / _EVENTS / f"{_DAY}{day}" / FILE)
        summary.days += events > 0
        summary.events += events
    summary.directory_events = _write(data, DIRECTORY, folder / DIRECTORY / FILE)
    if tenancy.open(tenant).settings.generation != data.settings.generation:
        message = f"the days of {tenant!r} were cut anew while they were exported; run it again"
        raise BadInputError(message)
    return summary


def _write(data: TenantData, unit: str, path: Path) -> int:
    """Write the events of a unit; how many there are."""
    bodies = [pack.body for pack in data.units.packs(unit)]
    if not bodies:
        with suppress(OSError):  # there is no such file, or its folder has others
            path.unlink()
            path.parent.rmdir()
        return 0
    events = event_rows(bodies)
    about = {"tenant": data.settings.name, "time_zone": data.settings.time_zone, "unit": unit}
    with replaced(path) as written:
        write_events(written, events, about)
    return len(events)


def _known_days(data: TenantData) -> set[str]:
    """Every day that was folded or is dirty: every one that has events."""
    units = {*data.manifests.all(), *(mark.unit for mark in data.units.marks())}
    return units - {DIRECTORY}


def _written_days(folder: Path) -> set[str]:
    found = [_DAY_FOLDER.fullmatch(path.name) for path in (folder / _EVENTS).glob(f"{_DAY}*")]
    return {match[1] for match in found if match}
