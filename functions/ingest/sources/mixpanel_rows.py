"""The rows of Mixpanel: what is in the events, people and groups that its SDKs send."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from functions.ingest.ids import Id, as_id
from functions.ingest.json_rows import decoded
from functions.ingest.rows import Reason, RowError
from functions.ingest.sent_rows import SentPerson, SentRow
from functions.ingest.times import from_seconds_or_milliseconds
from functions.ingest.tracked import context_of_properties
from functions.ingest.traits import attributes, directory_of, joined, unset
from shared.metrics.domain.events import ActorKind, Signal

_DEVICE: Final = "$device:"
"""With what the id of a device begins that stands in the place of a person's."""

_KNOWN: Final = frozenset({"alias", "distinct_id", "ip", "mp_lib", "time", "token"})
_PAIR: Final = 2


class _Row(msgspec.Struct):
    """An event, or a change of a person's or a group's profile."""

    event: str = ""
    properties: dict[str, Any] = {}
    token: str = msgspec.field(name="$token", default="")
    distinct_id: Id = msgspec.field(name="$distinct_id", default=None)
    group_id: Id = msgspec.field(name="$group_id", default=None)
    time: int | float | None = msgspec.field(name="$time", default=None)
    set: dict[str, Any] | None = msgspec.field(name="$set", default=None)
    unset: list[str] | None = msgspec.field(name="$unset", default=None)


_decoder = msgspec.json.Decoder(_Row)


def row_of(original: bytes, token: str) -> SentRow:
    """A row, which says itself what it is about. `token` is that of the first of its request."""
    sent = decoded(_decoder, original)
    named = sent.token or as_id(sent.properties.get("token"))
    if named and named != token:
        detail = "the row has another token than the first one of its request"
        raise RowError(Reason.OTHER_TENANT, detail)
    if sent.event:
        return _of_event(sent, original)
    if sent.group_id is not None:
        return _of_group(sent, original)
    if sent.distinct_id is not None:
        return _of_person(sent, original)
    detail = "a row has neither an event nor a $distinct_id nor a $group_id"
    raise RowError(Reason.MISSING_FEATURE, detail)


def _of_event(sent: _Row, original: bytes) -> SentRow:
    """Something done, or that two ids are one person's."""
    properties = sent.properties
    joins = JOINING.get(sent.event)
    person = joins(properties) if joins else _person(properties)
    return SentRow(
        original=original,
        name=sent.event,
        sender_key=as_id(properties.get("$insert_id")) or None,
        occurred_at_ms=_time(properties.get("time")),
        person=person,
        signal=Signal.SYSTEM if joins else Signal.ACTION,
        actor_kind=ActorKind.USER,
        directory=None if not joins else joined(person) if sent.event in SAME else {},
        fields={"properties": properties},
        context=context_of_properties(properties, _KNOWN),
    )


def _of_person(sent: _Row, original: bytes) -> SentRow:
    """`$set` and `$unset`; `$set_once`, `$add` and the like depend on what was before, which we
    don't look up.
    """
    stated = {**unset(sent.unset), **attributes(sent.set)}
    person = _person_of(as_id(sent.distinct_id), email=stated.get("email", ""))
    return SentRow(
        original=original,
        name="$set",
        sender_key=None,
        occurred_at_ms=_time(sent.time),
        person=person,
        signal=Signal.SYSTEM,
        actor_kind=ActorKind.USER,
        directory=directory_of(person, stated),
        fields={"properties": sent.set or {}},
    )


def _of_group(sent: _Row, original: bytes) -> SentRow:
    """Properties of a group of people, who are not named."""
    return SentRow(
        original=original,
        name="$group_set",
        sender_key=None,
        occurred_at_ms=_time(sent.time),
        signal=Signal.SYSTEM,
        account_id=as_id(sent.group_id),
        fields={"properties": sent.set or {}},
    )


def _person(properties: Mapping[str, Any]) -> SentPerson:
    user_id, device_id = as_id(properties.get("$user_id")), as_id(properties.get("$device_id"))
    if user_id or device_id:
        return SentPerson(user_id=user_id, anonymous_id=device_id)
    return _person_of(as_id(properties.get("distinct_id")))


def _person_of(distinct_id: str, email: str = "") -> SentPerson:
    if distinct_id.startswith(_DEVICE):
        return SentPerson(anonymous_id=distinct_id.removeprefix(_DEVICE), email=email)
    return SentPerson(user_id=distinct_id, email=email)


def _aliased(properties: Mapping[str, Any]) -> SentPerson:
    """The alias is the id that a person is known by from now on."""
    return SentPerson(
        as_id(properties.get("alias")), anonymous_id=_plain(properties, "distinct_id")
    )


def _identified(properties: Mapping[str, Any]) -> SentPerson:
    user_id = as_id(properties.get("$identified_id"))
    return SentPerson(user_id, anonymous_id=_plain(properties, "$anon_id"))


def _merged(properties: Mapping[str, Any]) -> SentPerson:
    ids = properties.get("$distinct_ids")
    named = [as_id(each) for each in ids] if isinstance(ids, list) else []
    user_id, other = named if len(named) == _PAIR else ("", "")
    return SentPerson(user_id, anonymous_id=other)


def _plain(properties: Mapping[str, Any], name: str) -> str:
    return as_id(properties.get(name)).removeprefix(_DEVICE)


JOINING: Final[Mapping[str, Callable[[Mapping[str, Any]], SentPerson]]] = {
    "$create_alias": _aliased,
    "$identify": _identified,
    "$merge": _merged,
}
"""Events that say that two ids are one person's, and which."""


SAME: Final = frozenset({"$create_alias", "$merge"})
"""Those that say so in so many words."""


def _time(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        detail = f"time {value!r:.40} is no number of seconds or milliseconds since 1970"
        raise RowError(Reason.INVALID_ROW, detail)
    return from_seconds_or_milliseconds(value, "time")
