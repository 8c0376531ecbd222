"""Senders of several formats, and everyone who takes in what they send, on a store that fails and
machines that die: ingests, the delivery queue, replays of quarantine, folds and sweeps.
"""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any

from functions.aggregate.queue import LocalQueue
from functions.aggregate.tasks import dispatch, sweep, work
from functions.ingest.delivery_queue import delivery_of
from functions.ingest.packing import Message, Packing
from functions.ingest.pipeline import Ingest
from functions.ingest.queues import Settling
from functions.ingest.replaying import Replayer
from functions.ingest.requests import Request
from functions.ingest.store_queue import StoreQueue
from functions.ingest.wire_formats import wire_format
from shared.metrics.columns.packs import read_events
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import event_id_from_sender
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.source_admin import SourceAdmin
from shared.metrics.storage.ports import Store, Table
from shared.metrics.storage.quarantine import Quarantine
from shared.metrics.storage.replays import Replays, Wanted
from shared.metrics.storage.sources import Source, SourceStore, key_digest
from tests.builders import DAY_MS, MINUTE_MS, SOURCE
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Chance, CrashError
from tests.faults.world import MIDNIGHT_MS, SECRET, TENANT, Clock, World

FOREVER = 1 << 60
SEGMENT = "segment"
_PIPEDRIVE = Path(__file__).parent.parent / "fixtures" / "pipedrive" / "deal_change.json"
_BAD: tuple[dict[str, Any], ...] = ({"feature": None}, {"user_id": None}, {"signal": "LOUD"})


@dataclass(frozen=True)
class Row:
    """A row: the id of its event, a text that only it has, and whether it can ever be stored."""

    event_id: bytes
    name: str
    is_good: bool


@dataclass(frozen=True, eq=False)
class Delivery:
    """What a sender sends, and again until it is acknowledged."""

    request: Callable[[str], Request]
    rows: tuple[Row, ...]


class Intake:
    """One run. Nothing fails unless `chance` says so."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.clock = Clock(MIDNIGHT_MS)
        self.store = MemoryStore(self.clock)
        shards = self.random.choice((1, 1, 4))
        self.world = World(self.store, self.clock, pack_shards=shards)
        self.chance = Chance(self.random)
        self.queues = self.random.random() < 0.5
        self.deliveries: list[Delivery] = []
        self.waiting: list[Delivery] = []
        self.acknowledged: Counter[Delivery] = Counter()
        self.names = 0
        self.requests = 0
        digest = key_digest(SECRET)
        SourceStore(self.store).add(
            Source(
                source_id=SEGMENT,
                tenant=TENANT,
                kind=SourceKind.SEGMENT,
                key_digest=digest,
                created_at_ms=0,
            )
        )
        admin = SourceAdmin(SourceStore(self.store), self.world.box, TENANT, self.clock)
        pipedrive = admin.create(SourceKind.PIPEDRIVE, secret=None, settings={})
        self.pipedrive, self.secret = pipedrive.source.source_id, pipedrive.secret
        self.restart()

    def restart(self) -> None:
        """All processes begin anew."""
        store = self.failing_store()
        queue = StoreQueue(self.failing_store(), self.clock) if self.queues else None
        self.ingest = Ingest(store, self.clock, box=self.world.box, queue=queue)
        self.services = self.world.services(self.failing_store())
        self.folds = LocalQueue()

    def failing_store(self) -> Store:
        page = self.random.choice((2, 99))
        probes = {"before": self.chance, "after": self.chance}
        return ProbedStore(self.store, random=self.random, page=page, **probes)

    def run(self, *, may_fail: bool = True) -> None:
        """Let everything happen in any order; then nothing fails any more, and all is settled."""
        if may_fail:
            self.chance.failing = self.random.choice((0.0, 0.01, 0.1))
            self.chance.crashing = self.random.choice((0.0, 0.01, 0.03))
        doings = [self.send_new] * 4 + [self.send_waiting] * 3 + [self.fold] * 2
        doings += [self.send_again, self.sweep, self.replay, self.replay, self.drain, self.drain]
        for _ in range(self.random.randint(10, 40)):
            self.attempt(self.random.choice(doings))
            self.clock.now_ms += self.random.choice((0, 1, 20_000, MINUTE_MS, 20 * MINUTE_MS))
        if self.random.random() < 0.2:
            self.check_nothing_is_missing()
        self.chance.failing = self.chance.crashing = 0.0
        while self.waiting:
            self.send_waiting()
        StoreQueue(self.store, self.clock).redrive()
        self.drain(most=FOREVER)
        self.clock.now_ms += DAY_MS
        self.replay()
        self.world.fold()

    def attempt(self, doing: Callable[[], None]) -> None:
        try:
            doing()
        except StorageUnavailableError:
            pass
        except CrashError:
            self.restart()

    # --- senders ---

    def send_new(self) -> None:
        make = self.random.choice((self.native, self.native, self.segment, self.from_pipedrive))
        self.deliveries.append(make())
        self.waiting.append(self.deliveries[-1])
        self.send(self.deliveries[-1])

    def send_waiting(self) -> None:
        if self.waiting:
            self.send(self.random.choice(self.waiting))

    def send_again(self) -> None:
        if self.deliveries:
            self.send(self.random.choice(self.deliveries))

    def send(self, delivery: Delivery) -> None:
        self.requests += 1
        response = self.ingest.respond(delivery.request(f"request-{self.requests}"))
        if response.status != HTTPStatus.OK:
            assert response.status == HTTPStatus.SERVICE_UNAVAILABLE, response
            return
        self.acknowledged[delivery] += 1
        if delivery in self.waiting:
            self.waiting.remove(delivery)

    def some_time_ms(self) -> int:
        """Around now: often in the past, sometimes too far in the future for now."""
        minutes = self.random.choice((-90, -30, -5, 0, 0, 7, 45))
        return self.clock.now_ms + minutes * MINUTE_MS

    def new_name(self) -> str:
        self.names += 1
        return f"name-{self.names:05d}"

    def native(self) -> Delivery:
        documents, rows = [], []
        for _ in range(self.random.randint(1, 8)):
            name = self.new_name()
            fields: dict[str, Any] = {
                "event_id": name,
                "user_id": self.random.choice("ab"),
                "occurred_at": self.some_time_ms(),
                "feature": "Leads",
            }
            is_good = self.random.random() < 0.8
            fields |= {} if is_good else self.random.choice(_BAD)
            documents.append({key: value for key, value in fields.items() if value is not None})
            rows.append(Row(event_id_from_sender(SOURCE, name), name, is_good))
        return self.post("/v1/events", {"events": documents}, f"Bearer {SOURCE}.{SECRET}", rows)

    def segment(self) -> Delivery:
        calls, rows = [], []
        for _ in range(self.random.randint(1, 8)):
            name = self.new_name()
            is_good = self.random.random() < 0.8
            call = {
                "type": "track" if is_good else "dance",
                "messageId": name,
                "userId": self.random.choice("ab"),
                "event": "Leads",
                "timestamp": _iso(self.some_time_ms()),
            }
            calls.append(call)
            rows.append(Row(event_id_from_sender(SEGMENT, name), name, is_good))
        key = b64encode(f"{SEGMENT}.{SECRET}:".encode()).decode()
        return self.post("/v1/batch", {"batch": calls}, f"Basic {key}", rows)

    def from_pipedrive(self) -> Delivery:
        name = self.new_name()
        document = json.loads(_PIPEDRIVE.read_bytes())
        document["meta"] |= {"id": name, "timestamp": _iso(self.some_time_ms())}
        key = b64encode(f"metrics:{self.secret}".encode()).decode()
        path = f"/v1/in/{self.pipedrive}"
        made = self.post(path, document, f"Basic {key}", [])
        request = made.request("")
        (row,) = wire_format(SourceKind.PIPEDRIVE).parse(request, request.body, 0).rows
        assert row.sender_key is not None
        event_id = event_id_from_sender(self.pipedrive, row.sender_key)
        return Delivery(made.request, (Row(event_id, name, is_good=True),))

    def post(self, path: str, document: object, key: str, rows: list[Row]) -> Delivery:
        body = json.dumps(document).encode()
        headers = {"authorization": key, "content-type": "application/json"}
        return Delivery(lambda name: Request("POST", path, headers, body, name), tuple(rows))

    # --- those who take it in ---

    def drain(self, most: int = 5) -> None:
        """Store what waits in the queue; some of it is handed out twice."""
        queue = StoreQueue(self.failing_store(), self.clock)
        packing = Packing(self.failing_store(), self.clock, lambda _id, _error: None)
        batch = queue.take(most)
        failed = packing.store(
            [Message(each.name, each.text, each.sent_ms, each.receives + 1) for each in batch]
        )
        queue.finish([each for each in batch if each.name not in failed])
        queue.put_back([each for each in batch if each.name in failed])
        Settling(self.failing_store(), self.clock).look(queue)

    def replay(self) -> None:
        store = self.failing_store()
        replays = Replays(store, TENANT, self.clock)
        replays.ask(Wanted(reason=self.random.choice((None, None, "in_the_future"))), "ann")
        Replayer(store, self.clock).run(FOREVER)

    def fold(self) -> None:
        dispatch(self.services, self.folds)
        for message in self.folds.take(self.random.randint(1, 9)):
            work(self.services, message)

    def sweep(self) -> None:
        sweep(self.services)

    # --- what there is afterwards ---

    def stored_ids(self) -> Counter[bytes]:
        """The event of every row in packs; a pack that was put again counts once."""
        packs = {
            (item.key.partition, item.key.sort.partition("#")[2]): item.body
            for item in self.store.everything()
            if item.key.table is Table.EVENTS and item.key.partition.startswith("packs#")
        }
        return Counter(event.event_id for body in packs.values() for event in read_events(body))

    def queued_ids(self) -> set[bytes]:
        texts = [
            item.body.decode()
            for item in self.store.everything()
            if item.key.partition in ("deliveries", "dead-deliveries")
        ]
        return {event.event_id for text in texts for event in delivery_of(text).events}

    def quarantined(self) -> list[bytes]:
        """The originals of the rows in quarantine."""
        return [row.original for row in Quarantine(self.store, TENANT).all_rows()]

    def check_nothing_is_missing(self) -> None:
        """Every row of an acknowledged delivery is somewhere."""
        stored = self.stored_ids().keys() | self.queued_ids()
        originals = b"\n".join(self.quarantined())
        for delivery in self.acknowledged:
            for row in delivery.rows:
                assert row.event_id in stored or row.name.encode() in originals, row


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
