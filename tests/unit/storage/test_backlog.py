"""The backlog says from which minute on something may still wait, and never too late a one."""

from collections import Counter

import pytest

from shared.metrics.storage.backlog import HELD_SECONDS, Backlog
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore

MINUTE = 60_000
NOW = 29_921_760 * MINUTE


class Clock:
    now_ms = NOW

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> MemoryStore:
    return MemoryStore(clock)


def test_a_minute_is_marked_once_by_a_process(store: MemoryStore) -> None:
    steps: Counter[str] = Counter()

    def count(step: str) -> None:
        steps[step] += 1

    backlog = Backlog(ProbedStore(store, before=count))
    for at_ms in (NOW, NOW + 1, NOW + MINUTE, NOW + MINUTE):
        backlog.mark("acme", at_ms)
    assert steps == {"put_many backlog": 2}


def test_the_oldest_minute_of_a_tenant_counts_until_it_is_settled(store: MemoryStore) -> None:
    backlog = Backlog(store)
    assert backlog.oldest_ms("acme") is None
    backlog.mark("acme", NOW + MINUTE + 5)
    backlog.mark("acme", NOW + 5)
    backlog.mark("acme inc", NOW - MINUTE)
    assert backlog.oldest_ms("acme") == NOW
    backlog.settle(NOW + MINUTE - 1)
    assert backlog.oldest_ms("acme") == NOW, "its minute was not over by then"
    backlog.settle(NOW + MINUTE)
    assert backlog.oldest_ms("acme") == NOW + MINUTE
    assert backlog.oldest_ms("acme inc") is None
    assert backlog.oldest_ms("globex") is None


def test_what_could_not_be_stored_is_held_until_it_is(store: MemoryStore, clock: Clock) -> None:
    backlog = Backlog(store)
    backlog.hold("acme", NOW + 5, "request #1", NOW)
    backlog.hold("acme", NOW + MINUTE, "request #2", NOW)
    backlog.settle(NOW + 99 * MINUTE)
    assert backlog.oldest_ms("acme") == NOW
    backlog.release("acme", NOW + 5, "request #1")
    assert backlog.oldest_ms("acme") == NOW + MINUTE
    clock.now_ms += HELD_SECONDS * 1000
    assert backlog.oldest_ms("acme") is None
