"""What the handler itself takes for a delivery of 100 events: to parse, verify, validate, place and
pack them, beside `json.loads` of the same bodies. The store confirms everything and does nothing.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final, NamedTuple

import msgspec

from benchmarks.report import Report, cpu_ms
from benchmarks.workload import PATHS, DayRows, user_id
from functions.ingest.pipeline import Ingest
from functions.ingest.requests import Request
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.local_secret_box import LocalSecretBox
from shared.metrics.storage.keys import source_key, tenant_key
from shared.metrics.storage.ports import Item, Key, Table
from shared.metrics.storage.sources import Source, key_digest
from shared.metrics.storage.tenants import Tenant

EVENTS_A_DELIVERY: Final = 100
_TENANT: Final = "bench"
_SECRET: Final = "secret"  # noqa: S105 - of nothing
_BOX: Final = LocalSecretBox(_SECRET)
_KINDS: Final = (
    SourceKind.NATIVE,
    SourceKind.SEGMENT,
    SourceKind.POSTHOG,
    SourceKind.HUBSPOT,
)


class _Sent(NamedTuple):
    """Deliveries of one kind of source."""

    kind: SourceKind
    requests: list[Request]


class NoStore:
    """The port `Store`: knows a tenant with a source of each kind, confirms, and keeps nothing."""

    def __init__(self) -> None:
        tenant = Tenant(name=_TENANT, time_zone="Europe/Berlin")
        self._known = {tenant_key(_TENANT): msgspec.json.encode(tenant)}
        for kind in _KINDS:
            source = Source(
                source_id=kind.value,
                tenant=_TENANT,
                kind=kind,
                key_digest=key_digest(_SECRET),
                sealed_secret=_BOX.seal(_SECRET, kind.value),
                created_at_ms=0,
            )
            self._known[source_key(kind.value)] = msgspec.json.encode(source)

    def get(self, key: Key) -> Item | None:
        """The tenant, or a source."""
        body = self._known.get(key)
        return None if body is None else Item(key, body)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Nothing."""
        del keys
        return {}

    def versions(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> dict[str, int]:
        """Nothing."""
        del table, partition, first, last
        return {}

    def query(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> Iterator[Item]:
        """Nothing."""
        del table, partition, first, last
        return iter(())

    def put_many(self, items: Iterable[Item]) -> None:
        """Have the items made."""
        for _ in items:
            pass

    def put_if(self, item: Item, *, expected_version: int | None) -> bool:
        """Confirm."""
        del item, expected_version
        return True

    def delete_many(self, keys: Iterable[Key]) -> None:
        """Confirm."""


def run(report: Report, rows: DayRows, events: int, now_ms: int, native: list[bytes]) -> None:
    """Print the table. `native` are the deliveries of our own format."""
    deliveries = range(0, events, EVENTS_A_DELIVERY)
    sent = [
        _Sent(SourceKind.NATIVE, [_native(body) for body in native]),
        _Sent(SourceKind.SEGMENT, [_segment(rows, at) for at in deliveries]),
        _Sent(SourceKind.POSTHOG, [_posthog(rows, at) for at in deliveries]),
        _Sent(SourceKind.HUBSPOT, [_hubspot(rows, at, now_ms) for at in deliveries]),
    ]
    table = []
    for kind, requests in sent:
        loads_ms, _ = cpu_ms(partial(_each, json.loads, [each.body for each in requests]), 5)
        ingest = Ingest(NoStore(), lambda: now_ms, box=_BOX)
        ours_ms, _ = cpu_ms(partial(_each, partial(_take, ingest), requests), 5)
        per_event = 1e3 / events
        table.append(
            (kind.value, loads_ms * per_event, ours_ms * per_event, f"{ours_ms / loads_ms:.1f} ×")
        )
    head = ("kind", "json.loads µs", "the handler µs", "handler ÷ json.loads")
    report.table("Handling a delivery of 100, per event, without the store's client", head, table)


def _each(action: Callable[..., object], arguments: Iterable[object]) -> None:
    for argument in arguments:
        action(argument)


def _take(ingest: Ingest, request: Request) -> None:
    response = ingest.respond(request)
    if response.status != 200:
        raise AssertionError(response.document)


def _native(body: bytes) -> Request:
    headers = {"authorization": f"Bearer native.{_SECRET}", "content-type": "application/json"}
    return Request("POST", "/v1/events", headers, body, "request")


def _segment(rows: DayRows, at: int) -> Request:
    body = msgspec.json.encode(
        {"batch": [_track(rows, row) for row in range(at, at + EVENTS_A_DELIVERY)]}
    )
    key = b64encode(f"segment.{_SECRET}:".encode()).decode()
    headers = {"authorization": f"Basic {key}", "content-type": "application/json"}
    return Request("POST", "/v1/batch", headers, body, "request")


def _track(rows: DayRows, row: int) -> dict[str, object]:
    feature, prop, _, action = PATHS[int(rows.path[row])]
    return {
        "type": "track",
        "messageId": rows.ids[row].tobytes().hex(),
        "userId": user_id(int(rows.user[row])),
        "event": feature or action,
        "properties": {"property": prop, "action": action, "record_id": f"r-{rows.record[row]}"},
        "timestamp": _iso(int(rows.times_ms[row])),
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
    }


def _posthog(rows: DayRows, at: int) -> Request:
    batch = [_captured(rows, row) for row in range(at, at + EVENTS_A_DELIVERY)]
    body = msgspec.json.encode({"api_key": f"posthog.{_SECRET}", "batch": batch})
    headers = {"content-type": "application/json"}
    return Request("POST", "/batch", headers, body, "request")


def _captured(rows: DayRows, row: int) -> dict[str, object]:
    feature, prop, _, action = PATHS[int(rows.path[row])]
    return {
        "event": feature or action,
        "uuid": rows.ids[row].tobytes().hex(),
        "distinct_id": user_id(int(rows.user[row])),
        "properties": {
            "property": prop,
            "action": action,
            "record_id": f"r-{rows.record[row]}",
            "$lib": "posthog-python",
            "$lib_version": "6.7.0",
        },
        "timestamp": _iso(int(rows.times_ms[row])),
    }


def _hubspot(rows: DayRows, at: int, now_ms: int) -> Request:
    body = msgspec.json.encode([_change(rows, row) for row in range(at, at + EVENTS_A_DELIVERY)])
    host, path, time = "in.example.com", "/v1/in/hubspot", str(now_ms)
    message = f"POSThttps://{host}{path}".encode() + body + time.encode()
    headers = {
        "host": host,
        "content-type": "application/json",
        "x-hubspot-request-timestamp": time,
        "x-hubspot-signature-v3": b64encode(
            hmac.digest(_SECRET.encode(), message, "sha256")
        ).decode(),
    }
    return Request("POST", path, headers, body, "request")


def _change(rows: DayRows, row: int) -> dict[str, object]:
    return {
        "eventId": int(rows.ids[row][0] >> 11),
        "subscriptionId": 1,
        "portalId": 7,
        "appId": 3,
        "occurredAt": int(rows.times_ms[row]),
        "subscriptionType": "deal.propertyChange",
        "attemptNumber": 0,
        "objectId": int(rows.record[row]),
        "changeSource": "CRM_UI",
        "sourceId": f"userId:{rows.user[row]}",
        "propertyName": "dealstage",
        "propertyValue": f"stage {row % 7}",
    }


def _iso(instant_ms: int) -> str:
    return datetime.fromtimestamp(instant_ms / 1000, UTC).isoformat(timespec="milliseconds")
