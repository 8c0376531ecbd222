"""Sessions across midnight: what one day hands over, and who is folded again when it changes."""

from datetime import date

import pytest

from functions.aggregate.queue import FoldMessage
from functions.aggregate.tasks import work
from functions.aggregate.tenant_day import FoldOutcome
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import ONE_DAY
from shared.metrics.storage.units import Mark
from tests.builders import DAY_MS, MINUTE_MS, event, heartbeat, instant_ms, logout
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Meanwhile
from tests.faults.published import figures_of, manifests_of, published_figures
from tests.faults.world import MIDNIGHT_MS, NOON_MS, TENANT, TODAY, World

YESTERDAY = TODAY - ONE_DAY
BEFORE_MIDNIGHT = event(MIDNIGHT_MS - MINUTE_MS)
AFTER_MIDNIGHT = event(MIDNIGHT_MS + MINUTE_MS)


@pytest.fixture
def world() -> World:
    return World()


def fold(world: World, day: date, happening: Meanwhile | None = None) -> FoldOutcome:
    store = world.store if happening is None else ProbedStore(world.store, before=happening)
    return work(world.services(store), FoldMessage(TENANT, day.isoformat()))


def marks(world: World) -> list[Mark]:
    return world.data().units.marks()


def is_as_told(world: World, *events: Event) -> bool:
    return published_figures(world.data()) == figures_of(events)


def test_a_late_event_folds_its_day_again_and_the_next_if_it_hands_over_another_session(
    world: World,
) -> None:
    world.send(AFTER_MIDNIGHT)
    assert world.fold() == [FoldOutcome.PUBLISHED]
    early = event(MIDNIGHT_MS - DAY_MS // 2, "bob")
    world.send(early)
    assert world.fold() == [FoldOutcome.PUBLISHED]
    world.send(BEFORE_MIDNIGHT)
    assert world.fold() == [FoldOutcome.PUBLISHED] * 2
    assert is_as_told(world, AFTER_MIDNIGHT, early, BEFORE_MIDNIGHT)
    world.send(logout(MIDNIGHT_MS - 1))
    assert world.fold() == [FoldOutcome.PUBLISHED] * 2
    assert is_as_told(world, AFTER_MIDNIGHT, early, BEFORE_MIDNIGHT, logout(MIDNIGHT_MS - 1))


def test_a_change_goes_on_from_day_to_day_until_nothing_changes(world: World) -> None:
    """Heartbeats last out three days; whether they belong to a session is known at their start."""
    start = NOON_MS - 4 * DAY_MS
    beats = [heartbeat(start + at * 14 * MINUTE_MS) for at in range(1, 310)]
    other_day = event(NOON_MS)
    world.send(*beats, other_day)
    days = 5
    assert len(world.fold()) == days
    assert is_as_told(world, *beats, other_day)
    first = event(start)
    world.send(first)
    outcomes = world.fold()
    assert outcomes == [FoldOutcome.PUBLISHED] * 4
    assert is_as_told(world, *beats, other_day, first)
    gone = logout(start + 1)
    world.send(gone)
    world.fold()
    assert is_as_told(world, *beats, other_day, first, gone)


def test_the_order_in_which_days_are_folded_does_not_matter(world: World) -> None:
    world.send(BEFORE_MIDNIGHT, AFTER_MIDNIGHT)
    assert fold(world, TODAY) is FoldOutcome.PUBLISHED
    assert fold(world, YESTERDAY) is FoldOutcome.PUBLISHED
    assert [(mark.unit, mark.minute) for mark in marks(world)] == [(TODAY.isoformat(), None)]
    assert fold(world, TODAY) is FoldOutcome.PUBLISHED
    assert marks(world) == []
    assert is_as_told(world, BEFORE_MIDNIGHT, AFTER_MIDNIGHT)


def test_a_day_that_was_folded_while_the_one_before_was_published_is_marked_by_its_own_fold(
    world: World,
) -> None:
    world.send(BEFORE_MIDNIGHT, AFTER_MIDNIGHT)
    yesterday_too = Meanwhile("put_if manifest", lambda: fold(world, YESTERDAY))
    assert fold(world, TODAY, yesterday_too) is FoldOutcome.PUBLISHED
    assert [(mark.unit, mark.minute) for mark in marks(world)] == [(TODAY.isoformat(), None)]
    world.fold()
    assert is_as_told(world, BEFORE_MIDNIGHT, AFTER_MIDNIGHT)


def test_what_a_mark_speaks_of_is_read_after_the_mark(world: World) -> None:
    world.send(AFTER_MIDNIGHT)
    world.fold()
    world.send(BEFORE_MIDNIGHT)
    yesterday_too = Meanwhile("query marks", lambda: fold(world, YESTERDAY))
    assert fold(world, TODAY, yesterday_too) is FoldOutcome.PUBLISHED
    assert marks(world) == []
    assert is_as_told(world, AFTER_MIDNIGHT, BEFORE_MIDNIGHT)


def test_a_mark_for_a_later_change_outlives_the_fold_of_an_earlier_one(world: World) -> None:
    world.send(AFTER_MIDNIGHT)
    world.fold()
    world.send(BEFORE_MIDNIGHT)
    fold(world, YESTERDAY)
    later = event(MIDNIGHT_MS - 1, "ann", "deals")

    def change_again() -> None:
        world.send(later)
        fold(world, YESTERDAY)

    fold(world, TODAY, Meanwhile("query packs", change_again))
    [mark] = marks(world)
    assert mark.key.sort.endswith(manifests_of(world.data())[YESTERDAY].attempt)
    world.fold()
    assert is_as_told(world, AFTER_MIDNIGHT, BEFORE_MIDNIGHT, later)


@pytest.mark.parametrize(("gap_ms", "sessions"), [(15 * MINUTE_MS, 0), (15 * MINUTE_MS + 1, 1)])
def test_a_gap_of_exactly_the_timeout_over_midnight_stays_inside(
    world: World, gap_ms: int, sessions: int
) -> None:
    one, other = event(MIDNIGHT_MS - 1), event(MIDNIGHT_MS - 1 + gap_ms)
    world.send(one, other)
    world.fold()
    assert manifests_of(world.data())[TODAY].sums.sessions == sessions
    assert is_as_told(world, one, other)


def test_a_session_goes_on_over_a_day_that_the_zone_skipped() -> None:
    world = World(time_zone="Pacific/Apia")
    one = event(instant_ms("2011-12-29 23:55", "Pacific/Apia"))
    other = event(instant_ms("2011-12-31 00:05", "Pacific/Apia"))
    world.send(other)
    world.fold()
    world.send(one)
    world.fold()
    assert list(manifests_of(world.data())) == [date(2011, 12, 29), date(2011, 12, 31)]
    assert published_figures(world.data()) == figures_of([one, other], "Pacific/Apia")
    assert manifests_of(world.data())[date(2011, 12, 31)].sums.sessions == 0
