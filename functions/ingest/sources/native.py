"""Our own wire format: one event, `{"events": […]}` or JSON lines (docs/events.md).

A delivery is decoded at once; only if that fails row by row, so that one bad row costs itself
alone, and its original bytes are kept.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import repeat
from typing import Any, Final, TypeVar

import msgspec

from functions.ingest.admission import Admission
from functions.ingest.requests import JSON, RefusedError, Request
from functions.ingest.rows import Reason, Rejection, RowError, Rows, check_number
from functions.ingest.sources.native_changes import NativeChange
from shared.metrics.domain.events import (
    DEFAULT_ACTION,
    DIRECTORY_ACTIONS,
    DIRECTORY_ATTRIBUTES,
    SESSION_ACTIONS,
    USER_DEACTIVATED,
    ActorKind,
    Event,
    Signal,
)

SEPARATORS: Final = {
    "application/jsonl": b"\n",
    "application/x-ndjson": b"\n",
    "application/json-seq": b"\x1e",
}
"""What separates the rows of each content type that is a sequence of JSON texts."""

E = TypeVar("E", bound=IntEnum)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_FIRST_PLAUSIBLE_MS: Final = 100_000_000_000
"""March 1973 in milliseconds, the year 5138 in seconds: smaller numbers are seconds."""

_UNDECODABLE: Final = (ValueError, RecursionError)
"""What msgspec raises for bytes that are not JSON, not of the right type, or nested too deep."""


class NativeRow(msgspec.Struct, forbid_unknown_fields=True):
    """One event as our format spells it. A directory event (`type` user.upserted or
    user.deactivated) brings attributes of the user instead of a feature; a SYSTEM event that tells
    of a change of a record needs none.
    """

    occurred_at: datetime | int
    type: str = "event"
    event_id: str | None = None
    user_id: str | None = None
    feature: str | None = None
    property: str | None = None
    attribute: str | None = None
    action: str | None = None
    record_id: str | None = None
    account_id: str | None = None
    signal: str = "ACTION"
    actor_kind: str = "USER"
    context: dict[str, Any] | None = None
    change: NativeChange | None = None
    tenant: str | None = None
    email: str | None = None
    name: str | None = None
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None
    account_status: str | None = None
    role: str | None = None
    team: str | None = None
    manager: str | None = None
    licence: str | None = None
    is_integration: bool | None = None
    email_verified: bool | None = None
    same_as: str | None = None


class SenderRejection(msgspec.Struct):
    """A row that the sender could not make an event of, handed over so that it is not lost."""

    reason: str
    original: str


class _Envelope(msgspec.Struct):
    events: msgspec.Raw = msgspec.Raw(b"")
    rejected: list[SenderRejection] = []


_envelope_decoder = msgspec.json.Decoder(_Envelope)
_raw_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_list_decoder = msgspec.json.Decoder(list[NativeRow])
_row_decoder = msgspec.json.Decoder(NativeRow)
_object_decoder = msgspec.json.Decoder(dict[str, Any])
_BOOLEANS: Final = {True: "true", False: "false"}
_SIGNALS: Final = {signal.name: signal for signal in Signal}
_ACTOR_KINDS: Final = {kind.name: kind for kind in ActorKind}


def parse(body: bytes, request: Request, admission: Admission) -> Rows:
    """The rows of a request; RefusedError if it cannot be told apart into rows."""
    content_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if content_type == JSON:
        return _parse_json(body, admission)
    if content_type in SEPARATORS:
        texts = [text for text in body.split(SEPARATORS[content_type]) if text.strip()]
        return _Parser(admission).rows(texts, _row_decoder.decode_lines, b"\n".join(texts))
    message = f"content-type {content_type!r} is not understood; send {JSON} or application/jsonl"
    raise RefusedError(415, "unsupported_content_type", message)


def rows_of(originals: list[bytes], admission: Admission) -> Rows:
    """The rows that these bytes are, each one alone: as `parse`, for bytes kept of rows."""
    return _Parser(admission).rows(originals, _each_alone, b"")


def _each_alone(_body: bytes) -> list[NativeRow]:
    message = "rows are decoded one by one"
    raise ValueError(message)


def _parse_json(body: bytes, admission: Admission) -> Rows:
    try:
        envelope = _envelope_decoder.decode(body)
        listed = bytes(envelope.events)
        originals = _raw_list_decoder.decode(listed) if listed else []
    except _UNDECODABLE as error:
        message = f'the body is not one event or {{"events": […]}} as JSON: {error}'
        raise RefusedError(400, "bad_json", message) from None
    check_number(len(originals) + len(envelope.rejected))
    parser = _Parser(admission)
    if not listed and not envelope.rejected:
        return parser.rows([body], _one, body)
    rows = parser.rows([bytes(raw) for raw in originals], _list_decoder.decode, listed or b"[]")
    rows.rejections += [
        Rejection(
            rows.received + at,
            Reason.TURNED_AWAY_BY_SENDER,
            rejected.reason,
            rejected.original.encode("utf-8", "surrogatepass"),
        )
        for at, rejected in enumerate(envelope.rejected)
    ]
    return rows


def _one(body: bytes) -> list[NativeRow]:
    return [_row_decoder.decode(body)]


class _Parser:
    """Turns the rows of one delivery into events."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def rows(
        self, originals: list[bytes], decode_all: Callable[[bytes], list[NativeRow]], body: bytes
    ) -> Rows:
        """`originals` are the bytes of each row; `decode_all(body)` decodes them together."""
        check_number(len(originals))
        rows = Rows()
        for index, (original, row) in enumerate(_decoded(originals, decode_all, body)):
            try:
                rows.events.append(self._event(row if row is not None else _decode_row(original)))
            except RowError as error:
                rejection = Rejection(index, error.reason, error.detail, original)
                rows.rejections.append(rejection)
        return rows

    def _event(self, row: NativeRow) -> Event:
        if row.tenant is not None:
            self._admission.check_tenant(row.tenant)
        if row.type == "event":
            return self._usage_event(row)
        if row.type in DIRECTORY_ACTIONS:
            return self._directory_event(row)
        allowed = ", ".join(["event", *sorted(DIRECTORY_ACTIONS)])
        raise RowError(Reason.INVALID_ROW, f"type {row.type!r} is none of {allowed}")

    def _usage_event(self, row: NativeRow) -> Event:
        action = row.action or DEFAULT_ACTION
        signal = _member(_SIGNALS, "signal", row.signal)
        is_change = row.change is not None and signal is Signal.SYSTEM
        if not row.feature and action not in SESSION_ACTIONS and not is_change:
            detail = (
                "feature is missing; only login, logout, heartbeat and SYSTEM events that have a "
                "change go without one"
            )
            raise RowError(Reason.MISSING_FEATURE, detail)
        if not row.user_id and (signal is Signal.ACTION or action in SESSION_ACTIONS):
            detail = "user_id is missing; only a CHANGE or SYSTEM event may have none"
            raise RowError(Reason.MISSING_USER, detail)
        return self._admission.admitted(
            row.event_id,
            row.user_id or "",
            _milliseconds(row.occurred_at),
            (row.feature or "", row.property or "", row.attribute or "", action),
            record_id=row.record_id or "",
            account_id=row.account_id or "",
            signal=signal,
            actor_kind=_member(_ACTOR_KINDS, "actor_kind", row.actor_kind),
            context="" if row.context is None else _canonical_json(row.context),
            change="" if row.change is None else row.change.text(row.record_id),
        )

    def _directory_event(self, row: NativeRow) -> Event:
        if not row.user_id:
            detail = f"user_id is missing; {row.type} is about a user"
            raise RowError(Reason.MISSING_USER, detail)
        return self._admission.admitted(
            row.event_id,
            row.user_id,
            _milliseconds(row.occurred_at),
            ("", "", "", row.type),
            signal=Signal.SYSTEM,
            context="" if row.type == USER_DEACTIVATED else _canonical_json(_attributes(row)),
        )


def _decoded(
    originals: list[bytes], decode_all: Callable[[bytes], list[NativeRow]], body: bytes
) -> Iterator[tuple[bytes, NativeRow | None]]:
    """Each row's bytes with the row, or with None if it has to be decoded alone."""
    alone: Iterator[tuple[bytes, None]] = zip(originals, repeat(None), strict=False)
    try:
        rows = decode_all(body)
    except _UNDECODABLE:
        return alone
    # A line may hold two rows, or a part of one; each must answer for itself.
    return zip(originals, rows, strict=True) if len(rows) == len(originals) else alone


def _decode_row(original: bytes) -> NativeRow:
    try:
        return _row_decoder.decode(original)
    except _UNDECODABLE:
        try:
            fields = _object_decoder.decode(original)
            return _with_extras_in_context(fields)
        except _UNDECODABLE as error:
            raise RowError(Reason.INVALID_ROW, str(error)) from None


def _with_extras_in_context(fields: dict[str, Any]) -> NativeRow:
    """A row whose unknown fields are kept in its context: newer senders lose nothing."""
    known = set(NativeRow.__struct_fields__)
    extras = {name: value for name, value in fields.items() if name not in known}
    if extras:
        context = {} if fields.get("context") is None else fields["context"]
        if not isinstance(context, dict):
            message = "Expected `object | null` - at `$.context`"
            raise ValueError(message)
        if twice := sorted(extras.keys() & context.keys()):
            message = f"unknown field {twice[0]!r} is in the context too"
            raise ValueError(message)
        fields = {name: value for name, value in fields.items() if name in known}
        fields["context"] = {**extras, **context}
    return msgspec.convert(fields, NativeRow)


def _member(members: dict[str, E], name: str, value: str) -> E:
    try:
        return members[value]
    except KeyError:
        detail = f"{name} {value!r} is none of {', '.join(members)}"
        raise RowError(Reason.INVALID_ROW, detail) from None


def _milliseconds(occurred_at: datetime | int) -> int:
    if isinstance(occurred_at, int):
        if 0 <= occurred_at < _FIRST_PLAUSIBLE_MS:
            detail = (
                f"occurred_at {occurred_at} looks like seconds; send milliseconds since 1970, "
                "or RFC 3339 text such as 2026-11-22T10:00:00+01:00"
            )
            raise RowError(Reason.AMBIGUOUS_TIME, detail)
        return occurred_at
    if occurred_at.tzinfo is None:
        detail = "occurred_at has no time zone; end it with Z or an offset such as +01:00"
        raise RowError(Reason.AMBIGUOUS_TIME, detail)
    return (occurred_at - _EPOCH) // _MILLISECOND


def _attributes(row: NativeRow) -> dict[str, str]:
    stated = {name: getattr(row, name) for name in DIRECTORY_ATTRIBUTES}
    return {
        name: _BOOLEANS[value] if isinstance(value, bool) else value
        for name, value in stated.items()
        if value is not None
    }


def _canonical_json(fields: dict[str, Any]) -> str:
    return msgspec.json.encode(fields, order="sorted").decode() if fields else ""
