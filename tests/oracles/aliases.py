"""Which ids are whose (definitions §2), by joining sets until nothing more can be joined."""

import json
from collections.abc import Sequence

from shared.metrics.domain.events import Event


def persons(directory_events: Sequence[Event]) -> dict[str, str]:
    """For every id that directory events name the one that stands for the person."""
    groups: list[set[str]] = []
    first: dict[str, int] = {}
    for event in directory_events:
        stated = json.loads(event.context) if event.context else {}
        group = {f"id {event.user_id}"}
        email = stated.get("email", "").strip().casefold()
        if email and stated.get("email_verified") == "true":
            group.add(f"email {email}")
        if stated.get("same_as"):
            group.add(f"id {stated['same_as']}")
        groups.append(group)
        at_ms = event.occurred_at_ms
        first[event.user_id] = min(at_ms, first.get(event.user_id, at_ms))
    while True:
        overlapping = [
            (one, other)
            for at, one in enumerate(groups)
            for other in groups[at + 1 :]
            if one & other
        ]
        if not overlapping:
            break
        one, other = overlapping[0]
        groups.remove(other)
        one |= other
    found: dict[str, str] = {}
    for group in groups:
        ids = [name.removeprefix("id ") for name in group if name.startswith("id ")]
        known = [name for name in ids if name in first] or ids
        earliest = min(known, key=lambda name: (first.get(name, 0), name))
        found |= dict.fromkeys(ids, earliest)
    return found
