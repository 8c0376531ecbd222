"""CloudEvents 1.0 over HTTP: one event in headers and body (binary), one in the body (structured),
or many (batch). The extensions `userid`, `anonymousid`, `recordid` and `accountid`, and those of
the Auth Context (`authtype`, `authid`), say who did what to what.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.credentials import carries_secret
from functions.ingest.deliveries import delivery_of
from functions.ingest.ids import Id, as_id
from functions.ingest.json_rows import raw_list
from functions.ingest.media_types import media_type
from functions.ingest.requests import JSON, RefusedError, Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.sources.wire_format import Secrets
from functions.ingest.standard_signature import has_standard_signature, signed_at_ms
from functions.ingest.tracked import context_of_properties
from functions.ingest.traits import attributes
from shared.metrics.domain.events import USER_UPSERTED, ActorKind, Signal

__all__ = ["answer", "handshake", "parse", "signed_at_ms", "verify"]

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
_HEADER_PREFIX: Final = "ce-"
_VERSION: Final = "1.0"
_ORIGIN: Final = "webhook-request-origin"

_PEOPLE: Final = frozenset({"", "app_user", "user"})
"""Kinds of `authtype` that are people; without one, a user's id is believed."""


class _Event(msgspec.Struct):
    specversion: str
    id: str
    source: str
    type: str
    time: str | None = None
    subject: str | None = None
    data: Any = None
    userid: Id = None
    anonymousid: Id = None
    recordid: Id = None
    accountid: Id = None
    authtype: str = ""
    authid: Id = None


_TOLD_ELSEWHERE: Final = frozenset(_Event.__struct_fields__) - {"source", "subject"}


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
    """Whether the request carries one of the secrets, or is signed with one as Standard Webhooks
    are.
    """
    carried = carries_secret(request, secrets.values, secrets.settings)
    signed = has_standard_signature(request, body, secrets, now_ms)
    return carried or signed


def handshake(request: Request, secrets: Secrets) -> Response | None:  # noqa: ARG001 - the port
    """The question whether the sender may deliver here, as CloudEvents' web hooks ask it."""
    origin = request.headers.get(_ORIGIN, "")
    if request.method != "OPTIONS" or not origin:
        return None
    allowed = {"webhook-allowed-origin": origin, "webhook-allowed-rate": "*", "allow": "POST"}
    return Response(200, {}, allowed)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The events of a request; RefusedError 400 or 415 if there are none to be told apart."""
    content_type = media_type(request)
    if content_type == BATCH:
        return delivery_of(raw_list(body), _rows)
    if f"{_HEADER_PREFIX}id" in request.headers:
        return delivery_of([_from_binary(request, body)], _rows)
    if content_type in (STRUCTURED, JSON):
        return delivery_of(json_bodies.rows_of(body), _rows)
    message = f"send {STRUCTURED}, {BATCH}, or an event with its attributes in ce- headers"
    raise RefusedError(415, "unsupported_content_type", message)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001 - the port
    """Any 2xx is a success."""
    return None


def _from_binary(request: Request, body: bytes) -> bytes:
    """The same event in structured form, which is what is kept of it."""
    fields: dict[str, Any] = {
        _plain(name.removeprefix(_HEADER_PREFIX)): _plain(unquote(value))
        for name, value in request.headers.items()
        if name.startswith(_HEADER_PREFIX)
    }
    content_type = media_type(request)
    if body and (content_type in ("", JSON) or content_type.endswith("+json")):
        fields["data"] = _json_value(body)
    elif body:
        fields["data"] = body.decode(errors="replace")
    return msgspec.json.encode(fields)


def _json_value(body: bytes) -> msgspec.Raw:
    try:
        return msgspec.json.decode(body, type=msgspec.Raw)
    except ValueError as error:
        raise RefusedError(400, "bad_json", f"the data is not JSON: {error}") from None


def _plain(text: str) -> str:
    """A header's text without what has no form in UTF-8."""
    return text.encode(errors="replace").decode()


def _rows(original: bytes) -> Iterator[SentRow]:
    attributes_of_event = json_bodies.object_of(original)
    extensions = {
        name: value for name, value in attributes_of_event.items() if name not in _TOLD_ELSEWHERE
    }
    event = json_bodies.typed(attributes_of_event, _Event)
    if event.specversion != _VERSION:
        detail = f"specversion {event.specversion[:40]!r} is not understood; send {_VERSION}"
        raise RowError(Reason.INVALID_ROW, detail)
    data = event.data if isinstance(event.data, dict) else {}
    user_id, actor_kind = _actor(event)
    is_about_a_person = event.type == USER_UPSERTED
    stated = attributes(data) if is_about_a_person else None
    is_done = bool(user_id or event.anonymousid) and not is_about_a_person
    yield SentRow(
        original=original,
        name=event.type,
        sender_key=sender_key(event.source, event.id),
        occurred_at_ms=times.from_iso_8601(event.time, "time") if event.time else None,
        person=SentPerson(
            user_id,
            email=(stated or {}).get("email", ""),
            anonymous_id=as_id(event.anonymousid),
        ),
        signal=Signal.ACTION if is_done else Signal.SYSTEM,
        actor_kind=actor_kind,
        record_id=as_id(event.recordid) or _subject_of(event, user_id),
        account_id=as_id(event.accountid),
        directory=stated,
        fields={**attributes_of_event, "properties": data},
        context=context_of({**context_of_properties(data), **extensions}),
    )


def _actor(event: _Event) -> tuple[str, ActorKind]:
    """Who did it: `userid`, or else `authid`, or else the `subject`."""
    if event.authtype not in _PEOPLE:
        return as_id(event.authid), ActorKind.API
    user_id = as_id(event.userid) or as_id(event.authid) or event.subject or ""
    return user_id, ActorKind.USER if user_id or event.anonymousid else ActorKind.UNKNOWN


def _subject_of(event: _Event, user_id: str) -> str:
    """The subject is the record where it is not the person."""
    return event.subject if event.subject and event.subject != user_id else ""
