"""The calls that Segment and RudderStack have in common: track, page, screen, identify, group and
alias, one at a time or in a batch.

The time of an event has to be the same whenever it is sent again, or it would be counted twice:
so it is the sender's `timestamp`, or `originalTimestamp` where an SDK sends only that. Neither is
corrected by `sentAt`, which changes with every sending.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from functions.ingest.credentials import basic_credentials
from functions.ingest.deliveries import delivery_of
from functions.ingest.ids import Id, as_id
from functions.ingest.json_rows import decoded, peeked, raw_list, raw_object
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sdk_answer import accepted
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.times import from_iso_8601
from functions.ingest.tracked import context_of_properties
from functions.ingest.traits import as_text, attributes, directory_of, joined
from shared.metrics.domain.events import ActorKind, Signal


class _Call(msgspec.Struct, rename="camel", gc=False):
    """One message. Ids may be numbers, as the SDKs take those too."""

    type: str = ""
    message_id: str | None = None
    user_id: Id = None
    anonymous_id: Id = None
    previous_id: Id = None
    group_id: Id = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None


class _Keyed(msgspec.Struct, rename="camel", gc=False):
    write_key: str = ""


_call_decoder = msgspec.json.Decoder(_Call)
_keyed_decoder = msgspec.json.Decoder(_Keyed)

VIEWS: Final = frozenset({"page", "screen"})


def key_of(request: Request, body: bytes) -> str:
    """The write key: the user name of Basic authentication, or `writeKey` in the body."""
    user = basic_credentials(request.headers.get("authorization", "")).user
    if user:
        return user
    keyed = peeked(_keyed_decoder, body)
    return keyed.write_key if keyed else ""


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The calls of a batch, or the one call that the path names; RefusedError 400 if the body is
    not JSON.
    """
    fields = raw_object(body)
    if "batch" in fields:
        return delivery_of(raw_list(fields["batch"]), lambda original: [_row(original, "")])
    named_by_path = request.path.rstrip("/").rpartition("/")[2]
    return delivery_of([body], lambda original: [_row(original, named_by_path)])


def answer(request: Request, rows: Rows) -> Response:  # noqa: ARG001 - the port
    """What every SDK counts as success."""
    return accepted(rows)


def _row(original: bytes, named_by_path: str) -> SentRow:
    call = decoded(_call_decoder, original)
    kind = call.type or named_by_path
    if kind == "track":
        return _track(call, original)
    if kind in VIEWS:
        return _view(call, kind, original)
    if kind == "identify":
        return _identify(call, original)
    if kind == "group":
        return _group(call, original)
    if kind == "alias":
        previous_id = as_id(call.previous_id)
        person = SentPerson(as_id(call.user_id), anonymous_id=previous_id)
        return _about(call, "alias", original, joined(person), previous_id)
    detail = f"type {kind!r} is none of track, page, screen, identify, group, alias"
    raise RowError(Reason.INVALID_ROW, detail)


def _track(call: _Call, original: bytes) -> SentRow:
    if not call.event:
        raise RowError(Reason.MISSING_FEATURE, "a track call has no event")
    return _done(call, call.event, original, call.properties or {})


def _view(call: _Call, kind: str, original: bytes) -> SentRow:
    """A page or screen: its category is the feature and its name the property of it; with one of
    the two that is the feature.
    """
    of_category = {"property": call.name} if call.category and call.name else {}
    properties = {**of_category, **(call.properties or {})}
    return _done(call, call.category or call.name or kind, original, properties, {"type": kind})


def _done(
    call: _Call,
    name: str,
    original: bytes,
    properties: Mapping[str, Any],
    context: Mapping[str, Any] | None = None,
) -> SentRow:
    return SentRow(
        original=original,
        name=name,
        sender_key=call.message_id or None,
        occurred_at_ms=_time(call),
        person=SentPerson(user_id=as_id(call.user_id), anonymous_id=as_id(call.anonymous_id)),
        signal=Signal.ACTION,
        actor_kind=ActorKind.USER,
        account_id=as_id((call.context or {}).get("groupId")),
        fields={"properties": properties},
        context={
            **context_of_properties(properties, sent_bytes=len(original)),
            **(context or {}),
        },
    )


def _identify(call: _Call, original: bytes) -> SentRow:
    context = call.context or {}
    traits = context.get("traits")
    stated = attributes(
        call.traits,
        traits if isinstance(traits, dict) else None,
        {name: context[name] for name in ("locale", "timezone") if context.get(name)},
    )
    return _about(call, "identify", original, stated)


def _group(call: _Call, original: bytes) -> SentRow:
    """The traits are those of the group; of the person it says the team."""
    group_id = as_id(call.group_id)
    team = as_text((call.traits or {}).get("name")) or group_id
    return _about(call, "group", original, {"team": team} if team else {}, account_id=group_id)


def _about(
    call: _Call,
    name: str,
    original: bytes,
    stated: Mapping[str, str],
    anonymous_id: str = "",
    account_id: str = "",
) -> SentRow:
    person = SentPerson(
        user_id=as_id(call.user_id),
        email=stated.get("email", ""),
        anonymous_id=anonymous_id or as_id(call.anonymous_id),
    )
    return SentRow(
        original=original,
        name=name,
        sender_key=call.message_id or None,
        occurred_at_ms=_time(call),
        person=person,
        signal=Signal.SYSTEM,
        actor_kind=ActorKind.USER,
        account_id=account_id,
        directory=directory_of(person, stated),
        fields={"traits": call.traits or {}},
    )


def _time(call: _Call) -> int | None:
    if call.timestamp:
        return from_iso_8601(call.timestamp, "timestamp")
    if call.original_timestamp:
        return from_iso_8601(call.original_timestamp, "originalTimestamp")
    return None
