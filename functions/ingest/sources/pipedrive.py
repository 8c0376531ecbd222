"""Pipedrive webhooks, version 2: one change of one record a request, with HTTP Basic.

Pipedrive gives up early: after ten deliveries that failed at first it sends nothing for half an
hour, and what happens meanwhile is lost.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.credentials import basic_credentials, is_secret
from functions.ingest.deliveries import delivery_of
from functions.ingest.flattening import flattened, text_of
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.sources.wire_format import Secrets
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange, Value

_OPS: Final = {"create": Op.CREATE, "change": Op.UPDATE, "delete": Op.DELETE}
_TOLD_ELSEWHERE: Final = frozenset(
    {
        "action",
        "attempt",  # differs between copies of one event
        "company_id",
        "data",
        "entity",
        "entity_id",
        "merged_to_id",
        "meta",
        "previous",
        "timestamp",
        "user_id",
    }
)


class _Meta(msgspec.Struct):
    id: str | int
    action: str
    entity: str
    entity_id: str | int
    timestamp: str | int
    webhook_id: str | int | None = None
    company_id: str | int | None = None
    user_id: str | int | None = None
    change_source: str | None = None
    is_bulk_edit: bool = False
    merged_to_id: str | int | None = None


class _Webhook(msgspec.Struct):
    meta: dict[str, Any]
    data: dict[str, Any] | None = None
    previous: dict[str, Any] | None = None


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:  # noqa: ARG001
    """Whether the password of HTTP Basic is a secret; any user name will do."""
    credentials = basic_credentials(request.headers.get("authorization", ""))
    return is_secret(credentials.password, secrets.values)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001
    """One row, as there is one change in a request."""
    json_bodies.check_json(request)
    return delivery_of(json_bodies.rows_of(body), _read)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """Any 2xx is a success."""
    return None


def _read(original: bytes) -> Iterator[SentRow]:
    fields = json_bodies.object_of(original)
    webhook = json_bodies.typed(fields, _Webhook)
    meta = json_bodies.typed(webhook.meta, _Meta)
    data = flattened(webhook.data or {})
    change = _change(meta, data, flattened(webhook.previous or {}))
    yield SentRow(
        original,
        name=f"{meta.entity}.{change.op.value if change else meta.action}",
        sender_key=sender_key(text_of(meta.id), text_of(meta.webhook_id)),
        occurred_at_ms=_time(meta.timestamp),
        person=SentPerson(text_of(meta.user_id)),
        signal=Signal.CHANGE,
        actor_kind=_actor_kind(meta),
        record_id=text_of(meta.entity_id),
        account_id=text_of(data.get("org_id")),
        change=change,
        fields={**(webhook.data or webhook.previous or {}), "meta": webhook.meta},
        context=context_of(fields | webhook.meta, _TOLD_ELSEWHERE),
        tenant_named=text_of(meta.company_id),
    )


def _change(
    meta: _Meta, data: Mapping[str, Value], previous: Mapping[str, Value]
) -> RecordChange | None:
    """What was done to the record. Of an update only what differs is written: `data` is the whole
    record as it is, `previous` what the changed fields held before.
    """
    if meta.action not in _OPS:
        return None
    op, written = _OPS[meta.action], data
    if op is Op.UPDATE:
        written = {name: data.get(name) for name in previous} or data
    merged_into = text_of(meta.merged_to_id)
    if op is Op.DELETE and merged_into:
        op = Op.MERGE
    return RecordChange(meta.entity, op, written, previous, merged_into=merged_into)


def _actor_kind(meta: _Meta) -> ActorKind:
    if meta.change_source is None:
        return ActorKind.UNKNOWN
    is_person = meta.change_source == "app" and not meta.is_bulk_edit and meta.user_id is not None
    return ActorKind.USER if is_person else ActorKind.API


def _time(timestamp: str | int) -> int:
    if isinstance(timestamp, int):
        return times.from_seconds(timestamp, "meta.timestamp")
    return times.from_iso_8601(timestamp, "meta.timestamp")
