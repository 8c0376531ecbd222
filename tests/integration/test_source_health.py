"""How sources are doing, from what they sent to the answer, folded or not."""

import pytest

from functions.aggregate import handler as aggregate_handler
from functions.aggregate.source_watch import watch_sources
from functions.aggregate.tasks import sweep
from shared.metrics.domain.source_health import SourceHealth, SourceState
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.engine.source_health import SourceHealthRequest
from shared.metrics.storage.sources import Source, SourceStore
from tests.builders import DAY_MS, HOUR_MS, SOURCE, event, upserted
from tests.faults.world import NOON_MS, TENANT, World

DAYS = 30


@pytest.fixture
def world() -> World:
    """A source that has sent an event a day for a month, the last at noon."""
    world = World()
    for ago in reversed(range(DAYS)):
        world.clock.now_ms = NOON_MS - ago * DAY_MS
        world.send(event(world.clock.now_ms))
    return world


def health(world: World, source_id: str = SOURCE) -> SourceHealth:
    return world.services().views.ask(SourceHealthRequest(tenant=TENANT))[source_id]


@pytest.mark.parametrize("folds", [False, True])
def test_a_source_that_falls_silent_is_noticed(world: World, folds: bool) -> None:  # noqa: FBT001
    if folds:
        world.fold()
        sweep(world.services())
    found = health(world)
    assert (found.state, found.last_ms, found.rows_last_day) == (SourceState.OK, NOON_MS, 1)
    assert found.silent_after_hours == 36
    world.clock.now_ms = NOON_MS + 37 * HOUR_MS
    assert health(world).state is SourceState.SILENT
    assert watch_sources(world.services()) == {SourceState.SILENT: 1}


def test_a_day_that_is_half_folded_is_counted_once(world: World) -> None:
    world.fold()
    world.clock.now_ms += HOUR_MS
    world.send(event(world.clock.now_ms), event(world.clock.now_ms + 1))
    assert health(world).rows_last_day == 3
    world.fold()
    assert health(world).rows_last_day == 3


def test_directory_events_are_signs_of_life_too(world: World) -> None:
    world.clock.now_ms = NOON_MS + 37 * HOUR_MS
    world.send(upserted(NOON_MS, country="DE"))
    assert health(world).state is SourceState.OK
    world.fold()
    assert health(world).last_ms == NOON_MS + 37 * HOUR_MS


def test_a_source_that_is_turned_away_is_failing(world: World) -> None:
    bad = [{"user_id": "ann", "occurred_at": NOON_MS}] * 10
    for _ in range(2):
        world.ingest().respond(world.request(bad))
    found = health(world)
    assert (found.state, found.turned_away_last_day) == (SourceState.FAILING, 20)
    assert found.rejected_share == 20 / 21
    world.clock.now_ms += DAY_MS
    assert health(world).turned_away_last_day == 0


def test_what_came_long_ago_is_found(world: World) -> None:
    world.fold()
    world.clock.now_ms = NOON_MS + 200 * DAY_MS
    found = health(world)
    assert (found.last_ms, found.silent_after_hours) == (NOON_MS, None)


def test_a_channel_says_when_it_ends(world: World) -> None:
    sources = SourceStore(world.store)
    settings = {"channel_expires_at": "2026-11-22T15:00:00+01:00"}
    for name, given in (("zoho", settings), ("odd", {"channel_expires_at": "soon"})):
        kind = SourceKind.ZOHO
        sources.add(
            Source(source_id=name, tenant=TENANT, kind=kind, created_at_ms=0, settings=given)
        )
    assert health(world, "zoho").expires_ms == NOON_MS + 2 * HOUR_MS
    assert health(world, "odd").expires_ms is None
    assert health(world, "zoho").state is SourceState.NEVER


def test_the_sweep_counts_who_needs_somebody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: dict[str, int] = {}
    services = world.services()
    monkeypatch.setattr(aggregate_handler, "services", lambda: services)
    monkeypatch.setattr(aggregate_handler, "count", counted.__setitem__)
    world.fold()
    world.clock.now_ms = NOON_MS + 37 * HOUR_MS
    aggregate_handler.handler({"task": "sweep"}, None)  # type: ignore[arg-type]
    assert counted == {"SourcesSilent": 1, "SourcesToSeeTo": 1}
