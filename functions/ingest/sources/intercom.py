"""Intercom's webhooks. What admins do in conversations are true actions of theirs; the rest are
changes of contacts, companies and conversations.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.deliveries import delivery_of
from functions.ingest.flattening import flattened, text_of
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.signatures import from_hex, is_signed
from functions.ingest.sources.wire_format import Secrets
from functions.ingest.traits import attributes
from functions.ingest.type_names import object_and_op
from shared.metrics.domain.events import LOGIN, LOGOUT, ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange

_SCHEME: Final = "sha1="
_BY_ADMINS: Final = ("conversation.admin.", "ticket.admin.")
_SESSIONS: Final = {"admin.logged_in": LOGIN, "admin.logged_out": LOGOUT}
_JOINED: Final = "admin.added_to_workspace"
_LEFT: Final = "admin.removed_from_workspace"
_PING: Final = "ping"
_AUTHORS: Final = frozenset({"admin", "team", "bot"})
_LIST: Final = ".list"
_TOLD_ELSEWHERE: Final = frozenset(
    {
        "app_id",
        "created_at",
        "data",
        "delivered_at",
        "delivery_attempts",  # differs between copies of one event, like the next two
        "delivery_status",
        "first_sent_at",
        "id",
        "type",
    }
)


class _Data(msgspec.Struct):
    item: dict[str, Any] | None = None


class _Notification(msgspec.Struct):
    id: str
    topic: str
    created_at: int
    app_id: str | None = None
    data: _Data | None = None


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:  # noqa: ARG001
    """Whether the app's client secret signed the body; Intercom signs no time."""
    header = request.headers.get("x-hub-signature", "")
    if not header.startswith(_SCHEME):
        return False
    keys = [secret.encode(errors="surrogatepass") for secret in secrets.values]
    return is_signed([from_hex(header.removeprefix(_SCHEME))], keys, body, "sha1")


def handshake(request: Request, secrets: Secrets) -> Response | None:  # noqa: ARG001 - the port
    """The HEAD request with which Intercom tries the URL."""
    return Response(200, {}) if request.method == "HEAD" else None


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The one notification of a request."""
    json_bodies.check_json(request)
    return delivery_of(json_bodies.rows_of(body), _rows)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001 - the port
    """Any 2xx is a success."""
    return None


def _rows(original: bytes) -> Iterator[SentRow]:
    fields = json_bodies.object_of(original)
    notification = json_bodies.typed(fields, _Notification)
    topic = notification.topic
    item = (notification.data.item if notification.data else None) or {}
    row = SentRow(
        original=original,
        name=topic,
        sender_key=notification.id,
        occurred_at_ms=times.from_seconds(notification.created_at, "created_at"),
        signal=Signal.SYSTEM,
        fields={"topic": topic, "verb": topic.rpartition(".")[2], **item},
        context=context_of(fields, _TOLD_ELSEWHERE),
        tenant_named=notification.app_id or "",
    )
    admin = item if topic.startswith("admin.") else _admin(item)
    if topic == _PING:
        yield row
    elif topic in (_JOINED, _LEFT):
        yield replace(row, person=_person(admin), directory=_stated(topic, admin))
    elif topic in _SESSIONS:
        yield replace(_done(row, admin), name=_SESSIONS[topic])
        yield replace(
            row,
            sender_key=f"{notification.id}#admin",
            person=_person(admin),
            directory=_stated(topic, admin),
        )
    elif topic.startswith(_BY_ADMINS) and admin:
        yield replace(_done(row, admin), record_id=text_of(item.get("id")))
    else:
        yield _changed(row, item)


def _done(row: SentRow, admin: Mapping[str, Any]) -> SentRow:
    """A true action of an admin; bots are authors too, but nobody's."""
    is_bot = admin.get("type") == "bot" or admin.get("from_ai_agent") is True
    return replace(
        row,
        person=_person(admin),
        signal=Signal.ACTION,
        actor_kind=ActorKind.API if is_bot else ActorKind.USER,
    )


def _changed(row: SentRow, item: Mapping[str, Any]) -> SentRow:
    """A change of a record; who did it is not said."""
    record, op = object_and_op(row.name)
    return replace(
        row,
        name=f"{record}.{op.value}" if op else row.name,
        signal=Signal.CHANGE,
        record_id=text_of(item.get("id")),
        account_id=text_of(item.get("company_id")),
        change=RecordChange(record, op or Op.SNAPSHOT, set=flattened(_state(item))),
    )


def _state(item: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record without the lists of others that come with it, such as the parts of
    a conversation.
    """
    return {
        name: value
        for name, value in item.items()
        if not (isinstance(value, dict) and text_of(value.get("type")).endswith(_LIST))
    }


def _admin(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who did it: the author of the last part of a conversation, or who began it; none if that is
    a customer.
    """
    listed = item.get("conversation_parts") or item.get("ticket_part")
    parts = listed.get("conversation_parts", [listed]) if isinstance(listed, dict) else []
    candidates = [parts[-1] if isinstance(parts, list) and parts else None, item.get("source")]
    for part in candidates:
        author = part.get("author") if isinstance(part, dict) else None
        if isinstance(author, dict) and author.get("type") in _AUTHORS:
            return author
    return {}


def _person(admin: Mapping[str, Any]) -> SentPerson:
    """Intercom lets nobody in whose e-mail address it has not verified."""
    email = text_of(admin.get("email"))
    return SentPerson(text_of(admin.get("id")), email=email, email_verified=bool(email))


def _stated(topic: str, admin: Mapping[str, Any]) -> dict[str, str]:
    status = "inactive" if topic == _LEFT else "active"
    stated = attributes(admin)
    verified = {"email_verified": "true"} if stated.get("email") else {}
    return {**stated, **verified, "account_status": status}
