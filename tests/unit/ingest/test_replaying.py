"""Replaying what is in quarantine (docs/operations.md)."""

import json

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

import functions.ingest.handler
from functions.ingest.replaying import DOCKETS_A_STEP, Replayer
from shared.metrics.domain.errors import BadInputError, StorageUnavailableError
from shared.metrics.storage.quarantine import KEPT_SECONDS, Quarantine
from shared.metrics.storage.replays import (
    MAX_WAITING,
    Replay,
    Replays,
    ReplayState,
    Wanted,
    waiting_replays,
)
from tests.faults.probed_store import Probe, ProbedStore, nothing
from tests.faults.probes import Countdown, CrashError, Meanwhile
from tests.faults.world import TENANT
from tests.unit.ingest.service import Service, row, serve

FOREVER = 1 << 60
CONTEXT = LambdaContext()
AHEAD = "2026-11-22T12:30:00Z"
"""Half an hour after the service's now: too far in the future for now."""


def ahead(name: str | None, **fields: object) -> dict[str, object]:
    return row(event_id=name, occurred_at=AHEAD, **fields)


def later(service: Service, minutes: int = 60) -> None:
    service.clock.now_ms += minutes * 60_000


def ask(service: Service, **wanted: object) -> Replay:
    chosen = Wanted(**wanted)  # type: ignore[arg-type]
    return Replays(service.store, TENANT, service.clock).ask(chosen, "ann")


def replay(
    service: Service,
    *,
    before: Probe = nothing,
    after: Probe = nothing,
) -> int:
    store = ProbedStore(service.store, before=before, after=after)
    return Replayer(store, service.clock).run(FOREVER)


def replayed(service: Service, **wanted: object) -> Replay:
    asked = ask(service, **wanted)
    replay(service)
    return Replays(service.store, TENANT, service.clock).get(asked.replay_id).replay


def kept(service: Service) -> list[tuple[int, str]]:
    return [(each.index, each.reason) for each in service.quarantine()]


def test_what_passes_is_stored_and_leaves_what_fails_stays_with_its_new_reason(
    service: Service,
) -> None:
    """Case 20."""
    service.send(row(), ahead("e2"), ahead("e3", feature=None), row(event_id="e4", user_id=None))
    assert kept(service) == [
        (1, "in_the_future"),
        (2, "missing_feature"),
        (3, "missing_user"),
    ]
    received_ms = service.clock()
    later(service)
    done = replayed(service)
    assert (done.state, done.stored, done.remaining) == (ReplayState.DONE, 1, 2)
    assert kept(service) == [(2, "missing_feature"), (3, "missing_user")]
    stored = {event.record_id or event.occurred_at_ms: event for event in service.events()}
    assert len(stored) == 2
    assert {event.received_at_ms for event in stored.values()} == {received_ms}
    assert list(waiting_replays(service.store)) == []


def test_an_event_has_the_id_that_its_delivery_would_have_given_it(service: Service) -> None:
    """Case 1."""
    twins = [ahead("e1"), *[ahead(None)] * 2]
    service.send(*twins)
    later(service)
    replayed(service)
    service.send(*twins)
    events = service.events()
    assert len(events) == 6
    assert len({event.event_id for event in events}) == 3


def test_only_what_is_wanted_is_tried(service: Service) -> None:
    service.send(ahead("e1"), ahead("e2"), ahead("e3", signal="LOUD"))
    service.clock.now_ms += 1
    service.send(ahead("e4"))
    later(service)
    name = next(Quarantine(service.store, TENANT).dockets()).name
    assert replayed(service, source="another").stored == 0
    assert replayed(service, reason="invalid_row").remaining == 1
    assert replayed(service, rows=((name, 1), (name, 77), ("no such", 1))).stored == 1
    assert kept(service) == [(0, "in_the_future"), (2, "invalid_row"), (0, "in_the_future")]
    assert replayed(service, reason="in_the_future").stored == 2


def test_what_the_sender_turned_away_cannot_be_tried(service: Service) -> None:
    service.post(json.dumps({"rejected": [{"reason": "no time", "original": "a;b"}]}))
    done = replayed(service)
    assert (done.stored, done.remaining) == (0, 1)
    assert [(each.reason, each.detail) for each in service.quarantine()] == [
        ("turned_away_by_sender", "no time")
    ]


def test_what_arrives_after_it_was_asked_for_is_left_alone(service: Service) -> None:
    service.send(ahead("e1"))
    later(service)
    asked = ask(service)
    service.clock.now_ms += 1
    service.send(row(event_id="e2", occurred_at="2026-11-22T14:00:00Z"))
    later(service, 120)
    replay(service)
    assert len(service.events()) == 1
    assert Replays(service.store, TENANT, service.clock).get(asked.replay_id).replay.stored == 1


def test_a_long_replay_goes_on_where_it_stopped(service: Service) -> None:
    number = DOCKETS_A_STEP * 2 + 3
    for at in range(number):
        service.clock.now_ms += 1
        service.send(ahead(f"e{at}"), ahead(f"b{at}", user_id=None))
    later(service)
    asked = ask(service)
    replays = Replays(service.store, TENANT, service.clock)
    times = iter([0, FOREVER])

    def clock() -> int:
        return next(times, FOREVER)

    Replayer(service.store, clock).run(FOREVER)
    assert replays.get(asked.replay_id).replay.state is ReplayState.WAITING
    replay(service)
    done = replays.get(asked.replay_id).replay
    assert (done.state, done.stored, done.remaining) == (ReplayState.DONE, number, number)
    assert len(service.events()) == number


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("error", [StorageUnavailableError, CrashError])
def test_a_death_at_any_step_loses_nothing_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch, place: str, error: type[BaseException]
) -> None:
    """Cases 26 and 27."""
    steps = 0
    while True:
        service = serve(monkeypatch)
        service.send(ahead("e1"), ahead("e2", user_id=None))
        later(service)
        ask(service)
        fault = Countdown(steps, error)
        try:
            if place == "before":
                replay(service, before=fault)
            else:
                replay(service, after=fault)
        except (StorageUnavailableError, CrashError):
            later(service, 5)
            replay(service)
        assert len({event.event_id for event in service.events()}) == 1
        assert kept(service) == [(1, "missing_user")]
        service.world.fold()
        (manifest,) = service.world.data().manifests.all().values()
        assert (manifest.rows, manifest.duplicates) == (1, 0)
        if not fault.is_over:
            break
        steps += 1
    assert steps > 10


def test_two_workers_at_once_store_every_row_once(service: Service) -> None:
    service.send(ahead("e1"), ahead("e2"))
    later(service)
    ask(service)
    other = Meanwhile("put_if dockets", lambda: replay(service))
    replay(service, before=other)
    assert other.has_happened
    assert kept(service) == []
    service.world.fold()
    (manifest,) = service.world.data().manifests.all().values()
    assert (manifest.rows, manifest.duplicates) == (2, 0)


def test_expired_rows_are_not_shown_nor_replayed(service: Service) -> None:
    """Case 39."""
    service.send(ahead("e1"))
    service.clock.now_ms += KEPT_SECONDS * 1000 + 1_000
    assert kept(service) == []
    assert replayed(service).stored == 0
    assert service.events() == []


def test_too_many_replays_do_not_wait_at_once(service: Service) -> None:
    for _ in range(MAX_WAITING):
        ask(service)
    with pytest.raises(BadInputError, match="wait already"):
        ask(service)
    with pytest.raises(BadInputError, match="rows are named"):
        ask(service, rows=tuple(("name", at) for at in range(1_001)))


def test_the_schedule_has_the_function_see_to_replays(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Replayer(service.store, service.clock)
    monkeypatch.setattr(functions.ingest.handler, "replayer", lambda: worker)
    monkeypatch.setattr(functions.ingest.handler, "services", service.world.services)
    service.send(ahead("e1"))
    later(service)
    ask(service)
    assert functions.ingest.handler.handler({"task": "tend"}, CONTEXT) == {"replayed": 1}
    assert functions.ingest.handler.handler({"task": "tend"}, CONTEXT) == {"replayed": 0}
    with pytest.raises(BadInputError, match="unknown task 'dance'"):
        functions.ingest.handler.handler({"task": "dance"}, CONTEXT)
