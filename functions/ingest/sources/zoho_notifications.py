"""Zoho CRM's notifications: records of a module were inserted, updated or deleted.

They name no user and, at most, the new values of the fields that changed.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.credentials import is_secret
from functions.ingest.deliveries import check_fan_out, delivery_of
from functions.ingest.flattening import flattened, text_of
from functions.ingest.json_rows import peeked, raw_object
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentRow
from functions.ingest.sources.wire_format import Secrets
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value

_OPS: Final = {"insert": Op.CREATE, "update": Op.UPDATE, "delete": Op.DELETE}
_TOLD_ELSEWHERE: Final = frozenset(
    {
        "affected_fields",
        "affected_values",
        "ids",
        "module",
        "operation",
        "server_time",
        "token",  # the secret
    }
)


_BY_RECORD: Final = frozenset({"affected_fields", "affected_values", "ids"})


class _Token(msgspec.Struct):
    token: Any = None
    channel_id: Any = None


class _Notification(msgspec.Struct):
    module: str
    operation: str
    ids: list[Any]
    server_time: int
    channel_id: str | int | None = None
    affected_fields: list[Any] | None = None
    affected_values: list[Any] | None = None


_token_decoder = msgspec.json.Decoder(_Token)


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:  # noqa: ARG001
    """Whether the body's `token` is a secret: Zoho sends back what the channel was made with."""
    told = peeked(_token_decoder, body)
    token = None if told is None else told.token
    return is_secret(text_of(token) if isinstance(token, str | int) else "", secrets.values)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001
    """A row for each of the notification's records."""
    json_bodies.check_json(request)
    return delivery_of(map(_without_token, json_bodies.rows_of(body)), _read)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """Any 2xx is a success, as far as is known."""
    return None


def is_notification(body: bytes) -> bool:
    """Whether a body is a notification rather than a workflow's webhook."""
    told = peeked(_token_decoder, body)
    return told is not None and told.channel_id is not None


def _read(original: bytes) -> Iterator[SentRow | RowError]:
    fields = json_bodies.object_of(original)
    notification = json_bodies.typed(fields, _Notification)
    at_ms = times.from_milliseconds(notification.server_time, "server_time")
    raw_values = _values_by_record(notification.affected_values)
    names = _names_by_record(notification.affected_fields)
    context = context_of(fields, _TOLD_ELSEWHERE)
    op = _OPS.get(notification.operation)
    shared = {name: value for name, value in fields.items() if name not in _BY_RECORD}
    check_fan_out(msgspec.json.encode(shared), len(notification.ids))
    for given in notification.ids:
        if not isinstance(given, str | int) or isinstance(given, bool) or given == "":
            yield RowError(Reason.INVALID_ROW, "an id in ids is neither text nor a number")
            continue
        record_id = text_of(given)
        written = flattened(raw_values.get(record_id, {}))
        change = None if op is None else _change(notification.module, op, written)
        changed_fields = names.get(record_id)
        yield SentRow(
            _narrowed(shared, given, raw_values, names),
            name=f"{notification.module}.{op.value if op else notification.operation}",
            sender_key=sender_key(
                text_of(notification.channel_id),
                notification.module,
                notification.operation,
                record_id,
                notification.server_time,
            ),
            occurred_at_ms=at_ms,
            signal=Signal.CHANGE,
            actor_kind=ActorKind.UNKNOWN,
            record_id=record_id,
            change=change,
            fields={**shared, **raw_values.get(record_id, {})},
            context=context | {"affected_fields": changed_fields} if changed_fields else context,
        )


def _without_token(row: bytes) -> bytes:
    """A row as it may be kept: the token is the secret. RefusedError 400 if it cannot be taken
    out, so that nothing is kept of it.
    """
    fields = raw_object(row)
    fields.pop("token", None)
    return msgspec.json.encode({name: msgspec.Raw(raw) for name, raw in fields.items()})


def _narrowed(
    shared: Mapping[str, Any],
    given: str | int,
    values: Mapping[str, dict[str, Any]],
    names: Mapping[str, list[Any]],
) -> bytes:
    """The notification as it would be of this record alone, so that each row can be kept by
    itself.
    """
    record_id = text_of(given)
    own: dict[str, Any] = {"ids": [given]}
    if record_id in values:
        own["affected_values"] = [{"record_id": given, "values": values[record_id]}]
    if record_id in names:
        own["affected_fields"] = [{record_id: names[record_id]}]
    return msgspec.json.encode({**shared, **own})


def _change(module: str, op: Op, written: Mapping[str, Value]) -> RecordChange:
    """A change whose time is that of the notification, by which it had been made."""
    return RecordChange(module, op, written, precision=Precision.BOUNDED)


def _values_by_record(affected: list[Any] | None) -> dict[str, dict[str, Any]]:
    """The new values by record: `[{"record_id": …, "values": {…}}]`, where they are asked for."""
    return {
        text_of(each.get("record_id")): each["values"]
        for each in affected or ()
        if isinstance(each, dict) and isinstance(each.get("values"), dict)
    }


def _names_by_record(affected: list[Any] | None) -> dict[str, list[Any]]:
    """The names of the fields that changed, by record: `[{"<id>": ["Stage"]}]`."""
    return {
        record_id: names
        for each in affected or ()
        if isinstance(each, dict)
        for record_id, names in each.items()
        if isinstance(names, list)
    }
