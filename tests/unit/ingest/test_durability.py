"""Nothing is acknowledged before it is durable and will be found (docs/events.md)."""

import json
from collections import Counter
from random import Random

import pytest

from shared.metrics.domain.errors import StorageUnavailableError
from tests.faults.probed_store import Probe, ProbedStore, nothing
from tests.faults.probes import Countdown, Meanwhile, unavailable
from tests.unit.ingest.service import Service, row, serve

ROWS = (
    row(),
    row(event_id="e2", occurred_at="2026-11-21T12:00:00Z"),
    row(event_id="e3", feature=None),
    {"type": "user.upserted", "user_id": "ann", "occurred_at": "2026-11-22T12:00:00Z"},
)
UNITS = {"2026-11-21", "2026-11-22", "directory"}


def restart(service: Service, *, before: Probe = nothing, after: Probe = nothing) -> None:
    """Begin a new process, whose store is watched like this."""
    service.process = service.world.ingest(ProbedStore(service.store, before=before, after=after))


def marked(service: Service) -> set[str]:
    return {mark.unit for mark in service.world.data().units.marks()}


def test_a_store_that_is_down_makes_a_request_one_to_repeat(service: Service) -> None:
    """Case 25."""
    restart(service, before=unavailable)
    answer = service.send(row())
    assert answer.status == 503
    assert answer.headers["retry-after"] == "30"
    assert answer.document["error"]["code"] == "unavailable"
    assert service.kept_nothing()


@pytest.mark.parametrize("place", ["before", "after"])
def test_after_a_fault_at_any_step_nothing_is_acknowledged_and_a_repetition_mends_it(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Cases 24 to 27."""
    steps = 0
    while True:
        service = serve(monkeypatch)
        fault = Countdown(steps, StorageUnavailableError)
        restart(service, **{place: fault})
        answer = service.send(*ROWS)
        if not fault.is_over:
            break
        assert answer.status == 503
        assert answer.headers["retry-after"] == "30"
        assert service.send(*ROWS).counts == (4, 3, 1)
        assert marked(service) == UNITS
        assert {kept.index for kept in service.quarantine()} == {2}
        steps += 1
    assert answer.status == 200
    assert steps == 15


def test_a_process_writes_the_mark_of_a_minute_once(service: Service) -> None:
    steps: Counter[str] = Counter()

    def count(step: str) -> None:
        steps[step.partition("#")[0]] += 1

    restart(service, before=count)
    for number in (1, 2):
        service.send(row())
        service.send(row())
        service.clock.now_ms += 60_000
        assert steps["put_many marks"] == number
        assert steps["put_many packs"] == 2 * number


def test_a_mark_that_was_not_confirmed_is_written_again(service: Service) -> None:
    fault = Meanwhile("put_many marks", lambda: unavailable("the answer is lost"))
    restart(service, before=fault)
    assert service.send(row()).status == 503
    assert marked(service) == set()
    assert service.send(row()).status == 200
    assert marked(service) == {"2026-11-22"}


def test_a_pack_is_put_behind_a_fence_that_has_reached_it(service: Service) -> None:
    units = service.world.data().units
    minute = service.clock.now_ms // 60_000
    for fence in (minute, minute + 7):
        units.move_fence("2026-11-22", fence)
        service.send(row(event_id=str(fence)))
        assert fence + 1 in {mark.minute for mark in units.marks()}
        assert len(units.packs("2026-11-22", after=fence)) == 1
    assert len(units.packs("2026-11-22")) == 2


def test_a_fence_that_moves_while_a_pack_is_put_behind_it_is_followed(service: Service) -> None:
    units = service.world.data().units
    fence = service.clock.now_ms // 60_000

    def move() -> None:
        nonlocal fence
        fence = units.move_fence("2026-11-22", fence + 1)

    restart(service, before=Meanwhile("get fence", move, times=3))
    assert service.send(row()).status == 200
    assert [mark.minute for mark in units.marks()] == [fence + 1]
    assert len(units.packs("2026-11-22", after=fence)) == 1
    restart(service, before=Meanwhile("get fence", move, times=9))
    assert service.send(row()).status == 503
    assert len(units.marks()) == 1


def test_large_deliveries_are_split_and_kept_whole(service: Service) -> None:
    """Case 23."""
    noise = Random(1)
    texts = [noise.randbytes(10_000).hex() for _ in range(45)]
    rows = [row(event_id=f"e{at}", context={"noise": text}) for at, text in enumerate(texts)]
    assert service.send(*rows).counts == (45, 45, 0)
    packs = [item for item in service.store.everything() if "packs#" in item.key.partition]
    assert len(packs) > 1
    assert max(len(item.body) for item in packs) <= 350_000
    kept = [json.loads(event.context)["noise"] for event in service.events()]
    assert sorted(kept) == sorted(texts)


def test_a_large_quarantine_is_split_and_read_only_when_whole(service: Service) -> None:
    """Case 23."""
    noise = Random(1)
    originals = [noise.randbytes(12_000).hex() for _ in range(40)]
    body = json.dumps({"rejected": [{"reason": "r", "original": text} for text in originals]})
    restart(service, after=Countdown(2, StorageUnavailableError))
    assert service.post(body).status == 503
    assert service.quarantine() == []
    assert service.send(row(feature=None)).counts == (1, 0, 1)
    assert service.post(body).counts == (40, 0, 40)
    assert {kept.original.decode() for kept in service.quarantine()} > set(originals)
    assert len(service.quarantine()) == 41
