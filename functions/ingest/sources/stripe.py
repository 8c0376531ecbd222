"""Stripe's webhooks: what happened to customers, subscriptions, invoices and so on. Nobody is
named who did it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.deliveries import delivery_of
from functions.ingest.flattening import flattened, text_of
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import Delivery, SentRow
from functions.ingest.signatures import from_hex, is_recent, is_signed, signed_time
from functions.ingest.sources.wire_format import Secrets
from functions.ingest.type_names import object_and_op
from shared.metrics.domain.events import Signal
from shared.metrics.domain.record_changes import Op, RecordChange, Value

_SECOND_MS: Final = 1_000
_CUSTOMER: Final = "customer"
_TOLD_ELSEWHERE: Final = frozenset(
    {
        "account",
        "created",
        "data",
        "id",
        "object",
        "pending_webhooks",  # differs between copies of one event
    }
)


class _Data(msgspec.Struct):
    object: dict[str, Any]
    previous_attributes: dict[str, Any] | None = None


class _Event(msgspec.Struct):
    id: str
    type: str
    created: int
    data: _Data
    account: str | None = None


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
    """Whether one of the header's `v1` signatures is made with one of the secrets, not long ago.

    There are several while a secret is rotated. `v0` are those of test mode, and are not for us.
    """
    parts = _parts(request)
    timestamps = [value for name, value in parts if name == "t"]
    if len(timestamps) != 1 or not is_recent(signed_at_ms(request), now_ms):
        return False
    message = timestamps[0].encode(errors="surrogatepass") + b"." + body
    given = [from_hex(value) for name, value in parts if name == "v1"]
    keys = [secret.encode(errors="surrogatepass") for secret in secrets.values]
    return is_signed(given, keys, message)


def signed_at_ms(request: Request) -> int | None:
    """The time in the header, which the signature covers."""
    for name, value in _parts(request):
        if name == "t":
            return signed_time(value, _SECOND_MS)
    return None


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The one event of a request."""
    json_bodies.check_json(request)
    return delivery_of(json_bodies.rows_of(body), _rows)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001 - the port
    """Any 2xx is a success."""
    return None


def _parts(request: Request) -> list[tuple[str, str]]:
    """The parts of `t=…,v1=…,v1=…,v0=…`."""
    header = request.headers.get("stripe-signature", "")
    pairs = (part.strip().partition("=") for part in header.split(","))
    return [(name, value) for name, _, value in pairs]


def _rows(original: bytes) -> Iterator[SentRow]:
    fields = json_bodies.object_of(original)
    event = json_bodies.typed(fields, _Event)
    record = event.data.object
    name = text_of(record.get("object")) or object_and_op(event.type)[0]
    op = object_and_op(event.type)[1] or Op.SNAPSHOT
    record_id = text_of(record.get("id"))
    yield SentRow(
        original=original,
        name=f"{name}.{op.value}" if op is not Op.SNAPSHOT else event.type,
        sender_key=event.id,
        occurred_at_ms=times.from_seconds(event.created, "created"),
        signal=Signal.CHANGE,
        record_id=record_id,
        account_id=record_id if name == _CUSTOMER else _customer(record),
        change=_change(name, op, event.data),
        fields={"type": event.type, **record},
        context=context_of(fields, _TOLD_ELSEWHERE),
        tenant_named=event.account or "",
    )


def _change(name: str, op: Op, data: _Data) -> RecordChange:
    """Of an update only what differs is written: `object` is the record as it is now, and
    `previous_attributes` what the changed fields held before.
    """
    now = flattened(data.object)
    before = flattened(data.previous_attributes or {})
    written: Mapping[str, Value] = now
    if op is Op.UPDATE and before:
        written = {field: now.get(field) for field in before}
    return RecordChange(name, op, set=written, was=before)


def _customer(record: Mapping[str, Any]) -> str:
    """The customer's id, which may be expanded to the customer."""
    customer = record.get("customer")
    return text_of(customer.get("id") if isinstance(customer, dict) else customer)
