"""Makes data for tests. A test names what it is about; everything else has a default."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, cast
from zoneinfo import ZoneInfo

from shared.metrics.columns.packs import write_pack
from shared.metrics.domain.events import (
    HEARTBEAT,
    LOGIN,
    LOGOUT,
    USER_DEACTIVATED,
    USER_UPSERTED,
    ActorKind,
    Event,
    Signal,
    event_id_from_sender,
    is_directory_event,
)

SOURCE = "src"
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def instant_ms(wall_clock: str, zone: str = "UTC") -> int:
    """The milliseconds of "2026-03-09 10:00" in a zone (the first time, if it comes twice)."""
    local = datetime.fromisoformat(wall_clock).replace(tzinfo=ZoneInfo(zone))
    return round(local.timestamp() * 1000)


def event_id(name: str) -> bytes:
    """The id of an event that its sender calls by this name."""
    return event_id_from_sender(SOURCE, name)


def event(at: str | int, user_id: str = "ann", feature: str = "Leads", **fields: object) -> Event:
    """A hit, unless `fields` say otherwise. Its id is made of the rest, unless it has a `name`."""
    name = fields.pop("name", None)
    plain = Event(
        event_id=b"",
        user_id=user_id,
        occurred_at_ms=instant_ms(at) if isinstance(at, str) else at,
        received_at_ms=0,
        feature=feature,
        property="",
        attribute="",
        action="use",
        record_id="",
        account_id="",
        signal=Signal.ACTION,
        actor_kind=ActorKind.USER,
        source=SOURCE,
        context="",
    )._replace(**cast("dict[str, Any]", fields))
    if name is None:
        name = f"{plain.occurred_at_ms} {plain.canonical_content().decode()}"
    return plain._replace(event_id=event_id(str(name)))


def login(at: str | int, user_id: str = "ann", **fields: object) -> Event:
    """A login."""
    return event(at, user_id, "", action=LOGIN, **fields)


def logout(at: str | int, user_id: str = "ann", **fields: object) -> Event:
    """A logout."""
    return event(at, user_id, "", action=LOGOUT, **fields)


def heartbeat(at: str | int, user_id: str = "ann", **fields: object) -> Event:
    """A heartbeat."""
    return event(at, user_id, "", action=HEARTBEAT, **fields)


def upserted(at: str | int, user_id: str = "ann", **attributes: str) -> Event:
    """A directory event that states attributes."""
    context = canonical_json(attributes)
    return event(at, user_id, "", action=USER_UPSERTED, signal=Signal.SYSTEM, context=context)


def deactivated(at: str | int, user_id: str = "ann") -> Event:
    """A directory event that closes an account."""
    return event(at, user_id, "", action=USER_DEACTIVATED, signal=Signal.SYSTEM)


def canonical_json(fields: dict[str, str]) -> str:
    """JSON with sorted keys and no white space; nothing for no fields."""
    if not fields:
        return ""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def packs_of(events: Iterable[Event]) -> list[bytes]:
    """Packs of a stream of events: a new one wherever the source or the time of receipt changes."""
    deliveries = groupby(events, key=lambda each: (each.source, each.received_at_ms))
    return [write_pack(list(delivery)) for _, delivery in deliveries]


def row_of(sent: Event) -> dict[str, object]:
    """An event as a row of our own wire format. Its id stands for the sender's."""
    row: dict[str, object] = {
        "event_id": sent.event_id.hex(),
        "user_id": sent.user_id,
        "occurred_at": sent.occurred_at_ms,
    }
    context = json.loads(sent.context) if sent.context else {}
    if is_directory_event(sent):
        for flag in {"is_integration", "email_verified"} & context.keys():
            context[flag] = context[flag] == "true"
        return row | {"type": sent.action} | context
    parts = ("feature", "property", "attribute", "action", "record_id", "account_id")
    row |= {part: getattr(sent, part) for part in parts}
    return row | {
        "signal": sent.signal.name,
        "actor_kind": sent.actor_kind.name,
        "context": context or None,
        "change": json.loads(sent.change) if sent.change else None,
    }
