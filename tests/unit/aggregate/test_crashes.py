"""A fold that dies, wherever it does: readers notice nothing, and the next one makes it good."""

from collections.abc import Iterable

import pytest

from functions.aggregate.tasks import new_attempt
from functions.aggregate.tenant_day import fold_unit
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.periods import ONE_DAY, Window
from shared.metrics.storage.ports import Item, Key, Table
from tests.builders import DAY_MS, MINUTE_MS, event, heartbeat
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import Probe, ProbedStore, nothing
from tests.faults.probes import Countdown, CrashError
from tests.faults.published import answered_totals, figures_of, published_figures
from tests.faults.world import MIDNIGHT_MS, NOON_MS, TENANT, TODAY, Clock, World

UNIT = TODAY.isoformat()
SPAN = Window(TODAY, TODAY + ONE_DAY)
NEXT_MIDNIGHT_MS = MIDNIGHT_MS + DAY_MS
OLD = [
    event(NOON_MS),
    event(NEXT_MIDNIGHT_MS + MINUTE_MS),
    heartbeat(NEXT_MIDNIGHT_MS + 2 * MINUTE_MS),
]
NEW = [
    event(NOON_MS + MINUTE_MS, "bob"),
    event(NOON_MS, "cem", "deals"),
    event(NEXT_MIDNIGHT_MS - MINUTE_MS),
]
"""All of them of the first day, which with them hands a session over to the next."""


class PowerStore(MemoryStore):
    """Writes to METRICS are durable only with the next write to EVENTS, as the port allows."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._undurable: list[tuple[Key, Item | None]] = []

    def put_many(self, items: Iterable[Item]) -> None:
        for item in items:
            self._remember(item.key)
            super().put_many([item])

    def delete_many(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._remember(key)
            super().delete_many([key])

    def lose_power(self) -> None:
        """Take back what is not durable."""
        while self._undurable:
            key, item = self._undurable.pop()
            if item is None:
                super().delete_many([key])
            else:
                super().put_many([item])

    def _remember(self, key: Key) -> None:
        if key.table is Table.EVENTS:
            self._undurable.clear()
        else:
            self._undurable.append((key, self.get(key)))


def two_days() -> tuple[World, PowerStore]:
    """Both days are published; then more comes in for the first."""
    clock = Clock(NOON_MS + DAY_MS)
    store = PowerStore(clock)
    world = World(store, clock)
    world.send(*OLD)
    world.fold()
    world.send(*NEW)
    return world, store


def fold(world: World, *, before: Probe = nothing, after: Probe = nothing) -> None:
    data = world.services(ProbedStore(world.store, before=before, after=after)).tenancy.open(TENANT)
    fold_unit(data, UNIT, new_attempt(world.clock), world.clock)


def published_blocks(world: World, store: MemoryStore) -> dict[tuple[str, str, str], bytes]:
    """The bytes of all published blocks by kind, unit and part."""
    manifests = world.data().manifests.all()
    found = {}
    for item in store.everything():
        if item.key.partition.startswith("block#"):
            unit, attempt, part = item.key.sort.split("#")
            if manifests[unit].attempt == attempt:
                found[item.key.partition, unit, part] = item.body
    return found


@pytest.mark.parametrize("error", [CrashError, StorageUnavailableError])
@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("power_is_lost", [False, True])
def test_after_a_crash_at_any_step_the_answer_stands_and_a_rerun_makes_the_same_blocks(
    place: str, error: type[BaseException], *, power_is_lost: bool
) -> None:
    acknowledged = figures_of(OLD + NEW)
    undisturbed, store = two_days()
    undisturbed.fold()
    blocks = published_blocks(undisturbed, store)
    steps = 0
    while True:
        world, store = two_days()
        fault = Countdown(steps, error)
        probe: dict[str, Probe] = {place: fault}
        try:
            fold(world, **probe)
        except error:
            if power_is_lost:
                store.lose_power()
            assert answered_totals(world.services(), SPAN) == acknowledged.totals_of(SPAN), steps
        world.fold()
        assert published_figures(world.data()) == acknowledged, steps
        assert published_blocks(world, store) == blocks, steps
        if not fault.is_over:
            break
        steps += 1
    assert steps > 20
