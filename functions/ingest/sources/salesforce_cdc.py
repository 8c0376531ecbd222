"""Salesforce's change events (Change Data Capture) as relayed over HTTP: bare, as the streaming
interfaces give them, or in the envelope of an event bus; one, or an array of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.credentials import carries_secret
from functions.ingest.deliveries import check_fan_out, delivery_of
from functions.ingest.flattening import flattened, text_of
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.sources.salesforce_ids import long_id
from functions.ingest.sources.wire_format import Secrets
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value

_HEADER: Final = "ChangeEventHeader"
_ENVELOPES: Final = ("detail", "data", "payload")
"""What change events are wrapped in, from the outside in."""

_OPS: Final = {
    "CREATE": Op.CREATE,
    "UPDATE": Op.UPDATE,
    "DELETE": Op.DELETE,
    "UNDELETE": Op.RESTORE,
}
_GAP: Final = "GAP_"
_WILDCARD: Final = "*"
_NO_RECORD: Final = "000000000000000AAA"
"""What stands for a record in the event that says that there were too many."""

_BY_HAND: Final = "client=SfdcInternalAPI"
"""What Salesforce's own pages call themselves in `changeOrigin`."""

_PARTNER: Final = "aws.partner/salesforce.com/"
_TOLD_ELSEWHERE: Final = frozenset(
    {
        "changedFields",
        "commitTimestamp",
        "commitUser",
        "entityName",
        "nulledFields",
        "recordIds",
        "sequenceNumber",
    }
)


class _Header(msgspec.Struct, rename="camel"):
    entity_name: str
    record_ids: list[str]
    change_type: str
    commit_timestamp: int
    transaction_key: str | None = None
    sequence_number: int | None = None
    commit_user: str | None = None
    change_origin: str | None = None
    changed_fields: list[str] | None = None
    nulled_fields: list[str] | None = None
    diff_fields: list[str] | None = None


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:  # noqa: ARG001
    """Whether the relay's request carries a secret: relays sign nothing."""
    return carries_secret(request, secrets.values, secrets.settings)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001
    """A row for each record of each change event."""
    json_bodies.check_json(request)
    return delivery_of(json_bodies.rows_of(body), _read)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """Any 2xx is a success."""
    return None


def _read(original: bytes) -> Iterator[SentRow]:
    envelope = json_bodies.object_of(original)
    event = _unwrapped(envelope)
    header = json_bodies.typed(event[_HEADER], _Header)
    at_ms = times.from_milliseconds(header.commit_timestamp, "commitTimestamp")
    values = {name: value for name, value in event.items() if name != _HEADER}
    written = _written(header, values)
    context = context_of(event[_HEADER], _TOLD_ELSEWHERE)
    check_fan_out(original, len(header.record_ids))
    is_one = len(header.record_ids) == 1
    for record_id in header.record_ids:
        change = _change(header, record_id, written)
        yield SentRow(
            original if is_one else _narrowed(envelope, record_id),
            name=f"{header.entity_name}.{change.op.value if change else header.change_type}",
            sender_key=_key(header, record_id),
            occurred_at_ms=at_ms,
            person=SentPerson(long_id(header.commit_user or "")),
            signal=Signal.CHANGE if change else Signal.SYSTEM,
            actor_kind=_actor_kind(header) if change else ActorKind.UNKNOWN,
            record_id=long_id(record_id) if change else "",
            account_id=long_id(text_of(values.get("AccountId"))),
            change=change,
            fields=event,
            context=context if change else context | {"recordIds": record_id},
            tenant_named=_organization(envelope),
        )


def _unwrapped(envelope: Mapping[str, Any]) -> Mapping[str, Any]:
    event: Any = envelope
    for name in _ENVELOPES:
        if isinstance(event, dict) and _HEADER not in event and name in event:
            event = event[name]
    if not isinstance(event, dict) or not isinstance(event.get(_HEADER), dict):
        raise RowError(Reason.INVALID_ROW, f"there is no {_HEADER}, so it is no change event")
    return event


def _narrowed(envelope: Mapping[str, Any], record_id: str) -> bytes:
    """The event as it would be of this record alone, so that each row can be kept by itself."""
    return msgspec.json.encode(_of_record(envelope, record_id))


def _of_record(envelope: Mapping[str, Any], record_id: str) -> dict[str, Any]:
    if _HEADER in envelope:
        return {**envelope, _HEADER: envelope[_HEADER] | {"recordIds": [record_id]}}
    name = next(name for name in _ENVELOPES if name in envelope)
    return {**envelope, name: _of_record(envelope[name], record_id)}


def _organization(envelope: Mapping[str, Any]) -> str:
    """The organisation in the name of the event bus's source; `""` without a bus."""
    source = envelope.get("source")
    if not isinstance(source, str) or not source.startswith(_PARTNER):
        return ""
    return long_id(source.removeprefix(_PARTNER).partition("/")[0])


def _key(header: _Header, record_id: str) -> str | None:
    if header.transaction_key is None or header.sequence_number is None:
        return None
    return sender_key(header.transaction_key, header.sequence_number, record_id)


def _actor_kind(header: _Header) -> ActorKind:
    """A person only if Salesforce's own pages made the change, or nothing says what did. Gap
    events are made by Salesforce itself.
    """
    origin = header.change_origin or ""
    if header.change_type.startswith(_GAP) or not header.commit_user:
        return ActorKind.UNKNOWN
    if not origin or _BY_HAND in origin:
        return ActorKind.USER
    return ActorKind.IMPORT if "/bulkapi/" in origin else ActorKind.API


def _change(header: _Header, record_id: str, written: Mapping[str, Value]) -> RecordChange | None:
    """What was done to the record; None if the event is not about single records. A gap event
    tells that something was done, by then, but not what.
    """
    op = _OPS.get(header.change_type.removeprefix(_GAP))
    if op is None or record_id.endswith(_WILDCARD) or record_id == _NO_RECORD:
        return None
    is_gap = header.change_type.startswith(_GAP)
    return RecordChange(
        header.entity_name,
        op,
        {} if is_gap else written,
        sequence=header.sequence_number,
        precision=Precision.BOUNDED if is_gap else Precision.EXACT,
    )


def _written(header: _Header, values: Mapping[str, Any]) -> dict[str, Value]:
    """The fields that were written. Those of an update are listed in the header, as some relays
    give every field and leave the others null; of `diffFields` only the difference is told.
    """
    flat = flattened(values)
    listed = header.changed_fields if header.change_type == "UPDATE" else None
    if listed:
        flat = {
            name: value
            for name, value in flat.items()
            if name in listed or name.partition(".")[0] in listed
        }
    else:
        flat = {name: value for name, value in flat.items() if value is not None}
    for name in header.nulled_fields or ():
        flat[name] = None
    for name in header.diff_fields or ():
        flat.pop(name, None)
    return flat
