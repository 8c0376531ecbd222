"""A change of time zone or session timeout: what is built, when it is served, what goes."""

import os
from collections.abc import Iterator

import pytest

import functions.aggregate.regeneration
from functions.aggregate.queue import FoldMessage, LocalQueue, Task
from functions.aggregate.regeneration import advance
from functions.aggregate.tasks import dispatch, sweep, work
from functions.aggregate.tenant_day import FoldOutcome
from functions.ingest.pipeline import Ingest
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.storage.generations import RefoldState, Splits, announced, withdraw
from shared.metrics.storage.keys import packs_partition
from shared.metrics.storage.ports import Table
from shared.metrics.storage.tenants import SettingsChange, Tenant
from shared.metrics.storage.units import all_marks
from tests.builders import DAY_MS, HOUR_MS, MINUTE_MS, event, heartbeat, login, upserted
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import Probe, ProbedStore
from tests.faults.probes import Countdown, CrashError, Meanwhile
from tests.faults.published import answered_totals, figures_of, published_figures
from tests.faults.world import MIDNIGHT_MS, NOON_MS, TENANT, TODAY, Clock, World
from tests.unit.aggregate.test_crashes import PowerStore

TOKYO = SettingsChange(time_zone="Asia/Tokyo")
BERLIN = SettingsChange(time_zone="Europe/Berlin")
EVENTS = [
    event(MIDNIGHT_MS - DAY_MS + HOUR_MS),
    login(MIDNIGHT_MS - 10 * HOUR_MS, "bob"),
    heartbeat(MIDNIGHT_MS - 10 * HOUR_MS + 9 * MINUTE_MS, "bob"),
    event(MIDNIGHT_MS - 9 * HOUR_MS - MINUTE_MS),
    event(MIDNIGHT_MS - 9 * HOUR_MS + 8 * MINUTE_MS),
    event(MIDNIGHT_MS - MINUTE_MS, "bob", "deals"),
    event(MIDNIGHT_MS + MINUTE_MS, "bob", "deals"),
    event(NOON_MS),
]
"""Sessions over the midnights of UTC and of Tokyo, nine hours earlier."""
SPAN = Window(TODAY.replace(day=TODAY.day - 2), TODAY)


@pytest.fixture
def world() -> World:
    return folded_world()


def folded_world(store: MemoryStore | None = None, clock: Clock | None = None) -> World:
    world = World(store, clock)
    world.send(*EVENTS[:4])
    world.send(*EVENTS[4:], upserted(NOON_MS, country="DE"))
    world.fold()
    return world


def change(world: World, asked: SettingsChange) -> Tenant:
    services = world.services()
    return services.tenants.change(TENANT, asked, now_ms=world.clock.now_ms).tenant


def step(world: World) -> list[FoldMessage]:
    """One round of dispatch and work; answers what there was to do."""
    queue = LocalQueue()
    dispatch(world.services(), queue)
    messages = queue.take(1_000)
    for message in messages:
        work(world.services(), message)
    return messages


def state(world: World) -> RefoldState | None:
    refold = world.data().settings.next
    return None if refold is None else refold.state


def figures(world: World) -> object:
    return answered_totals(world.services(), SPAN)


def expected(events: list[Event], zone: str, minutes: int = 15) -> object:
    return figures_of(events, zone, timeout_ms=minutes * MINUTE_MS).totals_of(SPAN)


def test_answers_are_those_of_the_old_zone_until_all_is_folded_and_then_of_the_new_one(
    world: World,
) -> None:
    change(world, TOKYO)
    seen = [RefoldState.PLANNING]
    while (now := state(world)) is not None:
        assert figures(world) == expected(EVENTS, "UTC")
        seen += [now] if now is not seen[-1] else []
        assert step(world)
    # A settled refold is served at once, unless someone dies in between.
    assert seen == [RefoldState.PLANNING, RefoldState.SPLITTING, RefoldState.FOLDING]
    assert figures(world) == expected(EVENTS, "Asia/Tokyo")
    data = world.data()
    assert (data.settings.time_zone, data.settings.generation) == ("Asia/Tokyo", 2)
    assert published_figures(data) == figures_of(EVENTS, "Asia/Tokyo")
    assert [mark for mark in all_marks(world.store) if mark.generation == 2] == []
    assert data.manifests.all()["directory"].rows == 1
    assert step(world) == []
    assert announced(world.store) == []


def test_a_session_timeout_is_another_generation_too(world: World) -> None:
    change(world, SettingsChange(session_timeout_minutes=5))
    assert figures(world) == expected(EVENTS, "UTC")
    world.fold()
    assert figures(world) == expected(EVENTS, "UTC", 5)
    assert expected(EVENTS, "UTC", 5) != expected(EVENTS, "UTC")


def test_one_message_a_unit_and_one_for_the_whole(world: World) -> None:
    change(world, TOKYO)
    assert step(world) == [FoldMessage(TENANT, "refold", 2, Task.REFOLD)]
    queue = LocalQueue()
    dispatch(world.services(), queue)
    units = ["2026-11-21", "2026-11-22", "directory"]
    assert queue.take(9) == [
        *(FoldMessage(TENANT, unit, 2, Task.SPLIT) for unit in units),
        FoldMessage(TENANT, "refold", 2, Task.REFOLD),
    ]


def test_a_tenant_without_events_changes_at_once() -> None:
    world = World()
    change(world, TOKYO)
    step(world)
    assert world.data().settings.time_zone == "Asia/Tokyo"


def test_a_process_that_knows_the_old_settings_writes_into_the_new_generation_too(
    world: World,
) -> None:
    """Its events are in every answer from the moment at which it acknowledges them."""
    stale = world.ingest()
    sent = [*EVENTS, event(NOON_MS + MINUTE_MS, "cem")]
    world.send(sent[-1], process=stale)
    world.fold()
    change(world, TOKYO)
    for minute in range(2, 10):
        was_served = state(world) is None
        sent.append(event(NOON_MS - minute * MINUTE_MS, f"user {minute}"))
        world.send(sent[-1], process=stale)
        zone = "Asia/Tokyo" if was_served else "UTC"
        assert figures(world) == expected(sent, zone)
        step(world)
        world.clock.now_ms += 1_000  # the process trusts what it knows for a minute
    assert state(world) is None
    world.fold()
    assert published_figures(world.data()) == figures_of(sent, "Asia/Tokyo")
    assert all_marks(world.store) == []


def test_a_process_that_slept_through_two_changes_is_not_lost(world: World) -> None:
    stale = world.ingest()
    world.send(EVENTS[0], process=stale)
    for asked in (TOKYO, BERLIN):
        change(world, asked)
        world.fold()
    late = event(NOON_MS + MINUTE_MS, "cem")
    world.send(late, process=stale)
    assert figures(world) == expected([*EVENTS, late], "Europe/Berlin")
    world.fold()
    assert published_figures(world.data()) == figures_of([*EVENTS, late], "Europe/Berlin")


def test_a_pack_that_is_split_again_twice_is_the_same_pack(world: World) -> None:
    change(world, TOKYO)
    step(world)
    messages = [FoldMessage(TENANT, unit, 2, Task.SPLIT) for unit in ("2026-11-21", "2026-11-22")]
    for message in messages:
        work(world.services(), message)
    first = packs(world, 2)
    for message in messages:  # as if a worker had died before it said that it was done
        Splits(world.store, TENANT, 2)._put([message.unit], 0)
        world.clock.now_ms += MINUTE_MS
        work(world.services(), message)
    again = packs(world, 2)
    assert {name for _, name in again} == {name for _, name in first}
    assert len(again) > len(first)
    world.fold()
    manifests = world.data().manifests.all().values()
    assert sum(manifest.duplicates for manifest in manifests) == 0


def packs(world: World, generation: int) -> list[tuple[str, str]]:
    """Unit and name of every stored pack of a day, as often as it is stored."""
    return [
        (unit, item.key.sort.partition("#")[2])
        for unit in ("2026-11-21", "2026-11-22")
        for item in world.store.query(Table.EVENTS, packs_partition(TENANT, generation, unit))
    ]


def test_a_unit_that_is_done_is_not_split_again(world: World) -> None:
    change(world, TOKYO)
    step(world)
    step(world)
    before = packs(world, 2)
    world.clock.now_ms += MINUTE_MS
    work(world.services(), FoldMessage(TENANT, "2026-11-22", 2, Task.SPLIT))
    assert packs(world, 2) == before


def test_packs_are_split_again_a_few_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(functions.aggregate.regeneration, "_BATCH_BYTES", 1)
    change(world, TOKYO)
    world.fold()
    assert published_figures(world.data()) == figures_of(EVENTS, "Asia/Tokyo")


def test_a_change_that_is_changed_again_leads_to_the_last_one(world: World) -> None:
    change(world, TOKYO)
    step(world)
    step(world)
    change(world, BERLIN)
    world.fold()
    data = world.data()
    assert (data.settings.time_zone, data.settings.generation) == ("Europe/Berlin", 3)
    assert published_figures(data) == figures_of(EVENTS, "Europe/Berlin")
    assert announced(world.store) == []
    assert all_marks(world.store) == []


def test_a_change_that_is_taken_back_leaves_what_was(world: World) -> None:
    before = world.data().manifests.all()
    change(world, TOKYO)
    step(world)
    step(world)
    change(world, SettingsChange(time_zone="UTC"))
    late = event(NOON_MS + MINUTE_MS, "cem")
    world.send(late)
    world.fold()
    data = world.data()
    assert (data.settings.generation, data.settings.next) == (1, None)
    assert data.manifests.all()["2026-11-21"] == before["2026-11-21"]
    assert published_figures(data) == figures_of([*EVENTS, late])
    assert announced(world.store) == []
    assert all_marks(world.store) == []


def test_what_is_not_yet_folded_of_today_does_not_hold_a_change_up(world: World) -> None:
    change(world, TOKYO)
    for _ in range(2):
        step(world)
    step_without_refold(world)
    assert state(world) is RefoldState.FOLDING
    late = event(NOON_MS + MINUTE_MS, "cem")
    world.clock.now_ms += 2 * MINUTE_MS
    world.send(late)
    assert [mark.unit for mark in all_marks(world.store) if mark.generation == 2] == ["2026-11-22"]
    advance(world.services(), TENANT, 2)
    assert state(world) is None
    assert figures(world) == expected([*EVENTS, late], "Asia/Tokyo")


def step_without_refold(world: World) -> None:
    """Fold what is dirty in every generation, and look after nothing else."""
    while marks := all_marks(world.store):
        for mark in marks:
            work(world.services(), FoldMessage(TENANT, mark.unit, mark.generation))


def test_history_that_is_not_yet_folded_does(world: World) -> None:
    change(world, TOKYO)
    for _ in range(2):
        step(world)
    assert state(world) is RefoldState.FOLDING
    advance(world.services(), TENANT, 2)
    assert state(world) is RefoldState.FOLDING
    step_without_refold(world)
    advance(world.services(), TENANT, 2)
    assert state(world) is None


def test_sessions_that_a_dying_fold_handed_over_are_folded_before(world: World) -> None:
    change(world, TOKYO)
    for _ in range(2):
        step(world)
    # Today first: it is folded without the session that yesterday hands over to it.
    for unit in ("2026-11-22", "2026-11-21", "directory"):
        die = Meanwhile("put_many marks", crash)
        services = world.services(ProbedStore(world.store, before=die))
        try:
            work(services, FoldMessage(TENANT, unit, 2))
        except CrashError:
            new = world.services().tenancy.open_generation(TENANT, 2)
            assert new is not None
            new.units.clear(new.units.marks())
    while state(world) is not None:
        step(world)
    assert published_figures(world.data()) == figures_of(EVENTS, "Asia/Tokyo")


def crash() -> None:
    raise CrashError


def test_old_blocks_are_deleted_an_hour_after_and_old_packs_never(world: World) -> None:
    kept = packs(world, 1)
    change(world, TOKYO)
    step(world)
    step(world)
    change(world, BERLIN)
    world.fold()
    world.clock.now_ms += 59 * MINUTE_MS
    sweep(world.services())
    assert derived(world) == {"1", "2", "3"}
    world.clock.now_ms += MINUTE_MS
    sweep(world.services())
    assert derived(world) == {"3"}
    assert world.data().settings.retired == ()
    assert packs(world, 1) == kept
    assert published_figures(world.data()) == figures_of(EVENTS, "Europe/Berlin")


def derived(world: World) -> set[str]:
    """The generations of which anything is left that was derived."""
    kinds = ("block", "manifest", "attempts", "month", "splits")
    parts = [item.key.partition.split("#") for item in world.store.everything()]  # type: ignore[attr-defined]
    return {part[2] for part in parts if part[0] in kinds}


def test_whoever_dies_before_the_dispatcher_knows_is_made_good_by_the_sweep(world: World) -> None:
    change(world, TOKYO)
    withdraw(world.store, TENANT, 2)
    assert step(world) == []
    sweep(world.services())
    world.fold()
    assert world.data().settings.time_zone == "Asia/Tokyo"


def test_the_new_generation_is_swept_like_the_old_one(world: World) -> None:
    change(world, TOKYO)
    for _ in range(2):
        step(world)
    new = world.services().tenancy.open_generation(TENANT, 2)
    assert new is not None
    new.units.clear(new.units.marks())
    sweep(world.services())
    world.fold()
    assert published_figures(world.data()) == figures_of(EVENTS, "Asia/Tokyo")


def test_a_message_of_a_generation_that_is_over_clears_its_marks(world: World) -> None:
    world.data().units.mark_minute("2026-11-21", 1)
    old = world.data()
    change(world, TOKYO)
    world.fold()
    old.units.mark_minute("2026-11-21", 1)
    outcome = work(world.services(), FoldMessage(TENANT, "2026-11-21", 1))
    assert outcome is FoldOutcome.NOTHING
    assert all_marks(world.store) == []
    for task in (Task.SPLIT, Task.REFOLD):
        work(world.services(), FoldMessage(TENANT, "2026-11-21", 1, task))
    assert published_figures(world.data()) == figures_of(EVENTS, "Asia/Tokyo")


STRIDE = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 7
"""Of so many steps one is tried."""

LATE = event(MIDNIGHT_MS - 9 * HOUR_MS + 2 * MINUTE_MS, "cem")


class Machines:
    """An ingest and a worker over a store that fails once."""

    def __init__(self, world: World, probe: dict[str, Probe]) -> None:
        self._world = world
        self._store = ProbedStore(world.store, **probe)  # type: ignore[arg-type]
        self.ingest: Ingest = world.ingest(self._store)

    def deeds(self) -> Iterator[None]:
        """Everything that can be done, each until the next `yield`."""
        services = self._world.services(self._store)
        services.tenants.change(TENANT, TOKYO, now_ms=self._world.clock.now_ms)
        yield
        for at in range(6):
            if at == 2:
                self._world.send(LATE, process=self.ingest)
            queue = LocalQueue()
            dispatch(services, queue)
            for message in queue.take(1_000):
                work(services, message)
                yield
        sweep(services)
        yield


@pytest.mark.parametrize("error", [CrashError, StorageUnavailableError])
@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("power_is_lost", [False, True])
def test_after_a_fault_at_any_step_the_answers_are_whole_and_a_rerun_ends_it(
    place: str, error: type[BaseException], *, power_is_lost: bool
) -> None:
    steps = 0
    while True:
        clock = Clock()
        store = PowerStore(clock)
        world = folded_world(store, clock)
        fault = Countdown(steps, error)
        probe: dict[str, Probe] = {place: fault}
        try:
            for _ in Machines(world, probe).deeds():
                pass
        except (error, AssertionError):
            if power_is_lost:
                store.lose_power()
            # The late event may be there or not: nobody was told that it is.
            wholes = [
                expected(events, zone)
                for events in (EVENTS, [*EVENTS, LATE])
                for zone in ("UTC", "Asia/Tokyo")
            ]
            assert figures(world) in wholes, steps
        change(world, TOKYO)
        world.send(LATE)
        world.fold()
        assert figures(world) == expected([*EVENTS, LATE], "Asia/Tokyo"), steps
        assert published_figures(world.data()) == figures_of([*EVENTS, LATE], "Asia/Tokyo"), steps
        assert announced(world.store) == []
        if not fault.is_over:
            break
        steps += STRIDE
    assert steps > 200
