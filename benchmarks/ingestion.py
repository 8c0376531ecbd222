"""Ingest, from a request's bytes to what DynamoDB has confirmed, beside an item per event.

The alternative does what most such systems do: parse and validate, then write each event as one
item through a pynamodb model, in batches of 25.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from benchmarks.report import Report, cpu_ms
from benchmarks.stub_dynamodb import Bill, stubbed_dynamodb
from benchmarks.workload import PATHS, DayRows, day_rows, user_id
from functions.ingest.pipeline import Ingest
from functions.ingest.requests import Request
from functions.ingest.sources.native import NativeRow
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.dynamodb import DynamoStore
from shared.metrics.storage.keys import source_key, tenant_key
from shared.metrics.storage.ports import Item, Key
from shared.metrics.storage.sources import Source, key_digest
from shared.metrics.storage.tenants import Tenant

DELIVERIES: Final = (1, 5, 100)
TENANT: Final = "bench"
HEADERS: Final = {"authorization": "Bearer source.secret", "content-type": "application/json"}
_SETTINGS: Final = {
    tenant_key(TENANT): msgspec.json.encode(Tenant(name=TENANT, time_zone="Europe/Berlin")),
    source_key("source"): msgspec.json.encode(
        Source(
            source_id="source",
            tenant=TENANT,
            kind=SourceKind.NATIVE,
            key_digest=key_digest("secret"),
            created_at_ms=0,
        )
    ),
}


class BenchStore(DynamoStore):
    """The DynamoDB adapter, with settings at hand that the stub does not have."""

    def get(self, key: Key) -> Item | None:
        """Settings are read once a minute by a warm process."""
        return Item(key, _SETTINGS[key]) if key in _SETTINGS else super().get(key)


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print the table."""
    from benchmarks import handling, queued_ingestion

    events = 5_000 if quick else 20_000
    rows = day_rows(0, events, 500)
    now_ms = int(rows.times_ms.max()) + 60_000
    table = []
    for delivery in DELIVERIES:
        bodies = bodies_of(rows, delivery, events if delivery > 5 else events // 10)
        count = sum(len(msgspec.json.decode(body)["events"]) for body in bodies)
        parse_ms, _ = cpu_ms(partial(_parse, bodies), 3)
        with stubbed_dynamodb() as bill:
            store = BenchStore("events", "metrics", region="eu-central-1", clock=lambda: now_ms)
            ours_ms, ours = measured(bill, partial(_ours, store, now_ms, bodies))
        with stubbed_dynamodb() as bill:
            items_ms, items = measured(bill, partial(_an_item_each, bodies))
        table.append(
            (
                delivery,
                parse_ms / count * 1e3,
                ours_ms / count * 1e3,
                items_ms / count * 1e3,
                f"{items_ms / ours_ms:.1f} ×",
                ours.write_units / count,
                items.write_units / count,
                ours.bytes / count,
                items.bytes / count,
            )
        )
    head = ("a delivery", "JSON alone µs", "ours µs", "item per event µs", "items ÷ ours")
    costs = ("ours write units", "items write units", "ours bytes", "items bytes")
    report.table("Ingest, per event", (*head, *costs), table)
    hundreds = bodies_of(rows, handling.EVENTS_A_DELIVERY, events)
    handling.run(report, rows, events, now_ms, hundreds)
    queued_ingestion.run(report, quick)


def _parse(bodies: list[bytes]) -> None:
    for body in bodies:
        msgspec.json.decode(body)


def measured(bill: Bill, action: Callable[[], None]) -> tuple[float, Bill]:
    """CPU of uncounted runs, then the bill of one counted run."""
    action()
    milliseconds, _ = cpu_ms(action, 3)
    bill.counting = True
    action()
    return milliseconds, bill


def _ours(store: DynamoStore, now_ms: int, bodies: list[bytes]) -> None:
    ingest = Ingest(store, lambda: now_ms)
    for number, body in enumerate(bodies):
        response = ingest.respond(
            Request("POST", "/v1/events", HEADERS, body, f"{number:08x}-request")
        )
        if response.status != 200:
            raise AssertionError(response.document)


class EventItem(Model):
    """An event as one item."""

    class Meta:
        """Where the items go."""

        table_name = "items"
        region = "eu-central-1"

    tenant = UnicodeAttribute(hash_key=True)
    sort = UnicodeAttribute(range_key=True)
    user_id = UnicodeAttribute()
    feature = UnicodeAttribute(null=True)
    property = UnicodeAttribute(null=True)
    action = UnicodeAttribute()
    record_id = UnicodeAttribute(null=True)
    signal = UnicodeAttribute()
    actor_kind = UnicodeAttribute()
    occurred_at_ms = NumberAttribute()


def _an_item_each(bodies: list[bytes]) -> None:
    decoder = msgspec.json.Decoder(dict[str, list[NativeRow]])
    for body in bodies:
        with EventItem.batch_write() as batch:
            for row in decoder.decode(body)["events"]:
                batch.save(_item(row))


def _item(row: NativeRow) -> EventItem:
    at = row.occurred_at
    occurred_ms = at if isinstance(at, int) else int(at.timestamp() * 1000)
    return EventItem(
        f"{TENANT}#{datetime.fromtimestamp(occurred_ms / 1000, UTC).date()}",
        f"{occurred_ms}#{row.event_id}",
        user_id=row.user_id,
        feature=row.feature,
        property=row.property,
        action=row.action,
        record_id=row.record_id,
        signal=row.signal,
        actor_kind=row.actor_kind,
        occurred_at_ms=occurred_ms,
    )


def bodies_of(rows: DayRows, delivery: int, events: int) -> list[bytes]:
    """The bodies of deliveries of so many events each."""
    documents = [_document(rows, row) for row in range(events)]
    return [
        msgspec.json.encode({"events": documents[at : at + delivery]})
        for at in range(0, events, delivery)
    ]


def _document(rows: DayRows, row: int) -> dict[str, Any]:
    feature, prop, _, action = PATHS[int(rows.path[row])]
    at = datetime.fromtimestamp(int(rows.times_ms[row]) / 1000, UTC)
    return {
        "event_id": rows.ids[row].tobytes().hex(),
        "user_id": user_id(int(rows.user[row])),
        "occurred_at": at.isoformat(timespec="milliseconds"),
        "feature": feature or None,
        "property": prop or None,
        "action": action,
        "record_id": f"record-{rows.record[row]}",
    }
