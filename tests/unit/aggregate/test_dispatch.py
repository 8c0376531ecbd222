"""Who is told to fold what, and what comes of messages that cannot be done."""

import json
from collections.abc import Mapping
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

import functions.aggregate.handler
from functions.aggregate.queue import FoldMessage, LocalQueue, SqsQueue
from functions.aggregate.tasks import dispatch, work
from functions.aggregate.tenant_day import FoldOutcome
from shared.metrics.domain.errors import BadInputError, StorageUnavailableError
from shared.metrics.storage.keys import marks_partition
from shared.metrics.storage.units import Units, all_marks
from tests.builders import DAY_MS, MINUTE_MS, event, upserted
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import unavailable
from tests.faults.published import manifests_of
from tests.faults.world import NOON_MS, TENANT, TODAY, World

CONTEXT = cast("LambdaContext", SimpleNamespace(aws_request_id="r"))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def queue(world: World, monkeypatch: pytest.MonkeyPatch) -> LocalQueue:
    """The queue of the handler, whose services are the world's."""
    queue, services = LocalQueue(), world.services()
    monkeypatch.setattr(functions.aggregate.handler, "services", lambda: services)
    monkeypatch.setattr(functions.aggregate.handler, "queue", lambda: queue)
    return queue


def handle(event: Mapping[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", functions.aggregate.handler.handler(dict(event), CONTEXT))


def sqs_event(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{at}",
                "receiptHandle": "h",
                "body": body,
                "attributes": {},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:folds",
                "awsRegion": "eu-west-1",
            }
            for at, body in enumerate(bodies)
        ]
    }


def fold_message(unit: str, tenant: str = TENANT) -> str:
    return json.dumps({"tenant": tenant, "unit": unit})


def test_every_dirty_unit_gets_one_message_and_days_come_in_order(world: World) -> None:
    world.add_tenant("a tenant", "src2")
    for ago in (0, 2, 1):
        for minutes in (0, 1):
            world.send(event(NOON_MS - ago * DAY_MS + minutes))
            world.clock.now_ms += MINUTE_MS
    world.send(upserted(NOON_MS))
    world.send(event(NOON_MS), source_id="src2")
    queue = LocalQueue()
    assert len(all_marks(world.store)) == 8
    assert dispatch(world.services(), queue) == 5
    assert queue.take(3) == [
        FoldMessage("a tenant", "2026-11-22"),
        FoldMessage(TENANT, "2026-11-20"),
        FoldMessage(TENANT, "2026-11-21"),
    ]
    assert queue.take(99) == [
        FoldMessage(TENANT, "2026-11-22"),
        FoldMessage(TENANT, "directory"),
    ]


def test_nothing_dirty_is_nothing_to_do(world: World) -> None:
    queue = LocalQueue()
    assert dispatch(world.services(), queue) == 0
    assert queue.take(1) == []


def test_the_scheduler_may_fire_twice_or_come_back_after_days(
    world: World, queue: LocalQueue
) -> None:
    world.send(event(NOON_MS))
    assert handle({"task": "dispatch"}) == {"dispatched": 1}
    assert handle({"task": "dispatch"}) == {"dispatched": 1}
    assert [work(world.services(), message) for message in queue.take(9)] == [
        FoldOutcome.PUBLISHED,
        FoldOutcome.UNCHANGED,
    ]
    assert handle({"task": "dispatch"}) == {"dispatched": 0}
    world.send(event(NOON_MS, "bob"))
    world.clock.now_ms += 3 * DAY_MS
    world.send(event(NOON_MS + 2 * DAY_MS))
    assert handle({"task": "dispatch"}) == {"dispatched": 2}


def test_only_the_messages_that_fail_come_back(world: World, queue: LocalQueue) -> None:
    """Case 28."""
    world.send(event(NOON_MS))
    answer = handle(
        sqs_event(
            "no json",
            fold_message(TODAY.isoformat()),
            fold_message(TODAY.isoformat(), "no such tenant"),
            fold_message("no day"),
            json.dumps({"tenant": TENANT}),
            fold_message("2020-01-01"),
        )
    )
    failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    assert failed == ["m0", "m2", "m3", "m4"]
    assert list(manifests_of(world.data())) == [TODAY]
    assert all_marks(world.store) == []


def test_when_the_store_is_down_all_messages_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send(event(NOON_MS))
    services = world.services(ProbedStore(world.store, before=unavailable))
    monkeypatch.setattr(functions.aggregate.handler, "services", lambda: services)
    answer = handle(sqs_event(*[fold_message(TODAY.isoformat())] * 2))
    assert len(answer["batchItemFailures"]) == 2
    assert len(all_marks(world.store)) == 1


def test_an_unknown_task_is_refused(queue: LocalQueue) -> None:
    handle({"task": "sweep"})
    with pytest.raises(BadInputError, match="unknown task 'tidy'"):
        handle({"task": "tidy"})


class FakeSqs:
    """Takes messages, and refuses those whose unit it is told to."""

    def __init__(self, refused: str = "") -> None:
        self.batches: list[list[dict[str, str]]] = []
        self._refused = refused

    @property
    def queue(self) -> SqsQueue:
        """The queue behind this client."""
        return SqsQueue(cast("Any", self), "url")

    def send_message_batch(
        self,
        *,
        QueueUrl: str,  # noqa: N803 - as boto3 calls it
        Entries: list[dict[str, str]],  # noqa: N803 - likewise
    ) -> dict[str, Any]:
        assert QueueUrl == "url"
        self.batches.append(Entries)
        refused = [
            each for each in Entries if json.loads(each["MessageBody"])["unit"] == self._refused
        ]
        return {"Failed": refused} if refused else {"Successful": Entries}


def test_messages_are_sent_ten_a_request() -> None:
    client = FakeSqs()
    messages = [FoldMessage(TENANT, str(at)) for at in range(25)]
    client.queue.send(messages)
    assert [len(batch) for batch in client.batches] == [10, 10, 5]
    assert all(len({each["Id"] for each in batch}) == len(batch) for batch in client.batches)
    sent = [json.loads(each["MessageBody"])["unit"] for batch in client.batches for each in batch]
    assert sent == [str(at) for at in range(25)]


def test_a_message_that_the_queue_did_not_take_is_an_error() -> None:
    messages = [FoldMessage(TENANT, str(at)) for at in range(12)]
    with pytest.raises(StorageUnavailableError, match="did not take 1"):
        FakeSqs(refused="11").queue.send(messages)


def in_the_same_shard(tenant: str) -> str:
    """A longer name whose marks are in the same partition."""
    names = (f"{tenant}{number}" for number in count())
    return next(name for name in names if marks_partition(name) == marks_partition(tenant))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acme", "acme2"),
        ("acme", in_the_same_shard("acme")),
        ("a", "a#2026-11-22"),
        ("a", "a%23"),
        ("a#b", "a%23b"),
        ("é" * 100, "é" * 99 + "e"),
        ("#" * 100, "#" * 99),
        ("tenant", "tenant "),
    ],
)
def test_marks_packs_and_manifests_of_one_tenant_are_not_anothers(one: str, other: str) -> None:
    world = World()
    for name in (one, other):
        world.add_tenant(name, f"source-{name.encode().hex()}") if name != TENANT else None
    source = f"source-{other.encode().hex()}"
    world.send(event(NOON_MS), source_id=source)
    theirs = Units(world.store, one, 1)
    assert theirs.marks() == theirs.marks("2026-11-22") == []
    assert theirs.packs("2026-11-22") == []
    assert dispatch(world.services(), LocalQueue()) == 1
    assert [mark.tenant for mark in all_marks(world.store)] == [other]
    fold = work(world.services(), FoldMessage(one, "2026-11-22"))
    assert fold is FoldOutcome.NOTHING
    assert [mark.tenant for mark in all_marks(world.store)] == [other]
    assert work(world.services(), FoldMessage(other, "2026-11-22")) is FoldOutcome.PUBLISHED
    assert manifests_of(world.data(one)) == {}
    assert len(manifests_of(world.data(other))) == 1
