"""Single events, stored at once, beside waiting in the delivery queue to be packed together."""

from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final, cast

from botocore.session import get_session

from benchmarks.ingestion import HEADERS, BenchStore, bodies_of, measured
from benchmarks.report import Report
from benchmarks.stub_dynamodb import Bill, stubbed_dynamodb
from benchmarks.workload import day_rows
from functions.ingest.delivery_queue import DeliveryQueue, SqsDeliveryQueue
from functions.ingest.packing import Message, Packing
from functions.ingest.pipeline import Ingest
from functions.ingest.requests import Request

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

BATCHES: Final = (10, 100, 1_000)


class _Kept:
    """A queue that remembers its messages."""

    def __init__(self, queue: DeliveryQueue) -> None:
        self._queue = queue
        self.texts: list[str] = []

    def send(self, name: str, text: str) -> None:
        """Put a message."""
        self._queue.send(name, text)
        self.texts.append(text)


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print the table."""
    events = 1_000 if quick else 2_000
    rows = day_rows(0, events, 500)
    now_ms = int(rows.times_ms.max()) + 60_000
    bodies = bodies_of(rows, 1, events)
    with stubbed_dynamodb() as bill:
        store = _store(now_ms)
        direct_ms, direct = measured(bill, partial(_take, store, now_ms, bodies, None))
    table: list[tuple[object, ...]] = [_row("at once", direct_ms, 0.0, direct, events)]
    for batch in BATCHES:
        with stubbed_dynamodb() as bill:
            store = _store(now_ms)
            sqs = cast("SQSClient", get_session().create_client("sqs"))
            queue = _Kept(SqsDeliveryQueue(sqs, "https://sqs.example.com/1/deliveries"))
            front_ms, front = measured(bill, partial(_take, store, now_ms, bodies, queue))
        texts = queue.texts[:events]
        with stubbed_dynamodb() as bill:
            pack = partial(_pack, _store(now_ms), now_ms, texts, batch)
            batch_ms, back = measured(bill, pack)
        front.bytes += back.bytes
        front.write_units += back.write_units
        table.append(_row(f"packed by {batch:,}", front_ms, batch_ms, front, events))
    head = ("single events", "before the answer µs", "after it µs", "write units", "bytes")
    report.table("Single events, at once and by the delivery queue, per event", head, table)


def _row(
    name: str, front_ms: float, batch_ms: float, bill: Bill, events: int
) -> tuple[object, ...]:
    return (
        name,
        front_ms / events * 1e3,
        batch_ms / events * 1e3,
        bill.write_units / events,
        bill.bytes / events,
    )


def _store(now_ms: int) -> BenchStore:
    return BenchStore("events", "metrics", region="eu-central-1", clock=lambda: now_ms)


def _take(store: BenchStore, now_ms: int, bodies: list[bytes], queue: DeliveryQueue | None) -> None:
    ingest = Ingest(store, lambda: now_ms, queue=queue)
    for number, body in enumerate(bodies):
        request = Request("POST", "/v1/events", HEADERS, body, f"{number:08x}-request")
        response = ingest.respond(request)
        if response.status != 200:
            raise AssertionError(response.document)


def _pack(store: BenchStore, now_ms: int, texts: list[str], batch: int) -> None:
    packing = Packing(store, lambda: now_ms, _stop)
    ids = count()
    for start in range(0, len(texts), batch):
        some = texts[start : start + batch]
        packing.store([Message(str(next(ids)), text, now_ms, 1) for text in some])


def _stop(message_id: str, error: Exception) -> None:
    raise AssertionError(message_id) from error
