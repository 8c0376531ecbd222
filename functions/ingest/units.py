"""Which unit each event is folded in."""

from collections import defaultdict
from collections.abc import Iterable

from shared.metrics.domain.events import Event, is_directory_event
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.keys import DIRECTORY


def by_unit(events: Iterable[Event], calendar: LocalCalendar) -> dict[str, list[Event]]:
    """The events of each local day, and directory events by themselves."""
    units: defaultdict[str, list[Event]] = defaultdict(list)
    start_ms = end_ms = 0
    of_day: list[Event] = []
    for event in events:
        if not event.feature and is_directory_event(event):
            units[DIRECTORY].append(event)
            continue
        if not start_ms <= event.occurred_at_ms < end_ms:  # mostly they are all of one day
            day = calendar.day_of(event.occurred_at_ms)
            start_ms, end_ms = calendar.bounds(day)
            of_day = units[day.isoformat()]
        of_day.append(event)
    return dict(units)
