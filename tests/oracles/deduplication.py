"""De-duplication (definitions §2): the same id at the same time is one event."""

from collections.abc import Iterable

from shared.metrics.domain.events import Event


def distinct(events: Iterable[Event]) -> list[Event]:
    """One event of each id and time: the smallest content, received when the first copy was."""
    kept: dict[tuple[bytes, int], Event] = {}
    for event in events:
        identity = (event.event_id, event.occurred_at_ms)
        kept[identity] = better(event, kept.get(identity, event))
    return sorted(kept.values(), key=lambda event: (event.occurred_at_ms, event.event_id))


def better(one: Event, other: Event) -> Event:
    """The copy to keep."""
    if other.canonical_content() < one.canonical_content():
        one, other = other, one
    return one._replace(received_at_ms=min(one.received_at_ms, other.received_at_ms))
