"""Amplitude's SDKs: `{"api_key": …, "events": […]}` at /2/httpapi and /batch."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest.deliveries import delivery_of
from functions.ingest.ids import Id, as_id
from functions.ingest.json_rows import decoded, peeked, raw_list, raw_object
from functions.ingest.requests import RefusedError, Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sdk_answer import accepted
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.times import from_milliseconds
from functions.ingest.tracked import context_of_properties
from functions.ingest.traits import attributes, directory_of, unset
from shared.metrics.domain.events import ActorKind, Signal

IDENTIFY: Final = "$identify"
GROUP_IDENTIFY: Final = "$groupidentify"
NOT_DEEDS: Final = frozenset({"session_start", "session_end"})
"""Events that the SDKs send by themselves; nobody did them."""

TEAM: Final = "team"
"""The type of group that says something of a person."""


class _Event(msgspec.Struct):
    event_type: str = ""
    user_id: Id = None
    device_id: Id = None
    insert_id: Id = None
    time: int | None = None
    event_properties: dict[str, Any] | None = None
    user_properties: dict[str, Any] | None = None
    groups: dict[str, Any] | None = None
    group_properties: dict[str, Any] | None = None


class _Keyed(msgspec.Struct):
    api_key: str = ""


_event_decoder = msgspec.json.Decoder(_Event)
_keyed_decoder = msgspec.json.Decoder(_Keyed)


def key_of(request: Request, body: bytes) -> str:  # noqa: ARG001 - the port
    """The write key: `api_key` in the body."""
    keyed = peeked(_keyed_decoder, body)
    return keyed.api_key if keyed else ""


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The events of a request, or the one that it is; RefusedError 400 if there are none."""
    fields = raw_object(body)
    if "events" in fields:
        return delivery_of(raw_list(fields["events"]), _rows)
    if "event_type" in fields:
        return delivery_of([body], _rows)
    raise RefusedError(400, "bad_json", 'the body has no "events"')


def answer(request: Request, rows: Rows) -> Response:  # noqa: ARG001 - the port
    """What the SDKs count as success: a `code` of 200 in the body."""
    return accepted(rows)


def _rows(original: bytes) -> Iterator[SentRow]:
    """The event, and what it tells of its person besides."""
    event = decoded(_event_decoder, original)
    if not event.event_type:
        raise RowError(Reason.MISSING_FEATURE, "an event has no event_type")
    stated = _stated(event)
    if event.event_type == IDENTIFY:
        yield _about(event, original, stated)
    elif event.event_type == GROUP_IDENTIFY:
        yield _of_group(event, original)
    else:
        yield _done(event, original)
        if stated:
            yield _about(event, original, stated, "#user_properties")


def _done(event: _Event, original: bytes) -> SentRow:
    is_deed = event.event_type not in NOT_DEEDS
    return SentRow(
        original=original,
        name=event.event_type,
        sender_key=as_id(event.insert_id) or None,
        occurred_at_ms=_time(event),
        person=_person(event, {}),
        signal=Signal.ACTION if is_deed else Signal.SYSTEM,
        actor_kind=ActorKind.USER,
        fields={"properties": event.event_properties or {}},
        context=context_of_properties(event.event_properties or {}),
    )


def _about(
    event: _Event, original: bytes, stated: Mapping[str, str], key_suffix: str = ""
) -> SentRow:
    insert_id = as_id(event.insert_id)
    person = _person(event, stated)
    return SentRow(
        original=original,
        name=IDENTIFY,
        sender_key=f"{insert_id}{key_suffix}" if insert_id else None,
        occurred_at_ms=_time(event),
        person=person,
        signal=Signal.SYSTEM,
        actor_kind=ActorKind.USER,
        directory=directory_of(person, stated),
        fields={"user_properties": event.user_properties or {}},
    )


def _of_group(event: _Event, original: bytes) -> SentRow:
    """Properties of a group of people, who are not named."""
    return SentRow(
        original=original,
        name=GROUP_IDENTIFY,
        sender_key=as_id(event.insert_id) or None,
        occurred_at_ms=_time(event),
        signal=Signal.SYSTEM,
        account_id=next((as_id(group) for group in (event.groups or {}).values()), ""),
        fields={"group_properties": event.group_properties or {}},
    )


def _stated(event: _Event) -> dict[str, str]:
    """Attributes that are set, plainly or by `$set`, or unset; `$setOnce` and the like depend on
    what was before, which we don't look up.
    """
    if not event.user_properties and not event.groups:
        return {}
    properties = event.user_properties or {}
    set_now = properties.get("$set")
    unset_now = unset(properties.get("$unset"))
    stated = attributes(set_now if isinstance(set_now, dict) else None, properties)
    team = as_id((event.groups or {}).get(TEAM))
    return {**unset_now, **stated, **({"team": team} if team else {})}


def _person(event: _Event, stated: Mapping[str, str]) -> SentPerson:
    return SentPerson(
        user_id=as_id(event.user_id),
        email=stated.get("email", ""),
        anonymous_id=as_id(event.device_id),
    )


def _time(event: _Event) -> int | None:
    return None if event.time is None else from_milliseconds(event.time, "time")
