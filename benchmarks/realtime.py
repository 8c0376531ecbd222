"""From the acknowledgement of an event to the answer that counts it, end to end on one machine:
real handlers, SQLite with its syncs to the disk, GraphQL. In milliseconds of the clock, not of CPU.

Every measured answer must count the event that was acknowledged just before it was asked for.
"""

import json
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from benchmarks.report import Report
from devstack.deliveries import store_waiting
from devstack.stack import LocalStack

UNFOLDED: Final = (0, 1_000, 20_000)
_TRENDS: Final = (
    "{ trends(preset: LAST_7_DAYS, includeToday: true) { asOf watermark totals { hits } } }"
)


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print the tables."""
    runs = 10 if quick else 50
    table = []
    for unfolded in UNFOLDED[:2] if quick else UNFOLDED:
        with tempfile.TemporaryDirectory() as folder, LocalStack(Path(folder)) as stack:
            key = _begun(stack, unfolded)
            acks, answers = zip(
                *(_one(stack, key, unfolded + at) for at in range(runs)), strict=True
            )
        table.append((unfolded, *_figures(acks), *_figures(answers), runs, runs))
    head = ("unfolded events today", "acknowledged after", "worst", "answered after", "worst")
    report.table(
        "Real time: an event alone, then the next answer (ms)",
        (*head, "answers", "answers that count it"),
        table,
    )
    _queued(report, runs)


def _queued(report: Report, runs: int) -> None:
    """The same where single events wait in the delivery queue."""
    rows = []
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalStack(Path(folder), queues_deliveries=True) as stack,
    ):
        key = _begun(stack, 0)
        for at in range(runs):
            before = _hits(stack)[0]
            began = time.perf_counter()
            _send(stack, key, [f"q{at}"])
            acked = time.perf_counter()
            hits, behind_ms = _hits(stack)
            if hits != before or behind_ms <= 0:
                raise AssertionError("what waits is not counted, and the watermark says so")
            began_storing = time.perf_counter()
            store_waiting(stack.services)
            stored = time.perf_counter()
            if _hits(stack)[0] != before + 1:
                raise AssertionError("what was stored is counted")
            rows.append(((acked - began) * 1e3, (stored - began_storing) * 1e3))
    acks, storing = zip(*rows, strict=True)
    report.table(
        "Real time by the delivery queue (ms); it is emptied every 5 seconds",
        ("acknowledged after", "worst", "emptied in", "worst"),
        [(*_figures(acks), *_figures(storing))],
    )


def _begun(stack: LocalStack, unfolded: int) -> str:
    stack.create_tenant("bench", "UTC")
    key = stack.create_source("bench", "native").secret
    for start in range(0, unfolded, 500):
        _send(stack, key, [f"e{start + at}" for at in range(min(500, unfolded - start))])
    return key


def _one(stack: LocalStack, key: str, before: int) -> tuple[float, float]:
    began = time.perf_counter()
    _send(stack, key, [f"e{before}"])
    acked = time.perf_counter()
    hits, _ = _hits(stack)
    answered = time.perf_counter()
    if hits != before + 1:
        raise AssertionError(f"{hits} hits are answered after {before + 1} are acknowledged")
    return (acked - began) * 1e3, (answered - acked) * 1e3


def _send(stack: LocalStack, key: str, names: Sequence[str]) -> None:
    now_ms = stack.services.clock()
    rows = [
        {
            "event_id": name,
            "user_id": f"user-{hash(name) % 500}",
            "occurred_at": now_ms,
            "feature": "f",
        }
        for name in names
    ]
    reply = stack.ingest(json.dumps({"events": rows}).encode(), key)
    if reply.status != 200:
        raise AssertionError(reply)


def _hits(stack: LocalStack) -> tuple[int, float]:
    """The hits that are answered, and how far behind the answer says it is, in milliseconds."""
    trends = stack.query(_TRENDS, "bench").document["data"]["trends"]
    behind = datetime.fromisoformat(trends["asOf"]) - datetime.fromisoformat(trends["watermark"])
    return trends["totals"]["hits"], behind.total_seconds() * 1e3


def _figures(values: Sequence[float]) -> tuple[float, float]:
    return sorted(values)[len(values) // 2], max(values)
