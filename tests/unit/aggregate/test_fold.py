"""One fold of one unit, alone and beside others."""

import pytest

from functions.aggregate.tasks import new_attempt
from functions.aggregate.tenant_day import FoldOutcome, fold_unit
from shared.metrics.storage.keys import DIRECTORY
from tests.builders import MINUTE_MS, event, upserted
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import Probe, ProbedStore, nothing
from tests.faults.probes import Meanwhile
from tests.faults.published import figures_of, manifests_of, published_figures
from tests.faults.world import NOON_MS, TODAY, Clock, World

UNIT = TODAY.isoformat()
MINUTE = NOON_MS // MINUTE_MS
HIT = event(NOON_MS - 90 * MINUTE_MS)
LATER_HIT = event(NOON_MS - 80 * MINUTE_MS, "bob")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(Clock())


@pytest.fixture
def world(store: MemoryStore) -> World:
    return World(store)


def fold(
    world: World, unit: str = UNIT, *, before: Probe = nothing, after: Probe = nothing
) -> FoldOutcome:
    """Fold once, in a process of its own whose store is watched like this."""
    store = ProbedStore(world.store, before=before, after=after)
    data = world.services(store).tenancy.open("acme")
    return fold_unit(data, unit, new_attempt(world.clock), world.clock)


def attempts_with_blocks(store: MemoryStore) -> set[str]:
    blocks = [item.key for item in store.everything() if item.key.partition.startswith("block#")]
    return {key.sort.split("#")[1] for key in blocks}


def entered_attempts(world: World) -> set[str]:
    return {attempt for attempt, _ in world.data().blocks.attempts()}


def test_a_fold_publishes_what_the_packs_come_to_and_clears_the_marks(world: World) -> None:
    world.send(HIT, LATER_HIT)
    world.send(HIT)
    assert fold(world) is FoldOutcome.PUBLISHED
    manifest = manifests_of(world.data())[TODAY]
    assert (manifest.rows, manifest.duplicates, manifest.late) == (2, 1, 0)
    assert manifest.rows_by_source == {"src": 2}
    assert manifest.folded_through == MINUTE
    assert published_figures(world.data()) == figures_of([HIT, LATER_HIT])
    assert world.data().units.marks() == []


def test_nothing_new_clears_the_marks_without_publishing(world: World) -> None:
    world.send(HIT)
    fold(world)
    manifests = manifests_of(world.data())
    world.clock.now_ms += 5 * MINUTE_MS
    world.data().units.mark_minute(UNIT, MINUTE + 5)
    assert fold(world) is FoldOutcome.UNCHANGED
    assert manifests_of(world.data()) == manifests
    assert world.data().units.marks() == []


def test_the_same_pack_behind_the_fence_is_nothing_new(world: World) -> None:
    """Ingest looked at the fence only after a fold had already listed its pack."""
    process = world.ingest(
        ProbedStore(world.store, before=Meanwhile("get fence", lambda: fold(world)))
    )
    world.send(HIT, process=process)
    manifest = manifests_of(world.data())[TODAY]
    assert [mark.minute for mark in world.data().units.marks()] == [MINUTE + 1]
    assert fold(world) is FoldOutcome.UNCHANGED
    assert manifests_of(world.data())[TODAY] == manifest
    assert (manifest.rows, manifest.duplicates) == (1, 0)


def test_a_unit_without_packs_is_not_published(world: World) -> None:
    world.data().units.mark_minute(UNIT, MINUTE)
    assert fold(world) is FoldOutcome.NOTHING
    assert manifests_of(world.data()) == {}
    assert world.data().units.marks() == []


def test_the_directory_is_folded_by_itself(world: World) -> None:
    world.send(upserted(NOON_MS, name="Ann"), upserted(NOON_MS, "bob"), HIT)
    world.send(upserted(NOON_MS, name="Ann"))
    assert fold(world, DIRECTORY) is FoldOutcome.PUBLISHED
    manifest, _ = world.data().manifests.get(DIRECTORY)
    assert manifest is not None
    assert (manifest.rows, manifest.duplicates) == (2, 1)
    assert [mark.unit for mark in world.data().units.marks()] == [UNIT]


def test_of_two_folds_at_once_one_publishes_and_the_other_leaves_nothing_behind(
    world: World, store: MemoryStore
) -> None:
    world.send(HIT)
    outcomes = []
    meanwhile = Meanwhile("put_if manifest", lambda: outcomes.append(fold(world)))
    outcomes.append(fold(world, before=meanwhile))
    assert outcomes == [FoldOutcome.PUBLISHED, FoldOutcome.OVERTAKEN]
    published = {manifests_of(world.data())[TODAY].attempt}
    assert attempts_with_blocks(store) == entered_attempts(world) == published
    assert published_figures(world.data()) == figures_of([HIT])


@pytest.mark.parametrize(
    "step",
    ["query marks", "get manifest", "put_if fence", "query packs", "put_many block", "put_if man"],
)
def test_what_arrives_during_a_fold_is_folded_by_it_or_stays_marked(
    world: World, step: str
) -> None:
    world.send(HIT)
    fold(world, before=Meanwhile(step, lambda: world.send(LATER_HIT)))
    world.fold()
    assert published_figures(world.data()) == figures_of([HIT, LATER_HIT])


@pytest.mark.parametrize(
    "step",
    ["query marks", "get manifest", "put_if fence", "query packs", "put_many block", "put_if man"],
)
def test_a_fold_of_less_does_not_take_the_place_of_a_fold_of_more(world: World, step: str) -> None:
    world.send(HIT)

    def overtake() -> None:
        world.send(LATER_HIT)
        world.fold()

    fold(world, before=Meanwhile(step, overtake))
    world.fold()
    assert published_figures(world.data()) == figures_of([HIT, LATER_HIT])


def test_an_overtaken_fold_leaves_the_marks_to_who_overtook_it(world: World) -> None:
    """What is marked may have been put behind the fence of the one that overtook it."""
    world.send(HIT)

    def overtake() -> None:
        fold(world)
        world.send(LATER_HIT)

    assert fold(world, before=Meanwhile("query packs", overtake)) is FoldOutcome.OVERTAKEN
    assert [mark.minute for mark in world.data().units.marks()] == [MINUTE + 1]


def test_two_folds_that_move_the_fence_leave_it_at_the_later_minute(world: World) -> None:
    units = world.data().units
    late = ProbedStore(
        world.store, before=Meanwhile("put_if fence", lambda: units.move_fence(UNIT, MINUTE + 9))
    )
    slow = world.services(late).tenancy.open("acme").units
    assert slow.move_fence(UNIT, MINUTE) == MINUTE + 9
    assert units.move_fence(UNIT, MINUTE - 5) == MINUTE + 9
    assert units.move_fence(UNIT, MINUTE + 10) == MINUTE + 10


@pytest.mark.parametrize(("minutes", "folded_through"), [(-7, MINUTE + 2), (7, MINUTE + 8)])
def test_packs_and_marks_of_a_wrong_clock_are_folded_all_the_same(
    world: World, minutes: int, folded_through: int
) -> None:
    wrong = world.clock.off_by(minutes * MINUTE_MS)
    fold(world)
    world.send(HIT, process=world.ingest(clock=wrong))
    assert fold(world) is FoldOutcome.PUBLISHED
    world.send(LATER_HIT, process=world.ingest(clock=wrong))
    assert fold(world) is FoldOutcome.PUBLISHED
    assert world.data().units.marks() == []
    assert manifests_of(world.data())[TODAY].folded_through == folded_through


@pytest.mark.parametrize(("seconds", "outcome"), [(599, "published"), (600, "overtaken")])
def test_a_fold_of_ten_minutes_may_not_publish(
    world: World, store: MemoryStore, seconds: int, outcome: str
) -> None:
    world.send(HIT)

    def take_long() -> None:
        world.clock.now_ms += seconds * 1_000

    assert fold(world, before=Meanwhile("put_many block", take_long)).value == outcome
    assert len(attempts_with_blocks(store)) == (outcome == "published")
    assert bool(world.data().units.marks()) == (outcome == "overtaken")
    world.fold()
    assert published_figures(world.data()) == figures_of([HIT])
