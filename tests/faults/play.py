"""A play: ingests, folds, sweeps and readers of the same days, step by step and in any order.

In some plays the store fails now and then, and processes die.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from itertools import combinations
from random import Random
from typing import NamedTuple

import msgspec

from functions.aggregate.queue import LocalQueue
from functions.aggregate.tasks import dispatch, sweep, work
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.services import Services
from shared.metrics.storage.manifests import read_manifest
from shared.metrics.storage.ports import Item, Store
from shared.metrics.storage.tenants import Tenant
from tests.builders import DAY_MS, MINUTE_MS, event, row_of
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Chance, CrashError
from tests.faults.published import Figures, answered_hits, answered_totals, figures_of
from tests.faults.schedule import Schedule
from tests.faults.world import MIDNIGHT_MS, TODAY, Clock, World
from tests.oracles.local_days import day_of

SPAN = Window(TODAY - timedelta(days=2), TODAY)
SKEWS_MINUTES = (-4, -1, 0, 1, 4)
ACTIONS = ("use", "use", "login", "logout", "heartbeat")
MOST_PENDING = 7


class Rules(NamedTuple):
    """What days are cut and sessions are made by."""

    time_zone: str = "UTC"
    session_timeout_minutes: int = 15

    def figures(self, events: Iterable[Event]) -> Figures:
        """What events come to by these rules."""
        timeout_ms = self.session_timeout_minutes * MINUTE_MS
        return figures_of(events, self.time_zone, timeout_ms=timeout_ms)


class WatchedStore(MemoryStore):
    """Sees to it that no manifest takes back what an earlier one had, and no older generation is
    served again.
    """

    def put_many(self, items: Iterable[Item]) -> None:
        batch = list(items)
        for item in batch:
            before = self.get(item.key)
            if before is not None and item.key.partition.startswith("manifest#"):
                new, old = read_manifest(item.body), read_manifest(before.body)
                assert new.folded_through >= old.folded_through
            if before is not None and item.key.partition == "tenants":
                after, was = (
                    msgspec.json.decode(body, type=Tenant) for body in (item.body, before.body)
                )
                assert after.generation >= was.generation
                assert after.last_generation >= was.last_generation
        super().put_many(batch)


class Play:
    """Some deliveries of events around two midnights, and everyone who handles them."""

    rounds_of_folds = 3

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        clock = Clock()
        # Case 36: the packs of a day may lie in several partitions.
        self.world = World(WatchedStore(clock), clock, pack_shards=self.random.choice((1, 1, 3)))
        self.schedule = Schedule(self.random, switching=self.random.choice((0.05, 0.2, 0.6, 1.0)))
        self.chance = Chance(self.random)
        if self.random.random() < 0.3:
            self.chance.failing = self.chance.crashing = 0.01
        self.rules = [Rules()]
        """Those that may be served by now, those asked for last at the end."""
        self.sent: set[Event] = set()
        self.acknowledged: set[Event] = set()
        sizes = [self.random.randint(1, 4) for _ in range(self.random.randint(4, 10))]
        self.deliveries = [[self.some_event() for _ in range(size)] for size in sizes]

    def some_event(self) -> Event:
        draw = self.random
        minutes = draw.choice((draw.randint(-20, 20), draw.randint(-500, 500)))
        at_ms = MIDNIGHT_MS - draw.choice((0, DAY_MS)) + minutes * MINUTE_MS
        user_id, feature = draw.choice(("ann", "bob", "cem")), draw.choice(("leads", "deals"))
        return event(at_ms, user_id, feature, action=draw.choice(ACTIONS))

    def run(self) -> None:
        """Play to the end, and then fold what is still dirty."""
        folders = {"fold 1": self.fold, "fold 2": self.fold, "read": self.read}
        if self.random.random() < 0.4:
            self.ingest(self.deliveries)
            self.schedule.run({**folders, **self.others()})
        else:
            repeated = [*self.deliveries, *self.random.sample(self.deliveries, 3)]
            half = len(self.deliveries) // 2
            ingests = {
                "ingest 1": lambda: self.ingest(repeated[:half]),
                "ingest 2": lambda: self.ingest(repeated[half:]),
            }
            self.schedule.run({**ingests, **folders, "sweep": self.sweep, **self.others()})
        self.world.fold()
        if self.chance.crashing:
            sweep(self.world.services())
            self.world.fold()

    def others(self) -> dict[str, Callable[[], None]]:
        """Who else takes part."""
        return {}

    def ingest(self, deliveries: Iterable[list[Event]]) -> None:
        process = self.world.ingest(self.store(), self.clock())
        for events in deliveries:
            self.sent.update(events)
            rows = [row_of(each) for each in events]
            status = 0
            while status != HTTPStatus.OK:
                try:
                    status = process.respond(self.world.request(rows)).status
                except CrashError:
                    process = self.world.ingest(self.store(), self.clock())
            self.acknowledged.update(events)
            self.schedule.pause()

    def fold(self) -> None:
        queue = LocalQueue()
        for _ in range(self.rounds_of_folds):
            process = self.world.services(self.store(), self.clock())
            with suppress(StorageUnavailableError, CrashError):
                dispatch(process, queue)
                messages = queue.take(100)
                self.random.shuffle(messages)
                for message in messages:
                    work(process, message)
            self.schedule.pause()

    def sweep(self) -> None:
        with suppress(StorageUnavailableError, CrashError):
            sweep(self.world.services(self.store(), self.clock()))

    def read(self) -> None:
        page = self.random.choice((1, 2, 99))
        store = ProbedStore(self.world.store, before=lambda step: self.step(), page=page)
        process = self.world.services(store, self.world.clock)
        for _ in range(4):
            self.check_trends(process)
            self.check_people(process)
            self.schedule.pause()

    def check_trends(self, process: Services) -> None:
        """The answer is that of everything acknowledged, and some of what was under way."""
        acknowledged = set(self.acknowledged)
        found = answered_totals(process, SPAN)
        pending = [part for part in self.parts() if part <= self.sent and not part <= acknowledged]
        if len(pending) <= MOST_PENDING:
            assert any(
                found == rules.figures(state).totals_of(SPAN)
                for rules in self.rules
                for state in states(acknowledged, pending)
            )

    def parts(self) -> set[frozenset[Event]]:
        """The events of each delivery that go into the same pack, whatever the rules."""
        zones = {rules.time_zone for rules in self.rules}
        found: dict[tuple[object, ...], set[Event]] = defaultdict(set)
        for number, events in enumerate(self.deliveries):
            for each in events:
                days = (day_of(zone, each.occurred_at_ms) for zone in sorted(zones))
                found[number, *days].add(each)
        return set(map(frozenset, found.values()))

    def check_people(self, process: Services) -> None:
        """Nothing that was acknowledged is missing, and nothing is counted twice."""
        least = figures_of(self.acknowledged).hits_by_person()
        found = answered_hits(process, SPAN)
        assert least <= found <= figures_of(self.sent).hits_by_person()

    def store(self) -> Store:
        """The store as one writer sees it, who may be held up at every step."""
        page = self.random.choice((1, 2, 99))

        def before(step: str) -> None:
            self.step()
            self.chance(step)

        return ProbedStore(
            self.world.store, before=before, after=self.chance, random=self.random, page=page
        )

    def clock(self) -> Callable[[], int]:
        return self.world.clock.off_by(self.random.choice(SKEWS_MINUTES) * MINUTE_MS)

    def step(self) -> None:
        if self.random.random() < 0.05:
            self.world.clock.now_ms += self.random.randint(1, MINUTE_MS)
        self.schedule.pause()


def states(acknowledged: set[Event], pending: list[frozenset[Event]]) -> Iterator[set[Event]]:
    """Those events with any of the packs that were under way."""
    for number in range(len(pending) + 1):
        for some in combinations(pending, number):
            yield acknowledged.union(*some)
