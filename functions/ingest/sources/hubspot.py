"""HubSpot webhooks: an array of up to a hundred things that happened to records, signed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.deliveries import delivery_of
from functions.ingest.flattening import text_of
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.sources.hubspot_signature import signed_at_ms, verify
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange

__all__ = ["answer", "parse", "signed_at_ms", "verify"]

_OPS: Final = {
    "creation": Op.CREATE,
    "propertyChange": Op.UPDATE,
    "associationChange": Op.UPDATE,
    "newMessage": Op.UPDATE,
    "deletion": Op.DELETE,
    "privacyDeletion": Op.DELETE,
    "restore": Op.RESTORE,
    "merge": Op.MERGE,
}
_NAMES: Final = {op: op.value for op in Op}
"""Found in a fifth of the time that an enumeration takes to tell a value."""

_OBJECTS: Final = {
    "0-1": "contact",
    "0-2": "company",
    "0-3": "deal",
    "0-5": "ticket",
    "0-7": "product",
    "0-8": "line_item",
}
"""What `object.*` subscriptions call by number; the rest keep theirs."""

_PERSONS_SOURCE: Final = "CRM_UI"
_PERSON: Final = "userId:"
_HIDDEN: Final = "REDACTED"
_TOLD_ELSEWHERE: Final = frozenset(
    {
        "attemptNumber",  # differs between copies of one event
        "objectId",
        "occurredAt",
        "portalId",
        "propertyValue",
        "subscriptionType",
        "eventType",
    }
)


class _Notification(msgspec.Struct, rename="camel", gc=False):
    occurred_at: int
    object_id: str | int | None = None
    event_id: str | int | None = None
    subscription_id: str | int | None = None
    portal_id: str | int | None = None
    subscription_type: str | None = None
    event_type: str | None = None
    object_type_id: str | None = None
    change_source: str | None = None
    source_id: str | None = None
    property_name: str | None = None
    property_value: str | int | float | bool | None = None
    primary_object_id: str | int | None = None
    new_object_id: str | int | None = None
    merged_object_ids: list[str | int] = []
    association_type: str | None = None
    from_object_id: str | int | None = None
    to_object_id: str | int | None = None
    association_removed: bool = False
    is_sensitive: bool = False


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001
    """A row for each element of the array, and for each record that a merge ends."""
    json_bodies.check_json(request)
    return delivery_of(json_bodies.rows_of(body), _read)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """Any 2xx is a success."""
    return None


def _read(original: bytes) -> Iterable[SentRow]:
    fields = json_bodies.object_of(original)
    notification = json_bodies.typed(fields, _Notification)
    kind, _, verb = (notification.subscription_type or notification.event_type or "").partition(".")
    if not verb:
        detail = "subscriptionType is missing, or not such as deal.propertyChange"
        raise RowError(Reason.INVALID_ROW, detail)
    if kind == "object" and notification.object_type_id:
        kind = _OBJECTS.get(notification.object_type_id, notification.object_type_id)
    context = context_of(fields, _TOLD_ELSEWHERE, len(original))
    op = _OPS.get(verb)
    name = f"{kind}.{verb if op is None else _NAMES[op]}"
    if op is Op.MERGE:
        changes = [
            (merged, RecordChange(kind, op, merged_into=into))
            for merged, into in _merges(notification)
        ]
        return [
            _row(original, notification, fields, merged, change, name, context)
            for merged, change in changes
        ]
    change_or_none = None if op is None else _change(kind, op, notification)
    record_id = text_of(notification.object_id or notification.from_object_id)
    return [_row(original, notification, fields, record_id, change_or_none, name, context)]


def _row(
    original: bytes,
    notification: _Notification,
    fields: Mapping[str, Any],
    record_id: str,
    change: RecordChange | None,
    name: str,
    context: Mapping[str, Any],
) -> SentRow:
    actor_kind = _actor_kind(notification)
    user_id = (notification.source_id or "").removeprefix(_PERSON)
    return SentRow(
        original,
        name=name,
        sender_key=_key(notification, record_id),
        occurred_at_ms=times.from_milliseconds(notification.occurred_at, "occurredAt"),
        person=SentPerson(user_id) if actor_kind is ActorKind.USER else SentPerson(),
        signal=Signal.CHANGE,
        actor_kind=actor_kind,
        record_id=record_id,
        change=change,
        fields=fields,
        context=context,
        tenant_named=text_of(notification.portal_id),
    )


def _key(notification: _Notification, record_id: str) -> str | None:
    """HubSpot says that an `eventId` may come again for something else, so it is not enough."""
    if notification.event_id is None:
        return None
    return sender_key(
        text_of(notification.portal_id),
        text_of(notification.subscription_id),
        text_of(notification.event_id),
        notification.occurred_at,
        record_id,
        notification.property_name,
    )


def _change(kind: str, op: Op, notification: _Notification) -> RecordChange:
    if notification.property_name is not None:
        if _is_hidden(notification):
            return RecordChange(kind, op)
        return RecordChange(kind, op, {notification.property_name: notification.property_value})
    if notification.association_type is not None:
        linked = {notification.association_type: text_of(notification.to_object_id)}
        if notification.association_removed:
            return RecordChange(kind, op, dict.fromkeys(linked), linked)
        return RecordChange(kind, op, linked)
    return RecordChange(kind, op)


def _is_hidden(notification: _Notification) -> bool:
    """Whether the property is a sensitive one, of which HubSpot does not say what was written."""
    return notification.is_sensitive or notification.property_value == _HIDDEN


def _merges(notification: _Notification) -> Iterator[tuple[str, str]]:
    """Each record that the merge ends, with the one that it leaves."""
    winner = text_of(notification.primary_object_id or notification.object_id)
    left = text_of(notification.new_object_id) or winner
    for merged in dict.fromkeys([winner, *map(text_of, notification.merged_object_ids)]):
        if merged != left:
            yield merged, left


def _actor_kind(notification: _Notification) -> ActorKind:
    source = notification.change_source
    if source == _PERSONS_SOURCE:
        named = (notification.source_id or "").startswith(_PERSON)
        return ActorKind.USER if named else ActorKind.UNKNOWN
    if source == "IMPORT":
        return ActorKind.IMPORT
    return ActorKind.UNKNOWN if source is None else ActorKind.API
