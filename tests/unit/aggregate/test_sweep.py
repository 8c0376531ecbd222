"""The sweep: what a crash left behind is found, what is superseded goes in its time."""

import pytest
from msgspec.structs import replace

from functions.aggregate import tenant_day
from functions.aggregate.queue import FoldMessage
from functions.aggregate.tasks import sweep, work
from functions.aggregate.tenant_day import FoldOutcome
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.periods import ONE_DAY
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import LAYOUT
from shared.metrics.storage.units import all_marks
from tests.builders import DAY_MS, MINUTE_MS, event, row_of, upserted
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Countdown, CrashError, Meanwhile, unavailable
from tests.faults.published import figures_of, manifests_of, published_figures
from tests.faults.world import MIDNIGHT_MS, NOON_MS, TENANT, TODAY, Clock, World

HOUR_MS = 60 * MINUTE_MS
HIT = event(NOON_MS)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> MemoryStore:
    return MemoryStore(clock)


@pytest.fixture
def world(store: MemoryStore, clock: Clock) -> World:
    return World(store, clock)


def attempts(world: World) -> list[str]:
    """The attempts in the ledger, the oldest first; each has blocks, and no other has."""
    entered = [attempt for attempt, _ in world.data().blocks.attempts()]
    keys = [item.key for item in world.store.everything()]  # type: ignore[attr-defined]
    assert {key.sort.split("#")[1] for key in keys if "block#" in key.partition} <= set(entered)
    return entered


def fold_one_more(world: World) -> str:
    """Publish the day once more; answers the attempt."""
    world.send(event(NOON_MS, f"user {len(attempts(world))}"))
    assert world.fold() == [FoldOutcome.PUBLISHED]
    return manifests_of(world.data())[TODAY].attempt


def put_without_mark(world: World, sent: object, clock_off_by_ms: int = 0) -> None:
    """Ingest dies between pack and mark."""
    fault = Meanwhile("put_many marks", lambda: unavailable("it dies"))
    store = ProbedStore(world.store, before=fault)
    process = world.ingest(store, world.clock.off_by(clock_off_by_ms))
    assert process.respond(world.request([sent])).status == 503


@pytest.mark.parametrize("days_ago", [0, 1, 2])
def test_a_pack_of_the_last_days_without_a_mark_is_found(world: World, days_ago: int) -> None:
    late = event(NOON_MS - days_ago * DAY_MS)
    put_without_mark(world, row_of(late))
    assert all_marks(world.store) == []
    sweep(world.services())
    assert world.fold() == [FoldOutcome.PUBLISHED]
    assert published_figures(world.data()) == figures_of([late])


def test_a_pack_without_a_mark_is_found_in_a_folded_day_and_in_the_directory(
    world: World,
) -> None:
    world.send(event(NOON_MS, "bob"), upserted(NOON_MS, "bob"))
    world.fold()
    put_without_mark(world, row_of(HIT))
    put_without_mark(world, row_of(upserted(NOON_MS)))
    sweep(world.services())
    assert world.fold() == [FoldOutcome.PUBLISHED] * 2
    assert published_figures(world.data()) == figures_of([HIT, event(NOON_MS, "bob")])


def test_a_pack_from_a_clock_that_is_ahead_is_folded_at_once(world: World) -> None:
    put_without_mark(world, row_of(HIT), clock_off_by_ms=30 * MINUTE_MS)
    sweep(world.services())
    assert world.fold() == [FoldOutcome.PUBLISHED]
    assert published_figures(world.data()) == figures_of([HIT])


def test_what_is_marked_or_folded_is_left_alone(world: World) -> None:
    world.send(HIT)
    marks = all_marks(world.store)
    world.clock.now_ms += MINUTE_MS
    sweep(world.services())
    assert all_marks(world.store) == marks
    world.fold()
    sweep(world.services())
    assert all_marks(world.store) == []


def test_a_pack_that_was_put_again_behind_the_fence_is_not_found_over_and_over(
    world: World,
) -> None:
    process = world.ingest(
        ProbedStore(world.store, before=Meanwhile("get fence", lambda: fold_now(world)))
    )
    world.send(HIT, process=process)
    world.fold()
    sweep(world.services())
    assert all_marks(world.store) == []


def fold_now(world: World) -> None:
    """Fold the day though nothing says that it is dirty."""
    world.data().units.mark_minute(TODAY.isoformat(), NOON_MS // MINUTE_MS)
    world.fold()


def test_a_day_is_compacted_once_it_is_over(world: World) -> None:
    world.send(HIT)
    world.fold()
    assert not manifests_of(world.data())[TODAY].is_compacted
    sweep(world.services())
    assert all_marks(world.store) == []
    world.clock.now_ms += DAY_MS
    sweep(world.services())
    assert world.fold() == [FoldOutcome.PUBLISHED]
    assert manifests_of(world.data())[TODAY].is_compacted
    sweep(world.services())
    assert all_marks(world.store) == []


def test_a_day_of_another_layout_is_folded_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenant_day, "LAYOUT", LAYOUT - 1)
    world.send(HIT)
    world.fold()
    monkeypatch.undo()
    sweep(world.services())
    assert world.fold() == [FoldOutcome.PUBLISHED]
    assert manifests_of(world.data())[TODAY].layout == LAYOUT
    assert published_figures(world.data()) == figures_of([HIT])


def test_a_directory_without_numbers_is_folded_again(world: World) -> None:
    world.send(upserted("2026-03-20 00:00", "ann"))
    world.fold()
    manifest, version = world.data().manifests.get(DIRECTORY)
    assert manifest is not None
    earlier = replace(manifest, parts={"roster": 1}, people=0)
    assert world.data().manifests.publish(DIRECTORY, earlier, expected_version=version)
    sweep(world.services())
    assert world.fold() == [FoldOutcome.PUBLISHED]
    folded, _ = world.data().manifests.get(DIRECTORY)
    assert folded is not None
    assert folded.people == 1


def test_a_superseded_attempt_is_deleted_an_hour_after_it_was_replaced_and_not_before(
    world: World,
) -> None:
    first = fold_one_more(world)
    world.clock.now_ms += 5 * HOUR_MS
    second = fold_one_more(world)
    for minutes in (0, 59):
        world.clock.now_ms += minutes * MINUTE_MS
        sweep(world.services())
        assert attempts(world) == [first, second]
    world.clock.now_ms += MINUTE_MS
    sweep(world.services())
    assert attempts(world) == [second]
    world.clock.now_ms += 5 * HOUR_MS
    sweep(world.services())
    assert attempts(world) == [second]


def test_of_a_day_that_is_folded_every_minute_old_attempts_go_all_the_same(world: World) -> None:
    for _ in range(90):
        fold_one_more(world)
        world.clock.now_ms += MINUTE_MS
    sweep(world.services())
    assert len(attempts(world)) == 60


def test_attempts_of_one_day_do_not_count_for_another(world: World) -> None:
    first = fold_one_more(world)
    world.clock.now_ms += 2 * HOUR_MS
    world.send(event(NOON_MS - DAY_MS))
    world.fold()
    world.clock.now_ms += 2 * HOUR_MS
    second = fold_one_more(world)
    sweep(world.services())
    assert {first, second} < set(attempts(world))


@pytest.mark.parametrize("has_been_published", [False, True])
def test_what_a_crashed_fold_left_is_deleted_after_an_hour(
    world: World, *, has_been_published: bool
) -> None:
    if has_been_published:
        fold_one_more(world)
        world.clock.now_ms += MINUTE_MS
    kept = attempts(world)
    world.send(HIT)
    crash = Meanwhile("put_if manifest", die)
    with pytest.raises(CrashError):
        world.fold(world.services(ProbedStore(world.store, before=crash)))
    [*others, orphan] = attempts(world)
    assert others == kept
    world.clock.now_ms += 59 * MINUTE_MS
    sweep(world.services())
    assert attempts(world) == [*kept, orphan]
    world.clock.now_ms += MINUTE_MS
    sweep(world.services())
    assert attempts(world) == kept
    world.fold()
    assert published_figures(world.data()).rows[TODAY] == len(kept) + 1


def die() -> None:
    raise CrashError


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_sweep_that_dies_is_made_good_by_the_next(place: str) -> None:
    steps = 0
    while True:
        clock = Clock()
        world = World(MemoryStore(clock), clock)
        fold_one_more(world)
        last = fold_one_more(world)
        put_without_mark(world, row_of(HIT))
        world.clock.now_ms += 2 * HOUR_MS
        fault = Countdown(steps, StorageUnavailableError)
        probes = {place: fault}
        try:
            sweep(world.services(ProbedStore(world.store, **probes)))  # type: ignore[arg-type]
        except StorageUnavailableError:
            sweep(world.services())
        assert attempts(world) == [last]
        assert len(all_marks(world.store)) == 1
        if not fault.is_over:
            break
        steps += 1
    assert steps > 10


def test_a_session_that_was_handed_over_by_a_fold_that_died_is_taken_over(world: World) -> None:
    """No mark speaks of it: the fold was told twice, and whoever put the pack has died too."""
    early, late = event(MIDNIGHT_MS - MINUTE_MS), event(MIDNIGHT_MS + MINUTE_MS)
    world.send(late)
    world.fold()
    put_without_mark(world, row_of(early))
    store = ProbedStore(world.store, after=Meanwhile("put_if manifest", die))
    yesterday = (TODAY - ONE_DAY).isoformat()
    with pytest.raises(CrashError):
        work(world.services(store), FoldMessage(TENANT, yesterday))
    assert all_marks(world.store) == []
    sweep(world.services())
    assert world.fold() == [FoldOutcome.PUBLISHED]
    assert published_figures(world.data()) == figures_of([early, late])
    sweep(world.services())
    assert all_marks(world.store) == []


def test_every_tenant_is_swept(world: World) -> None:
    world.add_tenant("globex", "src2")
    fault = Meanwhile("put_many marks", lambda: unavailable("it dies"))
    process = world.ingest(ProbedStore(world.store, before=fault))
    assert process.respond(world.request([row_of(HIT)], "src2")).status == 503
    sweep(world.services())
    assert [mark.tenant for mark in all_marks(world.store)] == ["globex"]
