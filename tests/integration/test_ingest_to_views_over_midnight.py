"""A session over midnight, read while one of its days is published anew."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from functions.aggregate.queue import FoldMessage
from functions.aggregate.tasks import work
from shared.metrics.domain.periods import Window
from tests.builders import DAY_MS, MINUTE_MS, event
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Meanwhile
from tests.faults.published import answered_totals, figures_of
from tests.faults.world import MIDNIGHT_MS, NOON_MS, TENANT, TODAY, Clock, World

SPAN = Window(TODAY - timedelta(days=2), TODAY)


@pytest.fixture
def world() -> World:
    clock = Clock()
    return World(MemoryStore(clock), clock)


@pytest.mark.parametrize(
    ("step", "times_ahead", "folds"),
    [
        ("get manifest", 0, "all"),
        ("query manifest", 0, "yesterday"),
        ("query manifest", 1, "all"),
        ("query manifest", 2, "all"),
    ],
)
@pytest.mark.parametrize("today_is_dirty", [False, True])
def test_a_session_over_midnight_is_never_counted_on_neither_or_both_of_its_days(
    world: World, step: str, times_ahead: int, folds: str, *, today_is_dirty: bool
) -> None:
    """While one day is read, the other is published anew and hands over a session."""
    early, late = event(MIDNIGHT_MS - MINUTE_MS), event(MIDNIGHT_MS + MINUTE_MS)
    others = [event(NOON_MS - DAY_MS, "bob"), event(NOON_MS - 2 * DAY_MS, "bob")]
    world.send(*others)
    if today_is_dirty:
        world.fold()
    world.send(late)
    if not today_is_dirty:
        world.fold()

    def hand_over() -> None:
        world.send(early)
        if folds == "all":
            world.fold()
        else:
            yesterday = (TODAY - timedelta(days=1)).isoformat()
            work(world.services(), FoldMessage(TENANT, yesterday))

    probe = Later(step, hand_over, times_ahead)
    reader = world.services(ProbedStore(world.store, before=probe, page=1))
    before, after = figures_of([*others, late]), figures_of([*others, late, early])
    found = answered_totals(reader, SPAN)
    assert found in (before.totals_of(SPAN), after.totals_of(SPAN))


class Later(Meanwhile):
    """Lets it happen only after so many steps that begin like this."""

    def __init__(self, beginning: str, happening: Callable[[], object], times_ahead: int) -> None:
        super().__init__(beginning, self._at_last)
        self._left = times_ahead + 1
        self._do = happening

    def _at_last(self) -> None:
        if not self._left:
            self._do()
