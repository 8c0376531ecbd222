"""Folding what is dirty, by command and by schedule."""

from datetime import date

import pytest

from devstack import folding, scheduler
from devstack.folding import Outcome, Wanted, dispatched, local_queue
from devstack.scheduler import Scheduler
from devstack.stack import LocalStack
from functions.aggregate import handler
from functions.aggregate.queue import FoldMessage, Task
from functions.aggregate.tasks import work
from functions.aggregate.tenant_day import FoldOutcome
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.services import Services
from shared.metrics.storage.ports import Item, Key, Table
from shared.metrics.storage.sqlite import SqliteStore
from shared.metrics.storage.tenants import SettingsChange
from tests.unit.devstack.events import delivery, event


def fill(stack: LocalStack, *days: int, tenant: str = "acme") -> None:
    key = stack.create_source(tenant, "native").secret
    assert stack.ingest(delivery(*map(event, days)), key).status == 200


def dirty() -> set[str]:
    return {message.unit for message in dispatched(Wanted())}


def test_the_outcomes_are_counted_with_what_was_folded(stack: LocalStack) -> None:
    key = stack.create_source("acme", "native").secret
    stack.ingest(delivery(event(19, event_id="1"), event(20, event_id="2")), key)
    stack.ingest(delivery(event(20, event_id="2")), key)
    seen: list[tuple[int, int]] = []
    summary = stack.aggregate(lambda done, known: seen.append((done, known)))
    assert summary.outcomes == {Outcome.PUBLISHED: 2}
    assert (summary.rows, summary.duplicates) == (2, 1)
    assert (summary.failed, summary.waiting) == ([], [])
    assert seen == [(2, 2)]


def test_a_mark_without_news_leaves_everything_as_it_is(stack: LocalStack) -> None:
    fill(stack, 20)
    stack.aggregate()
    stack.services.tenancy.open("acme").units.mark_minute("2023-11-20", 1)
    stack.services.tenancy.open("acme").units.mark_minute("2023-11-02", 1)
    assert stack.aggregate().outcomes == {Outcome.UNCHANGED: 1, Outcome.EMPTY: 1}


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(tenant="beta"), {"2023-11-10", "2023-11-15", "2023-11-20"}),
        (Wanted(first=date(2023, 11, 15)), {"2023-11-10", "2023-11-12"}),
        (Wanted(last=date(2023, 11, 15)), {"2023-11-20"}),
        (
            Wanted("acme", date(2023, 11, 11), date(2023, 11, 19)),
            {"2023-11-10", "2023-11-12", "2023-11-20"},
        ),
        (Wanted(), set()),
    ],
)
def test_only_what_is_wanted_is_folded(stack: LocalStack, wanted: Wanted, left: set[str]) -> None:
    stack.create_tenant("beta", "UTC")
    fill(stack, 10, 15, 20)
    fill(stack, 12, tenant="beta")
    stack.aggregate(wanted=wanted)
    assert dirty() == left


def test_the_directory_is_in_every_range() -> None:
    assert FoldMessage("acme", "directory") in Wanted("acme", date(2023, 11, 1))


def test_a_refold_is_in_no_range() -> None:
    split = FoldMessage("acme", "2023-11-20", 2, Task.SPLIT)
    assert split in Wanted("acme")
    assert split not in Wanted("beta")
    assert split not in Wanted(first=date(2023, 11, 1))


def change_zone(stack: LocalStack) -> None:
    stack.services.tenants.change(
        "acme", SettingsChange(time_zone="Asia/Tokyo"), now_ms=stack.services.clock()
    )


def test_a_change_of_zone_ends_in_one_run(stack: LocalStack) -> None:
    fill(stack, 10, 15, 20)
    change_zone(stack)
    summary = stack.aggregate()
    assert summary.outcomes == {Outcome.PUBLISHED: 6}
    assert (summary.rows, summary.failed, summary.waiting) == (6, [], [])
    assert stack.services.tenants.get("acme").generation == 2


def test_a_refold_that_waits_for_what_fails_does_not_keep_a_command_for_ever(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(stack, 10, 15)
    stack.aggregate()
    change_zone(stack)
    broken = Broken("2023-11-15")
    monkeypatch.setattr(handler, "work", broken.work)
    summary = stack.aggregate()
    assert [message.unit for message in summary.failed] == ["2023-11-15"]
    assert broken.asked.count("2023-11-15") <= 3
    assert stack.services.tenants.get("acme").generation == 1
    monkeypatch.undo()
    assert stack.aggregate().failed == []
    assert stack.services.tenants.get("acme").generation == 2


class Broken:
    """Folds that fail for some units."""

    def __init__(self, *units: str) -> None:
        self.units = units
        self.asked: list[str] = []

    def work(self, services: Services, message: FoldMessage) -> FoldOutcome:
        self.asked.append(message.unit)
        if message.unit in self.units:
            raise StorageUnavailableError("no")
        return work(services, message)


def test_what_fails_is_named_and_the_rest_is_folded(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken("2023-11-15")
    monkeypatch.setattr(handler, "work", broken.work)
    fill(stack, 10, 15, 20)
    summary = stack.aggregate()
    assert summary.outcomes == {Outcome.PUBLISHED: 2, Outcome.FAILED: 2}
    assert summary.failed == [FoldMessage("acme", "2023-11-15")]
    assert broken.asked.count("2023-11-15") == 2
    monkeypatch.undo()
    assert stack.aggregate().failed == []
    assert dirty() == set()


def test_events_without_end_do_not_keep_a_command_for_ever(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work_and_mark(services: Services, message: FoldMessage) -> FoldOutcome:
        outcome = work(services, message)
        services.tenancy.open(message.tenant).units.mark_minute(message.unit, 1)
        return outcome

    monkeypatch.setattr(handler, "work", work_and_mark)
    fill(stack, 20)
    summary = stack.aggregate()
    assert summary.outcomes.total() == folding.MAX_ROUNDS
    assert summary.waiting == [FoldMessage("acme", "2023-11-20")]


def test_the_schedule_folds_what_is_dirty(stack: LocalStack) -> None:
    fill(stack, 10, 15, 20)
    Scheduler().tick()
    assert dirty() == set()


def test_the_schedule_sweeps_when_it_is_time(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "SWEEP_SECONDS", 0)
    swept: list[object] = []
    monkeypatch.setattr(handler, "sweep", swept.append)
    Scheduler().tick()
    assert len(swept) == 1


def test_a_sweep_removes_what_has_expired(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = stack.services.store
    assert isinstance(store, SqliteStore)
    store.put_many([Item(Key(Table.EVENTS, "old", "row"), b"", expires_at=1)])
    monkeypatch.setattr(scheduler, "SWEEP_SECONDS", 0)
    Scheduler().tick()
    assert store.purge_expired() == 0  # nothing was left to remove


def test_a_message_that_fails_is_delivered_again_until_it_is_dropped(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Broken("2023-11-15")
    monkeypatch.setattr(handler, "work", broken.work)
    fill(stack, 10, 15)
    running = Scheduler()
    for round_ in range(scheduler.MAX_RECEIVES):
        assert broken.asked.count("2023-11-15") == round_
        running.tick()
    assert broken.asked.count("2023-11-10") == 1
    assert "2023-11-15 could not be folded" in caplog.text
    assert local_queue().take(10) == []
    assert dirty() == {"2023-11-15"}


def test_the_thread_outlives_a_failure_and_ends_when_told(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    running = Scheduler(dispatch_seconds=0)
    failing = [True]
    tick = running.tick

    def tick_or_fail() -> None:
        if failing:
            failing.pop()
            raise StorageUnavailableError("no")
        tick()
        running._stopping.set()

    monkeypatch.setattr(running, "tick", tick_or_fail)
    fill(stack, 20)
    running.start()
    running._thread.join(timeout=30)
    running.stop()
    assert "the scheduler failed; it tries again" in caplog.text
    assert dirty() == set()
