"""Which signal of a feature counts (definitions §2), by looking at every event for every event."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from shared.metrics.domain.events import (
    HEARTBEAT,
    LOGIN,
    LOGOUT,
    ActorKind,
    Event,
    Signal,
)

Rules = Mapping[str, Sequence[tuple[date, Signal]]]
"""What a tenant has set, by feature: from which day on which signal counts."""


def without_shadowed(
    events: Sequence[Event], day_of: Callable[[int], date], rules: Rules | None = None
) -> list[Event]:
    """The events, with those that are shadowed made the deeds of a system, which count nowhere."""
    first = first_actions(events, day_of)

    def counts(event: Event) -> bool:
        day = day_of(event.occurred_at_ms)
        signal = Signal.CHANGE
        if event.feature in first and first[event.feature] <= day:
            signal = Signal.ACTION
        for since, stated in sorted((rules or {}).get(event.feature, [])):
            if since <= day:
                signal = stated
        return event.signal is signal

    return [
        event if not may_be_hit(event) or counts(event) else event._replace(signal=Signal.SYSTEM)
        for event in events
    ]


def first_actions(events: Sequence[Event], day_of: Callable[[int], date]) -> dict[str, date]:
    """The day of each feature's first action by a person."""
    found: dict[str, date] = {}
    for event in events:
        if may_be_hit(event) and event.signal is Signal.ACTION:
            day = day_of(event.occurred_at_ms)
            found[event.feature] = min(day, found.get(event.feature, day))
    return found


def may_be_hit(event: Event) -> bool:
    """An action or change by a person, never a login, logout or heartbeat."""
    return (
        event.signal in (Signal.ACTION, Signal.CHANGE)
        and event.actor_kind == ActorKind.USER
        and bool(event.user_id)
        and event.action not in (LOGIN, LOGOUT, HEARTBEAT)
    )
