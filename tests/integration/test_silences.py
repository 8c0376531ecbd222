"""Days on which a source was silent against its rhythm reach the views by themselves."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from functions.aggregate.tasks import sweep
from shared.metrics.domain.calendar_changes import CalendarChanges, Holiday
from shared.metrics.domain.expectations import Expectation
from shared.metrics.domain.periods import Window
from shared.metrics.engine.requests import TrendsRequest
from shared.metrics.storage.source_expectations import expect
from shared.metrics.storage.sources import Source, SourceStore
from shared.metrics.storage.tenants import TenantStore
from tests.builders import DAY_MS, SOURCE, event
from tests.faults.world import NOON_MS, TENANT, TODAY, World

WEEKS = 9
LAST_WEEK = Window(TODAY - timedelta(days=7), TODAY - timedelta(days=1))
SILENT_FOR = 4


@pytest.fixture
def world() -> World:
    """A source that has sent on every day for nine weeks, but for the four before today."""
    world = World()
    for ago in reversed(range(7 * WEEKS)):
        world.clock.now_ms = NOON_MS - ago * DAY_MS
        if ago > SILENT_FOR or ago == 0:
            world.send(event(world.clock.now_ms))
    return world


def no_data(world: World) -> list[bool]:
    answer = world.services().views.ask(TrendsRequest(tenant=TENANT, window=LAST_WEEK))
    return list(answer.no_data)


def test_days_are_noted_by_the_sweep_and_flagged(world: World) -> None:
    world.fold()
    assert no_data(world) == [False] * 7
    sweep(world.services())
    assert no_data(world) == [False] * 3 + [True] * SILENT_FOR
    sweep(world.services())
    assert no_data(world) == [False] * 3 + [True] * SILENT_FOR


def test_a_late_event_fills_its_day_at_once(world: World) -> None:
    world.fold()
    sweep(world.services())
    world.send(event(NOON_MS - 2 * DAY_MS))
    assert no_data(world) == [False] * 3 + [True, True, False, True]


def test_what_somebody_has_said_stands_above_the_rhythm(world: World) -> None:
    world.fold()
    sweep(world.services())
    expect(TenantStore(world.store), SOURCE, Expectation.NONE)
    assert no_data(world) == [False] * 7
    expect(TenantStore(world.store), SOURCE, Expectation.AUTO)
    assert no_data(world) == [False] * 3 + [True] * SILENT_FOR


def test_holidays_of_the_tenant_are_not_judged(world: World) -> None:
    holiday = TODAY - timedelta(days=1)
    calendars = world.data().library.working_calendars
    calendars.put(CalendarChanges(None, holidays=(Holiday(holiday, "Rest"),)), None)
    world.fold()
    sweep(world.services())
    assert no_data(world) == [False] * 3 + [True] * 3 + [False]


def test_nothing_is_missed_of_a_source_from_the_day_on_which_it_was_disabled(world: World) -> None:
    def disabled(source: Source) -> Source:
        return replace(source, disabled_at_ms=NOON_MS - DAY_MS)

    SourceStore(world.store).change(TENANT, SOURCE, disabled)
    world.fold()
    sweep(world.services())
    assert no_data(world) == [False] * 3 + [True] * 3 + [False]
