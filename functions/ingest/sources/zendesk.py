"""Zendesk's event subscriptions: changes of tickets, users and organisations.

Zendesk sends again only after 409, 429, 503 and when it waits too long: never after a 500.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.deliveries import delivery_of
from functions.ingest.flattening import flattened, text_of
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.signatures import from_base64, is_recent, is_signed
from functions.ingest.sources.wire_format import Secrets
from functions.ingest.traits import attributes
from functions.ingest.type_names import object_and_op
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange

_SIGNATURE: Final = "x-zendesk-webhook-signature"
_TIMESTAMP: Final = "x-zendesk-webhook-signature-timestamp"
_TYPE_PREFIX: Final = "zen:event-type:"
_FIELD_SUFFIX: Final = "_changed"
_AGENTS: Final = frozenset({"agent", "admin"})
_DELETED: Final = frozenset({"user.deleted", "user.soft_deleted", "user.permanently_deleted"})
_OPS: Final = {
    "ticket.soft_deleted": Op.DELETE,
    "ticket.permanently_deleted": Op.DELETE,
}


class _Event(msgspec.Struct):
    id: str
    type: str
    time: str
    account_id: int | str | None = None
    subject: str | None = None
    event: dict[str, Any] | None = None
    detail: dict[str, Any] | None = None


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
    """Whether one of the secrets signed time and body, not long ago."""
    if not is_recent(signed_at_ms(request), now_ms):
        return False
    message = request.headers[_TIMESTAMP].encode(errors="surrogatepass") + body
    keys = [secret.encode(errors="surrogatepass") for secret in secrets.values]
    return is_signed([from_base64(request.headers.get(_SIGNATURE, ""))], keys, message)


def signed_at_ms(request: Request) -> int | None:
    """The time in the header, which the signature covers."""
    try:
        return times.from_iso_8601(request.headers.get(_TIMESTAMP, ""), _TIMESTAMP)
    except RowError:
        return None


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The one event of a request."""
    json_bodies.check_json(request)
    return delivery_of(json_bodies.rows_of(body), _rows)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001 - the port
    """Any 2xx is a success."""
    return None


def _rows(original: bytes) -> Iterator[SentRow]:
    event = json_bodies.typed(json_bodies.object_of(original), _Event)
    if not event.type.startswith(_TYPE_PREFIX):
        detail = f"type {event.type[:40]!r} is no event type; subscribe the webhook to events"
        raise RowError(Reason.INVALID_ROW, detail)
    kind = event.type.removeprefix(_TYPE_PREFIX)
    roles = {(event.detail or {}).get("role")}
    if kind == "user.role_changed":
        roles.add((event.event or {}).get("previous"))
    if kind.startswith("user.") and roles & _AGENTS:
        yield _of_agent(event, kind, original)
    else:
        yield _of_record(event, kind, original)


def _of_record(event: _Event, kind: str, original: bytes) -> SentRow:
    detail = event.detail or {}
    change = _change(event, kind)
    agent = _agent(detail)
    return SentRow(
        original=original,
        name=f"{change.object}.{change.op.value}",
        sender_key=event.id,
        occurred_at_ms=times.from_iso_8601(event.time, "time"),
        person=SentPerson(user_id=agent),
        signal=Signal.CHANGE,
        actor_kind=ActorKind.USER if agent else ActorKind.UNKNOWN,
        record_id=text_of(detail.get("id")),
        account_id=text_of(detail.get("organization_id")),
        change=change,
        fields={"type": kind, **detail},
        context={"type": kind, **context_of(event.event or {}, ("current", "previous"))},
        tenant_named=text_of(event.account_id),
    )


def _of_agent(event: _Event, kind: str, original: bytes) -> SentRow:
    """What an event tells of someone who works there, or did until now."""
    detail = event.detail or {}
    stated = attributes(detail)
    current = (event.event or {}).get("current")
    if kind == "user.active_changed":
        stated["account_status"] = "active" if current in (True, "true") else "inactive"
    elif kind in _DELETED or detail.get("role") not in _AGENTS:
        stated["account_status"] = "inactive"
    return SentRow(
        original=original,
        name=kind,
        sender_key=event.id,
        occurred_at_ms=times.from_iso_8601(event.time, "time"),
        person=SentPerson(text_of(detail.get("id")), email=stated.get("email", "")),
        signal=Signal.SYSTEM,
        directory=stated,
        fields={"type": kind, **detail},
        tenant_named=text_of(event.account_id),
    )


def _agent(detail: Mapping[str, Any]) -> str:
    """Who did it, if it was an agent: the requester is a customer, and triggers and automations
    have the id -1.
    """
    actor = text_of(detail.get("actor_id"))
    is_agent = actor not in ("", "-1", text_of(detail.get("requester_id")))
    return actor if is_agent else ""


def _change(event: _Event, kind: str) -> RecordChange:
    """Of `ticket.status_changed` the field `status`, before and after. Of what is not a change of
    one field, such as `ticket.comment_added`, what the event says of itself.
    """
    record, _, verb = kind.partition(".")
    told = event.event or {}
    if verb.endswith(_FIELD_SUFFIX) and "current" in told:
        field = _field(verb.removesuffix(_FIELD_SUFFIX), told)
        return RecordChange(
            record,
            Op.UPDATE,
            set=flattened({field: told["current"]}),
            was=flattened({field: told["previous"]}) if "previous" in told else {},
        )
    op = _OPS.get(kind) or object_and_op(kind)[1]
    if op is Op.CREATE:
        return RecordChange(record, op, set=flattened(event.detail or {}))
    return RecordChange(record, op or Op.UPDATE, set=flattened(told))


def _field(name: str, told: Mapping[str, Any]) -> str:
    """A custom field has the number that it has in Zendesk."""
    custom = told.get("field")
    number = text_of(custom.get("id")) if isinstance(custom, dict) else ""
    return f"{name}_{number}" if number else name
