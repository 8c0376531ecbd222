"""received = stored + duplicates + quarantined, whatever fails or dies (docs/events.md)."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest

from functions.aggregate.queue import LocalQueue
from functions.aggregate.tasks import dispatch, sweep, work
from functions.ingest.pipeline import Ingest
from shared.metrics.columns.packs import read_pack
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.storage.ports import Store
from tests.builders import DAY_MS, MINUTE_MS, event, row_of, upserted
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Chance, CrashError
from tests.faults.published import answered_hits, figures_of, published_figures
from tests.faults.world import MIDNIGHT_MS, NOON_MS, TODAY, Clock, World

SPAN = Window(TODAY - timedelta(days=2), TODAY)
BATCHES = 10
CASES_A_BATCH = 500 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 20
BAD_ROWS = (
    {"feature": None},
    {"user_id": None},
    {"occurred_at": "2026-11-22T12:00:00"},
    {"occurred_at": 0},
    {"tenant": "globex"},
    {"signal": "LOUD"},
)


@dataclass(frozen=True)
class Delivery:
    """Rows that a sender sends together, and again until they are acknowledged."""

    events: tuple[Event, ...]
    rows: tuple[object, ...]

    @property
    def bad(self) -> int:
        """How many of its rows are bad."""
        return len(self.rows) - len(self.events)


class Trial:
    """A sender, an ingest, a fold and a sweep, on a store that fails and machines that die."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.clock = Clock()
        self.store = MemoryStore(self.clock)
        self.world = World(self.store, self.clock)
        self.chance = Chance(self.random)
        self.sent: list[Delivery] = []
        self.waiting: list[Delivery] = []
        self.acknowledged: set[Event] = set()
        self.accepted: Counter[str] = Counter()
        self.restart()

    def restart(self) -> None:
        """All processes begin anew."""
        self.ingest = Ingest(self.failing_store(), self.clock)
        self.services = self.world.services(self.failing_store())
        self.queue = LocalQueue()

    def failing_store(self) -> Store:
        page = self.random.choice((2, 99))
        probes = {"before": self.chance, "after": self.chance}
        return ProbedStore(self.store, random=self.random, page=page, **probes)

    def run(self) -> None:
        """Let everything happen in any order; then nothing fails any more, and all is settled."""
        self.chance.failing = self.random.choice((0.0, 0.01, 0.1))
        self.chance.crashing = self.random.choice((0.0, 0.01, 0.03))
        doings = [self.send_new] * 3 + [self.send_waiting] * 3 + [self.fold] * 3
        doings += [self.send_again, self.sweep, self.read]
        for _ in range(self.random.randint(10, 40)):
            self.attempt(self.random.choice(doings))
            self.clock.now_ms += self.random.choice((0, 1, 20_000, MINUTE_MS, 20 * MINUTE_MS))
        self.chance.failing = self.chance.crashing = 0.0
        while self.waiting:
            self.send_waiting()
        self.world.fold()

    def attempt(self, doing: Callable[[], None]) -> None:
        try:
            doing()
        except StorageUnavailableError:
            pass
        except CrashError:
            self.restart()

    def send_new(self) -> None:
        events = tuple(self.some_event() for _ in range(self.random.randint(0, 5)))
        good = [row_of(each) for each in events]
        bad = [
            {**row_of(event(NOON_MS)), **fields} for fields in self.random.choices(BAD_ROWS, k=2)
        ]
        rows = [*good, *bad[: self.random.randint(0, 2)]]
        self.random.shuffle(rows)
        self.sent.append(Delivery(events, tuple(rows)))
        self.waiting.append(self.sent[-1])
        self.send(self.sent[-1])

    def some_event(self) -> Event:
        draw = self.random
        at_ms = MIDNIGHT_MS - draw.choice((0, DAY_MS)) + draw.randint(-90, 90) * MINUTE_MS
        if draw.random() < 0.1:
            return upserted(at_ms, draw.choice("ab"), country=draw.choice(("DE", "FR")))
        return event(at_ms, draw.choice("ab"), action=draw.choice(("use", "login", "logout")))

    def send_waiting(self) -> None:
        if self.waiting:
            self.send(self.random.choice(self.waiting))

    def send_again(self) -> None:
        if self.sent:
            self.send(self.random.choice(self.sent))

    def send(self, delivery: Delivery) -> None:
        request = self.world.request(delivery.rows)
        kept = len(self.world.quarantine())
        response = self.ingest.respond(request)
        newly_kept = len(self.world.quarantine()) - kept
        if response.status != 200:
            assert response.status == 503
            assert newly_kept in (0, delivery.bad)
            return
        assert newly_kept == delivery.bad
        assert isinstance(response.document, dict)
        counts = [response.document[name] for name in ("received", "accepted", "quarantined")]
        assert counts == [len(delivery.rows), len(delivery.events), delivery.bad]
        self.accepted[request.request_id] = len(delivery.events)
        self.acknowledged.update(delivery.events)
        if delivery in self.waiting:
            self.waiting.remove(delivery)

    def fold(self) -> None:
        dispatch(self.services, self.queue)
        for message in self.queue.take(self.random.randint(1, 9)):
            work(self.services, message)

    def sweep(self) -> None:
        sweep(self.services)

    def read(self) -> None:
        """Nothing that was acknowledged is missing, and nothing is counted twice."""
        least = figures_of(self.acknowledged).hits_by_person()
        sent = {each for delivery in self.sent for each in delivery.events}
        most = figures_of(sent).hits_by_person()
        assert least <= answered_hits(self.world.services(), SPAN) <= most


def folded_rows(world: World) -> int:
    """Rows and duplicates of everything that is published."""
    manifests = world.data().manifests.all().values()
    return sum(manifest.rows + manifest.duplicates for manifest in manifests)


def rows_in_packs(store: MemoryStore) -> Counter[str]:
    """The rows in the store by the request that they came with; a pack counts once."""
    packs: dict[tuple[str, str], tuple[str, int]] = {}
    for item in store.everything():
        if item.key.partition.startswith("packs#"):
            name = item.key.sort.partition("#")[2]
            rows = read_pack(item.body).rows
            packs[item.key.partition, name] = name.partition("#")[2], rows
    by_request: Counter[str] = Counter()
    for request_id, rows in packs.values():
        by_request[request_id] += rows
    return by_request


def fold_every_pack(world: World) -> None:
    """Fold again whatever has packs, also those of requests that were never acknowledged."""
    units = {
        item.key.partition.split("#")[3]
        for item in world.store.everything()  # type: ignore[attr-defined]
        if item.key.partition.startswith("packs#")
    }
    for unit in units:
        world.data().units.mark_minute(unit, world.clock.now_ms // MINUTE_MS + 1_000)
    world.fold()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_row_is_stored_or_a_duplicate_or_in_quarantine(batch: int) -> None:
    for seed in range(batch * CASES_A_BATCH, (batch + 1) * CASES_A_BATCH):
        trial = Trial(seed)
        trial.run()
        world = trial.world
        sent = {each for delivery in trial.sent for each in delivery.events}
        assert trial.acknowledged == sent
        assert published_figures(world.data()) == figures_of(sent), f"seed {seed}"

        in_packs = rows_in_packs(trial.store)
        stored = {name: in_packs[name] for name in trial.accepted}
        assert stored == trial.accepted, f"seed {seed}"
        fold_every_pack(world)
        assert folded_rows(world) == sum(in_packs.values()), f"seed {seed}"
        assert published_figures(world.data()) == figures_of(sent), f"seed {seed}"
