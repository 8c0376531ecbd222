"""Small deliveries that wait in the queue: acknowledged, packed together, and never lost."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

import functions.ingest.handler
from functions.ingest.delivery_queue import (
    MAX_MESSAGE_BYTES,
    QueuedDelivery,
    SqsDeliveryQueue,
    delivery_of,
    text_of,
)
from functions.ingest.packing import SETTLED_AFTER_MS, Message, Packing
from functions.ingest.pipeline import Ingest
from functions.ingest.queues import Settling, queue_of
from functions.ingest.store_queue import MAX_RECEIVES, StoreQueue
from functions.ingest.storing import MAX_QUEUED_EVENTS
from shared.metrics.domain.errors import BadInputError, StorageUnavailableError
from shared.metrics.services import Services
from shared.metrics.settings import Settings
from shared.metrics.storage.backlog import Backlog
from shared.metrics.storage.keys import DIRECTORY
from tests.builders import MINUTE_MS, event
from tests.faults.probed_store import Probe, ProbedStore, nothing
from tests.faults.probes import Countdown, unavailable
from tests.faults.world import NOON_MS, TENANT
from tests.unit.domain.strategies import events as some_events
from tests.unit.ingest.service import Service, row

CONTEXT = LambdaContext()


@pytest.fixture
def queue(service: Service) -> StoreQueue:
    """The queue of the service, whose process uses it."""
    found = StoreQueue(service.store, service.clock)
    restart(service, found)
    return found


def restart(service: Service, queue: StoreQueue | None, *, before: Probe = nothing) -> None:
    store = ProbedStore(service.store, before=before)
    world = service.world
    service.process = Ingest(store, service.clock, world._count, world.box, queue)


def drain(
    service: Service, queue: StoreQueue, *, before: Probe = nothing, most: int = 1_000
) -> list[str]:
    """Store what waits; the ids of the messages that failed."""
    store = ProbedStore(service.store, before=before)
    batch = queue.take(most)
    packing = Packing(store, service.clock, lambda _id, _error: None)
    failed = packing.store(
        [Message(each.name, each.text, each.sent_ms, each.receives + 1) for each in batch]
    )
    queue.finish([each for each in batch if each.name not in failed])
    queue.put_back([each for each in batch if each.name in failed])
    return failed


def packs(service: Service) -> list[str]:
    items = service.store.everything()
    return [item.key.sort for item in items if item.key.partition.startswith("packs#")]


@given(st.lists(some_events(st.integers(0, NOON_MS)), min_size=1, max_size=3))
def test_a_message_is_what_was_put_into_it(events: list[Any]) -> None:
    delivery = QueuedDelivery("acme", "request", events)
    text = text_of(delivery)
    assert text.isascii()
    assert delivery_of(text) == delivery


@pytest.mark.parametrize("text", ["", "\N{SNOWMAN}", "AAAA", "e30="])
def test_a_message_that_is_no_delivery_is_told(text: str) -> None:
    with pytest.raises(BadInputError, match="the message is no delivery"):
        delivery_of(text)


def test_small_deliveries_wait_and_are_packed_together(service: Service, queue: StoreQueue) -> None:
    for at in range(20):
        service.clock.now_ms += 1
        assert service.send(row(event_id=f"e{at}")).counts == (1, 1, 0)
    assert service.events() == []
    assert drain(service, queue) == []
    assert len({each.event_id for each in service.events()}) == 20
    assert len(packs(service)) == 1
    assert {each.received_at_ms for each in service.events()} == {NOON_MS + 1}
    assert queue.is_empty()


def test_large_deliveries_do_not_wait(service: Service, queue: StoreQueue) -> None:
    service.send(*[row(event_id=f"e{at}") for at in range(MAX_QUEUED_EVENTS + 1)])
    big = [row(event_id=f"b{at}", context={"noise": "x" * 32_000}) for at in range(5)]
    assert len(json.dumps(big)) * 4 // 3 > MAX_MESSAGE_BYTES
    service.send(*big)
    assert len(service.events()) == MAX_QUEUED_EVENTS + 1 + 5
    assert queue.is_empty()


def test_directory_events_wait_too(service: Service, queue: StoreQueue) -> None:
    at = "2026-11-22T12:00:00Z"
    service.send({"type": "user.upserted", "user_id": "ann", "occurred_at": at}, row())
    drain(service, queue)
    assert {mark.unit for mark in service.world.data().units.marks()} == {DIRECTORY, "2026-11-22"}


def test_bad_rows_of_a_delivery_that_waits_are_in_quarantine_at_once(
    service: Service, queue: StoreQueue
) -> None:
    """Case 20."""
    assert service.send(row(), row(event_id="e2", user_id=None)).counts == (2, 1, 1)
    assert [kept.reason for kept in service.quarantine()] == ["missing_user"]
    assert len(queue.take(9)) == 1


def test_a_message_that_comes_again_adds_nothing(service: Service, queue: StoreQueue) -> None:
    """Case 27."""
    for at in range(3):
        service.send(row(event_id=f"e{at}"))
    waiting = queue.take(9)
    again = [Message(each.name, each.text, each.sent_ms, 2) for each in waiting]
    drain(service, queue)
    packing = Packing(service.store, service.clock, lambda _id, _error: None)
    assert packing.store(again) == []
    assert len(packs(service)) == 1, "the same batch is the same pack"
    assert packing.store(again[:2]) == []
    service.world.fold()
    (manifest,) = service.world.data().manifests.all().values()
    assert (manifest.rows, manifest.duplicates) == (3, 2)


def test_only_poison_fails_and_is_put_aside_and_can_be_let_in_again(
    service: Service, queue: StoreQueue
) -> None:
    """Case 28."""
    service.send(row())
    queue.send("poison", "this is no delivery")
    lost = text_of(QueuedDelivery("no such tenant", "r", [event(NOON_MS)]))
    queue.send("lost", lost)
    for number in range(MAX_RECEIVES):
        failed = {name.partition("#")[2] for name in drain(service, queue)}
        assert failed == {"lost", "poison"}, number
        assert len(service.events()) == 1
    assert queue.is_empty()
    assert queue.redrive() == 2
    assert len(queue.take(9)) == 2


def test_one_delivery_that_cannot_be_stored_does_not_keep_others_of_its_tenant(
    service: Service, queue: StoreQueue
) -> None:
    """Case 28."""
    service.send(row(event_id="e1"))
    broken = event(NOON_MS)._replace(event_id=b"short")
    queue.send("broken", text_of(QueuedDelivery(TENANT, "broken", [broken])))
    unreal = event(NOON_MS)._replace(occurred_at_ms=1 << 60)
    queue.send("unreal", text_of(QueuedDelivery(TENANT, "unreal", [unreal])))
    failed = drain(service, queue)
    assert [name.partition("#")[2] for name in failed] == ["unreal"]
    assert row()["user_id"] in {each.user_id for each in service.events()}
    assert Backlog(service.store).oldest_ms(TENANT) == 0, "it is held until it is stored"


@pytest.mark.parametrize("place", range(12))
def test_a_store_that_fails_at_any_step_loses_nothing(
    service: Service, queue: StoreQueue, place: int
) -> None:
    """Cases 25 and 27."""
    for at in range(4):
        service.send(row(event_id=f"e{at}"))
    fault = Countdown(place, StorageUnavailableError)
    try:
        failed = drain(service, queue, before=fault)
    except StorageUnavailableError:
        failed = []  # in taking marks back; the queue hands everything out again
    assert len(failed) in (0, 4)
    drain(service, queue)
    assert len({each.event_id for each in service.events()}) == 4
    assert queue.is_empty()


def test_nothing_is_acknowledged_that_the_queue_did_not_take(
    service: Service, queue: StoreQueue
) -> None:
    """Case 25."""
    broken = StoreQueue(ProbedStore(service.store, before=unavailable), service.clock)
    restart(service, broken)
    answer = service.send(row())
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert queue.is_empty()


def test_a_mark_says_from_when_on_something_may_wait(service: Service, queue: StoreQueue) -> None:
    backlog = Backlog(service.store)
    service.send(row())
    assert backlog.oldest_ms(TENANT) == NOON_MS
    drain(service, queue)
    assert backlog.oldest_ms(TENANT) == NOON_MS, "others of that minute may still come"
    settling = Settling(service.store, service.clock)
    for expected in (NOON_MS, NOON_MS, NOON_MS, NOON_MS, None):
        settling.look(queue)
        assert backlog.oldest_ms(TENANT) == expected
        service.clock.now_ms += MINUTE_MS


def test_a_queue_that_is_not_empty_settles_nothing(service: Service, queue: StoreQueue) -> None:
    settling = Settling(service.store, service.clock)
    settling.look(queue)
    service.send(row())
    for _ in range(5):
        service.clock.now_ms += MINUTE_MS
        settling.look(queue)
    assert Backlog(service.store).oldest_ms(TENANT) == NOON_MS
    drain(service, queue)
    settling.look(queue)
    service.clock.now_ms += MINUTE_MS
    settling.look(queue)
    assert Backlog(service.store).oldest_ms(TENANT) is None


def test_a_stream_of_deliveries_settles_what_was_long_before(
    service: Service, queue: StoreQueue
) -> None:
    for _ in range(9):
        service.send(row())
        drain(service, queue)
        service.clock.now_ms += MINUTE_MS
    oldest_ms = Backlog(service.store).oldest_ms(TENANT)
    assert oldest_ms == service.clock() - MINUTE_MS - SETTLED_AFTER_MS


def test_what_is_let_in_again_is_no_longer_held(service: Service, queue: StoreQueue) -> None:
    service.send(row())
    drain(service, queue, before=unavailable)
    backlog = Backlog(service.store)
    request_id = delivery_of(queue.take(1)[0].text).request_id
    backlog.hold(TENANT, NOON_MS, request_id, NOON_MS)
    Backlog(service.store).settle(NOON_MS + MINUTE_MS)
    assert backlog.oldest_ms(TENANT) == NOON_MS
    drain(service, queue)
    assert backlog.oldest_ms(TENANT) is None


def test_the_function_stores_what_the_queue_hands_it(
    service: Service, queue: StoreQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 28."""
    service.send(row())
    (waiting,) = queue.take(9)
    packing = Packing(service.store, service.clock, functions.ingest.handler._not_stored)
    monkeypatch.setattr(functions.ingest.handler, "packing", lambda: packing)
    records = [
        {
            "messageId": name,
            "body": text,
            "attributes": {"SentTimestamp": "1", "ApproximateReceiveCount": "1"},
        }
        for name, text in (("good", waiting.text), ("bad", "poison"))
    ]
    answer = functions.ingest.handler.handler({"Records": records}, CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert len(service.events()) == 1


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield get_session().create_client("sqs")


def test_the_queue_in_aws_takes_messages_and_tells_whether_it_is_empty(
    service: Service,
    sqs: Any,  # noqa: ANN401 - a client of botocore has no type
) -> None:
    url = sqs.create_queue(QueueName="deliveries")["QueueUrl"]
    settings = Settings(delivery_queue=url)
    queue = queue_of(Services(settings, service.store, service.clock))
    assert isinstance(queue, SqsDeliveryQueue)
    assert queue.is_empty()
    queue.send("request", "text")
    assert not queue.is_empty()
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "text"
    assert not queue.is_empty(), "it is handed out, and not yet stored"
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert queue.is_empty()
    gone = SqsDeliveryQueue(cast("Any", sqs), f"{url}-gone")
    with pytest.raises(StorageUnavailableError, match="did not take"):
        gone.send("request", "text")
    with pytest.raises(StorageUnavailableError, match="cannot be looked at"):
        gone.is_empty()


def test_without_the_setting_there_is_no_queue(service: Service) -> None:
    assert queue_of(service.world.services()) is None
    local = queue_of(Services(Settings(delivery_queue="store"), service.store, service.clock))
    assert isinstance(local, StoreQueue)
