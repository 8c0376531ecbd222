"""Standard Webhooks: whatever sends `{"type": …, "timestamp": …, "data": {…}}` and signs it as
https://www.standardwebhooks.com says.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.deliveries import delivery_of
from functions.ingest.flattening import flattened, text_of
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import Delivery, SentRow
from functions.ingest.sources.wire_format import Secrets
from functions.ingest.standard_signature import ID, has_standard_signature, signed_at_ms
from functions.ingest.type_names import object_and_op
from shared.metrics.domain.events import Signal
from shared.metrics.domain.record_changes import Op, RecordChange

_BODY: Final = "webhook"

__all__ = ["answer", "parse", "signed_at_ms", "verify"]


class _Webhook(msgspec.Struct):
    type: str
    timestamp: str | None = None
    data: Any = None


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
    """Whether a secret (`whsec_…`) or private key (of a `whpk_…`) signed the request."""
    return has_standard_signature(request, body, secrets, now_ms)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The one event of a request."""
    json_bodies.check_json(request)
    sent_id = request.headers.get(ID, "")
    return delivery_of([_with_id(row, sent_id) for row in json_bodies.rows_of(body)], _rows)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001 - the port
    """Any 2xx is a success."""
    return None


def _with_id(row: bytes, sent_id: str) -> bytes:
    """What is kept of a row, with its id, which is in a header: it may be tried again."""
    if not sent_id:
        return row
    sent_id = sent_id.encode(errors="replace").decode()
    return msgspec.json.encode({ID: sent_id, _BODY: msgspec.Raw(row)})


def _rows(original: bytes) -> Iterator[SentRow]:
    """A change of the record that `data` is; by whom, no field says for all senders."""
    kept = json_bodies.object_of(original)
    sent_id = text_of(kept.get(ID))
    fields = kept[_BODY] if sent_id and isinstance(kept.get(_BODY), dict) else kept
    webhook = json_bodies.typed(fields, _Webhook)
    data = webhook.data if isinstance(webhook.data, dict) else {}
    record, op = object_and_op(webhook.type)
    yield SentRow(
        original=original,
        name=f"{record}.{op.value}" if op else webhook.type,
        sender_key=sent_id or None,
        occurred_at_ms=_time(webhook),
        signal=Signal.CHANGE,
        record_id=text_of(data.get("id")),
        change=RecordChange(record, op or Op.SNAPSHOT, set=flattened(data)),
        fields={"type": webhook.type, **data},
        context=context_of(fields, ("type", "timestamp", "data")),
    )


def _time(webhook: _Webhook) -> int | None:
    return times.from_iso_8601(webhook.timestamp, "timestamp") if webhook.timestamp else None
