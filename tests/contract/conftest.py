"""Both stores, ready for a test: DynamoDB as moto plays it, and SQLite."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import pynamodb.connection.base
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.session import Session
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.common_types import TYPE_RESPONSE

from shared.metrics.storage.dynamodb import DynamoStore
from shared.metrics.storage.ports import Store
from shared.metrics.storage.sqlite import SqliteStore


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now_ms = 1_795_305_600_000

    def __call__(self) -> int:
        return self.now_ms

    @property
    def now_seconds(self) -> int:
        return self.now_ms // 1000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sqlite(tmp_path: Path, clock: Clock) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "metrics.db", clock=clock)
    yield store
    store.close()


@pytest.fixture(scope="session")
def aws_session() -> Session:
    """Reads the description of DynamoDB once: a client takes 3 ms instead of 60."""
    return Session()


@pytest.fixture
def dynamodb(
    aws_session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DynamoStore]:
    monkeypatch.setattr(pynamodb.connection.base, "get_session", lambda: aws_session)
    _answer_one_request_at_a_time(monkeypatch)
    with mock_aws():
        store = DynamoStore("events", "metrics", region="eu-west-1", clock=clock)
        store.create_tables()
        yield store


@pytest.fixture(params=["dynamodb", "sqlite"])
def store(request: pytest.FixtureRequest) -> Store:
    adapter: Store = request.getfixturevalue(request.param)
    return adapter


def _answer_one_request_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto checks a condition and then writes, and other threads may come in between."""
    answer = BotocoreStubber.process_request
    lock = Lock()

    def locked(stubber: BotocoreStubber, request: AWSPreparedRequest) -> TYPE_RESPONSE | None:
        with lock:
            return answer(stubber, request)

    monkeypatch.setattr(BotocoreStubber, "process_request", locked)
