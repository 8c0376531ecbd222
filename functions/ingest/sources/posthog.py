"""PostHog's SDKs, in both modes: `{"api_key": …, "batch": […]}` at /batch, and the same without a
key at /i/v1/analytics/events.

The time of an event is the sender's `timestamp`, not corrected by `sent_at`: that changes when it
is sent again, and the time must not.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest.credentials import bearer_token
from functions.ingest.deliveries import delivery_of
from functions.ingest.ids import Id, as_id
from functions.ingest.json_rows import decoded, peeked, raw_list, raw_object
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sdk_answer import accepted
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.times import from_iso_8601
from functions.ingest.tracked import context_of_properties
from functions.ingest.traits import attributes, directory_of, joined, unset
from shared.metrics.domain.events import ActorKind, Signal

ABOUT_A_PERSON: Final = frozenset({"$identify", "$set"})
JOINING: Final = frozenset({"$create_alias", "$merge_dangerously"})
NOT_DEEDS: Final = frozenset(
    {
        "$ai_embedding",
        "$ai_generation",
        "$ai_span",
        "$ai_trace",
        "$exception",
        "$feature_flag_called",
        "$groupidentify",
        "$opt_in",
        "$pageleave",
        "$performance_event",
        "$set_once",
        "$snapshot",
        "$web_vitals",
    }
)
"""Events that the SDKs send by themselves; nobody did them."""

_STATING: Final = frozenset({"$set", "$unset"})
_IDS: Final = frozenset({"distinct_id", "token"})


class _Options(msgspec.Struct, gc=False):
    process_person_profile: bool | None = None


class _Event(msgspec.Struct, gc=False):
    """One event. `$set` is beside the properties in the old mode and among them in the new one."""

    event: str = ""
    uuid: str | None = None
    distinct_id: Id = None
    timestamp: str | None = None
    properties: dict[str, Any] | None = None
    options: _Options | None = None
    set: dict[str, Any] | None = msgspec.field(name="$set", default=None)
    unset: list[str] | None = msgspec.field(name="$unset", default=None)


class _Keyed(msgspec.Struct, gc=False):
    api_key: str = ""
    token: str = ""


_event_decoder = msgspec.json.Decoder(_Event)
_keyed_decoder = msgspec.json.Decoder(_Keyed)


def key_of(request: Request, body: bytes) -> str:
    """The write key: a bearer token in the new mode, `api_key` in the body in the old one."""
    bearer = bearer_token(request.headers.get("authorization", ""))
    if bearer:
        return bearer
    keyed = peeked(_keyed_decoder, body)
    return keyed.api_key or keyed.token if keyed else ""


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The events of a batch, or the only one; RefusedError 400 if the body is not JSON."""
    fields = raw_object(body)
    originals = raw_list(fields["batch"]) if "batch" in fields else [body]
    return delivery_of(originals, _rows)


def answer(request: Request, rows: Rows) -> Response:  # noqa: ARG001 - the port
    """What the SDKs count as success; of each event what became of it, by its uuid."""
    turned_away = {rejection.original: rejection for rejection in rows.rejections}
    results: dict[str, object] = {}
    for row in rows.sent:
        if row.sender_key and row.original not in turned_away:
            results[row.sender_key.partition("#")[0]] = {"result": "ok"}
    for original, rejection in turned_away.items():
        event = peeked(_event_decoder, original)
        if event and event.uuid:
            details = f"{rejection.reason.value}: {rejection.detail}"
            results[event.uuid] = {"result": "drop", "details": details}
    return accepted(rows, results)


def _rows(original: bytes) -> Iterator[SentRow]:
    """The event, and what it tells of its person besides."""
    event = decoded(_event_decoder, original)
    if not event.event:
        raise RowError(Reason.MISSING_FEATURE, 'a row has no "event"')
    stated = _stated(event)
    if event.event in ABOUT_A_PERSON:
        yield _about(event, original, stated)
    elif event.event in JOINING:
        alias = as_id((event.properties or {}).get("alias"))
        person = SentPerson(_person(event).user_id, anonymous_id=alias)
        yield _about(event, original, joined(person), alias)
    elif event.event == "$groupidentify":
        yield _of_group(event, original)
    else:
        yield _done(event, original)
        if stated:
            yield _about(event, original, stated, key_suffix="#$set")


def _done(event: _Event, original: bytes) -> SentRow:
    properties = event.properties or {}
    name = event.event
    if name == "$screen":
        name = as_id(properties.get("$screen_name")) or name
    return SentRow(
        original=original,
        name=name,
        sender_key=event.uuid or None,
        occurred_at_ms=_time(event),
        person=_person(event),
        signal=Signal.SYSTEM if event.event in NOT_DEEDS else Signal.ACTION,
        actor_kind=ActorKind.USER,
        fields={"properties": properties},
        context=context_of_properties(properties, _IDS, len(original)),
    )


def _about(
    event: _Event,
    original: bytes,
    stated: Mapping[str, str],
    anonymous_id: str = "",
    *,
    key_suffix: str = "",
) -> SentRow:
    properties = event.properties or {}
    known = _person(event)
    joined = anonymous_id or as_id(properties.get("$anon_distinct_id"))
    person = SentPerson(
        known.user_id, email=stated.get("email", ""), anonymous_id=known.anonymous_id or joined
    )
    return SentRow(
        original=original,
        name=event.event if not key_suffix else "$set",
        sender_key=f"{event.uuid}{key_suffix}" if event.uuid else None,
        occurred_at_ms=_time(event),
        person=person,
        signal=Signal.SYSTEM,
        actor_kind=ActorKind.USER,
        directory=directory_of(person, stated),
        fields={"properties": properties},
    )


def _of_group(event: _Event, original: bytes) -> SentRow:
    """Properties of a group of people; the `distinct_id` that comes with them is made up."""
    properties = event.properties or {}
    return SentRow(
        original=original,
        name=event.event,
        sender_key=event.uuid or None,
        occurred_at_ms=_time(event),
        signal=Signal.SYSTEM,
        account_id=as_id(properties.get("$group_key")),
        fields={"properties": properties},
    )


def _stated(event: _Event) -> dict[str, str]:
    """Attributes that are set or unset; `$set_once` depends on what was before, which we don't
    look up.
    """
    properties = event.properties or {}
    if not event.set and not event.unset and _STATING.isdisjoint(properties):
        return {}
    among = properties.get("$set")
    unset_now = unset(event.unset or properties.get("$unset"))
    return {**unset_now, **attributes(event.set, among if isinstance(among, dict) else None)}


def _person(event: _Event) -> SentPerson:
    """Nobody who is known if the SDK says that it keeps no profile of that id."""
    properties = event.properties or {}
    distinct_id = as_id(event.distinct_id) or as_id(properties.get("distinct_id"))
    keeps_profile = (
        event.options.process_person_profile
        if event.options
        else properties.get("$process_person_profile")
    )
    if keeps_profile is False or properties.get("$is_identified") is False:
        return SentPerson(anonymous_id=distinct_id)
    return SentPerson(user_id=distinct_id)


def _time(event: _Event) -> int | None:
    return from_iso_8601(event.timestamp, "timestamp") if event.timestamp else None
