"""Which unit each event is folded in."""

from collections import defaultdict
from collections.abc import Iterable

from shared.metrics.domain.events import Event, is_directory_event
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.keys import DIRECTORY


def by_unit(events: Iterable[Event], calendar: LocalCalendar) -> dict[str, list[Event]]:
    """The events of each local day, and directory events by themselves."""
    units: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if is_directory_event(event):
            units[DIRECTORY].append(event)
        else:
            units[calendar.day_of(event.occurred_at_ms).isoformat()].append(event)
    return units
