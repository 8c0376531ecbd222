"""What changes of a final day is in the restatement log: once, with its cause, and for ever."""

from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import pytest

import functions.aggregate.restating
import functions.aggregate.tenant_day
from functions.aggregate.queue import FoldMessage
from functions.aggregate.tasks import sweep, work
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.domain.restatements import Cause, RestatedMeasure
from shared.metrics.storage.tenants import SettingsChange, TenantStore
from tests.builders import DAY_MS, HOUR_MS, MINUTE_MS, event, heartbeat, login
from tests.faults.probed_store import Probe, ProbedStore
from tests.faults.probes import Countdown, CrashError
from tests.faults.world import MIDNIGHT_MS, TENANT, TODAY, Clock, World
from tests.unit.aggregate.test_crashes import PowerStore

DAY = TODAY
NOON_MS = MIDNIGHT_MS + DAY_MS // 2
END_MS = MIDNIGHT_MS + DAY_MS
FINAL_MS = END_MS + 7 * DAY_MS
HITS, LOGINS, ACTIVE = RestatedMeasure.HITS, RestatedMeasure.LOGINS, RestatedMeasure.ACTIVE
SESSIONS, TIME = RestatedMeasure.SESSIONS, RestatedMeasure.SESSION_MILLISECONDS


class Entry(NamedTuple):
    """What a restatement says, but for when and where."""

    measure: RestatedMeasure
    before: int
    after: int
    cause: Cause


def log(world: World, day: date = DAY) -> list[Entry]:
    found = world.data().restatements.between(day, day)
    assert [each.day for each in found] == [day] * len(found)
    return [Entry(each.measure, each.before, each.after, each.cause) for each in found]


def world_at(now_ms: int, *sent: Event) -> World:
    """A world that has folded some events when its day was over, and now it is so late."""
    clock = Clock(END_MS)
    world = World(PowerStore(clock), clock)
    if sent:
        world.send(*sent)
        world.fold()
    world.clock.now_ms = now_ms
    return world


def test_a_day_is_final_when_its_lateness_is_over() -> None:
    for now_ms, entries in ((FINAL_MS - 1, []), (FINAL_MS, [Entry(HITS, 1, 2, Cause.LATE)])):
        world = world_at(now_ms, event(NOON_MS))
        world.send(event(NOON_MS))
        world.fold()
        assert log(world) == []  # it was there already
        world.send(event(NOON_MS, name="another"))
        world.fold()
        assert log(world) == entries


def test_only_measures_that_differ_are_entered_with_the_time_of_their_fold() -> None:
    world = world_at(FINAL_MS + HOUR_MS, event(NOON_MS))
    world.send(login(NOON_MS + MINUTE_MS), event(NOON_MS + 2 * MINUTE_MS, "bob"))
    world.fold()
    assert log(world) == [
        Entry(ACTIVE, 1, 2, Cause.LATE),
        Entry(HITS, 1, 2, Cause.LATE),
        Entry(LOGINS, 0, 1, Cause.LATE),
        Entry(SESSIONS, 1, 2, Cause.LATE),
        Entry(TIME, 0, MINUTE_MS, Cause.LATE),
    ]
    found = world.data().restatements.between(DAY, DAY)
    assert {each.at_ms for each in found} == {FINAL_MS + HOUR_MS}


def test_lateness_is_the_tenants() -> None:
    world = world_at(END_MS, event(NOON_MS))
    TenantStore(world.store).change(TENANT, SettingsChange(lateness_days=0), now_ms=END_MS)
    world.send(event(NOON_MS, "bob", "deals"))
    world.fold()
    assert Entry(HITS, 1, 2, Cause.LATE) in log(world)


def test_a_session_handed_over_anew_restates_the_next_day_too() -> None:
    next_day = date(2026, 11, 23)
    world = world_at(END_MS + DAY_MS, event(END_MS + MINUTE_MS))
    world.fold()
    world.clock.now_ms = FINAL_MS + DAY_MS
    world.send(event(END_MS - MINUTE_MS))
    world.fold()
    assert log(world) == []  # nobody was ever told of the first day: it was imported afterwards
    assert log(world, next_day) == [
        Entry(SESSIONS, 1, 0, Cause.LATE),
        Entry(TIME, 0, 2 * MINUTE_MS, Cause.LATE),
    ]


@pytest.mark.parametrize(
    ("created_ms", "is_restated"), [(FINAL_MS - 1, True), (FINAL_MS, False), (0, False)]
)
def test_a_day_without_events_was_0_for_tenants_that_were_there(
    created_ms: int, *, is_restated: bool
) -> None:
    world = World(clock=Clock(FINAL_MS + DAY_MS))
    world.add_tenant("globex", "src2", created_at_ms=created_ms)
    world.send(event(NOON_MS), source_id="src2")
    world.fold()
    found = world.data("globex").restatements.between(DAY, DAY)
    assert [(each.measure, each.before, each.after) for each in found] == (
        [(ACTIVE, 0, 1), (HITS, 0, 1), (SESSIONS, 0, 1)] if is_restated else []
    )


def test_another_definition_is_the_cause_even_if_events_came_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = world_at(FINAL_MS, event(NOON_MS))
    for module in (functions.aggregate.restating, functions.aggregate.tenant_day):
        monkeypatch.setattr(module, "DEFINITION_VERSION", "new")
    world.send(event(NOON_MS, name="another"))
    world.fold()
    assert log(world) == [Entry(HITS, 1, 2, Cause.DEFINITION)]


@pytest.mark.parametrize("error", [CrashError, StorageUnavailableError])
@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("power_is_lost", [False, True])
def test_after_a_crash_at_any_step_the_log_says_how_the_day_became_what_it_is(
    place: str, error: type[BaseException], *, power_is_lost: bool
) -> None:
    steps = 0
    while True:
        world = world_at(FINAL_MS, event(NOON_MS))
        world.send(event(NOON_MS, name="another"))
        fault = Countdown(steps, error)
        probe: dict[str, Probe] = {place: fault}
        services = world.services(ProbedStore(world.store, **probe))  # type: ignore[arg-type]
        try:
            work(services, FoldMessage(TENANT, DAY.isoformat()))
        except error:
            if power_is_lost:
                world.store.lose_power()  # type: ignore[attr-defined]
        # A worker that knows nothing of it goes on, with more than the first one had.
        world.clock.now_ms += 1
        world.send(event(NOON_MS, name="a third"))
        world.fold()
        entries = log(world)
        assert [entries[0].before, entries[-1].after] == [1, 3], steps
        assert all(one.after == following.before for one, following in pairwise(entries))
        assert {(each.measure, each.cause) for each in entries} == {(HITS, Cause.LATE)}
        if not fault.is_over:
            break
        steps += 1
    assert steps > 10


def test_an_entry_stays_when_the_attempt_is_long_deleted() -> None:
    world = world_at(FINAL_MS, event(NOON_MS))
    for name in ("a second", "a third"):
        world.send(event(NOON_MS, name=name))
        world.fold()
        world.clock.now_ms += 2 * HOUR_MS
        sweep(world.services())
    assert log(world) == [Entry(HITS, 1, 2, Cause.LATE), Entry(HITS, 2, 3, Cause.LATE)]


def refold(world: World, asked: SettingsChange) -> None:
    TenantStore(world.store).change(TENANT, asked, now_ms=world.clock.now_ms)
    world.fold()


def test_another_zone_restates_final_days_that_come_out_differently() -> None:
    evening = event(END_MS - HOUR_MS)
    world = world_at(FINAL_MS, event(NOON_MS), evening)
    world.clock.now_ms = END_MS + DAY_MS
    world.send(event(END_MS + DAY_MS - HOUR_MS))
    world.fold()
    world.clock.now_ms = FINAL_MS
    refold(world, SettingsChange(time_zone="Asia/Tokyo"))
    assert log(world) == [Entry(HITS, 2, 1, Cause.ZONE), Entry(SESSIONS, 2, 1, Cause.ZONE)]
    # The next day is not final; the one after was 0, and still is.
    assert log(world, date(2026, 11, 23)) == []


def test_another_timeout_restates_sessions() -> None:
    rows = [event(NOON_MS), event(NOON_MS + 10 * MINUTE_MS)]
    world = world_at(FINAL_MS, *rows)
    refold(world, SettingsChange(session_timeout_minutes=5))
    assert log(world) == [
        Entry(SESSIONS, 1, 2, Cause.TIMEOUT),
        Entry(TIME, 10 * MINUTE_MS, 0, Cause.TIMEOUT),
    ]
    world.clock.now_ms += MINUTE_MS
    refold(world, SettingsChange(session_timeout_minutes=15, time_zone="Asia/Kolkata"))
    causes = [entry.cause for entry in log(world)]
    assert causes == [Cause.TIMEOUT, Cause.TIMEOUT, Cause.ZONE, Cause.ZONE]


def test_late_events_after_a_change_go_on_from_its_entry() -> None:
    world = world_at(FINAL_MS, event(NOON_MS), event(END_MS - HOUR_MS))
    refold(world, SettingsChange(time_zone="Asia/Tokyo"))
    world.clock.now_ms += MINUTE_MS
    world.send(event(NOON_MS, name="another"))
    world.fold()
    of_hits = [entry for entry in log(world) if entry.measure is HITS]
    assert of_hits == [Entry(HITS, 2, 1, Cause.ZONE), Entry(HITS, 1, 2, Cause.LATE)]


def test_a_generation_that_is_not_served_is_not_in_the_log() -> None:
    """Whoever was about to serve it has died, and then it was given up."""
    steps = 0
    while True:
        world = world_at(FINAL_MS, event(NOON_MS), event(END_MS - HOUR_MS))
        tenants = TenantStore(world.store)
        tenants.change(TENANT, SettingsChange(time_zone="Asia/Tokyo"), now_ms=FINAL_MS)
        fault = Countdown(steps, CrashError)
        services = world.services(ProbedStore(world.store, after=fault))
        with suppress(CrashError):
            world.fold(services)
        is_served = world.data().settings.time_zone == "Asia/Tokyo"
        assert bool(log(world)) == is_served, steps
        if not is_served:
            tenants.change(TENANT, SettingsChange(time_zone="UTC"), now_ms=FINAL_MS)
            world.fold()
            assert log(world) == [], steps
            refold(world, SettingsChange(session_timeout_minutes=60))
            assert log(world) == [], steps
        if not fault.is_over:
            break
        steps += 1
    assert steps > 50


def test_the_log_is_read_in_pages() -> None:
    world = world_at(FINAL_MS, event(NOON_MS))
    for name in ("a second", "a third"):
        world.send(event(NOON_MS, name=name), login(NOON_MS + MINUTE_MS, name=f"in {name}"))
        world.fold()
        world.clock.now_ms += MINUTE_MS
    restatements = world.data().restatements
    whole = restatements.between(DAY, DAY)
    assert len(whole) == 5
    read = []
    after = ""
    while page := restatements.between(DAY, DAY, limit=2, after=after):
        read += page
        after = page[-1].cursor
    assert read == whole
    assert restatements.between(date(2026, 11, 23), date(2026, 12, 23)) == []
    assert restatements.between(date(2026, 10, 1), date(2026, 11, 21)) == []
    assert restatements.between(date(2026, 10, 1), date(2027, 11, 21)) == whole


def test_heartbeats_alone_restate_nothing() -> None:
    world = world_at(FINAL_MS, event(NOON_MS))
    world.send(heartbeat(NOON_MS + HOUR_MS))
    world.fold()
    assert log(world) == []
