"""What DynamoDB does on bad days, injected at the HTTP layer below botocore; moto does the rest."""

import json
import re
import traceback
from collections.abc import Callable, Iterator
from copy import copy
from itertools import repeat
from types import SimpleNamespace
from typing import Any, cast

import botocore.endpoint
import pynamodb.connection.base
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.session import Session
from moto import mock_aws
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.storage.dynamodb import DynamoStore
from shared.metrics.storage.ports import Item, Key, Table

URL = "https://dynamodb.eu-west-1.amazonaws.com/"
CALL_ATTEMPTS = 4
BATCH_ATTEMPTS = 8

Content = dict[str, Any]
Deliver = Callable[[AWSPreparedRequest], AWSResponse]
Fault = Callable[[AWSPreparedRequest, Deliver], AWSResponse]


class Wire:
    """Stands where botocore has its HTTP session; each request meets the next fault, if any."""

    def __init__(self) -> None:
        self.faults: Iterator[Fault] = iter(())
        self.operations: list[str] = []
        self.contents: list[Content] = []

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        self.contents.append(content_of(request))
        target: Any = request.headers["X-Amz-Target"]  # in bytes, against what its stub says
        self.operations.append(target.decode().partition(".")[2])
        fault = next(self.faults, None)
        return self.deliver(request) if fault is None else fault(request, self.deliver)

    @staticmethod
    def deliver(request: AWSPreparedRequest) -> AWSResponse:
        answer = botocore_stubber("before-send", request)
        assert answer is not None
        return answer


def item(sort: str, body: bytes = b"body", version: int = 0) -> Item:
    return Item(Key(Table.EVENTS, "p", sort), body, version)


def answer(content: Content, status: int = 200) -> AWSResponse:
    headers = HTTPHeaders()
    headers["Content-Type"] = "application/x-amz-json-1.0"
    return AWSResponse(URL, status, headers, MockRawResponse(json.dumps(content)))


def refused(code: str, status: int = 400) -> Fault:
    """DynamoDB answers with an error, and does nothing."""
    content = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "sorry"}
    return lambda request, deliver: answer(content, status)


def unreachable(request: AWSPreparedRequest, deliver: Deliver) -> AWSResponse:
    raise EndpointConnectionError(endpoint_url=URL)


def lost(request: AWSPreparedRequest, deliver: Deliver) -> AWSResponse:
    """DynamoDB does what was asked, and its answer does not arrive."""
    deliver(request)
    raise ConnectionClosedError(endpoint_url=URL)


def timed_out(request: AWSPreparedRequest, deliver: Deliver) -> AWSResponse:
    deliver(request)
    raise ReadTimeoutError(endpoint_url=URL)


def writes_left_over(count: int) -> Fault:
    """DynamoDB does all of a batch but the last ones."""

    def fault(request: AWSPreparedRequest, deliver: Deliver) -> AWSResponse:
        writes = content_of(request)["RequestItems"]["events"]
        done, left = writes[: len(writes) - count], writes[len(writes) - count :]
        if done:
            deliver(with_content(request, {"RequestItems": {"events": done}}))
        return answer({"UnprocessedItems": {"events": left}})

    return fault


def keys_left_over(count: int) -> Fault:
    """DynamoDB reads all keys of a batch but the last ones."""

    def fault(request: AWSPreparedRequest, deliver: Deliver) -> AWSResponse:
        wanted = content_of(request)["RequestItems"]["events"]
        keys = wanted["Keys"]
        done, left = keys[: len(keys) - count], keys[len(keys) - count :]
        content: Content = {"Responses": {"events": []}}
        if done:
            read = {"RequestItems": {"events": wanted | {"Keys": done}}}
            content = content_of(deliver(with_content(request, read)))
        return answer(content | {"UnprocessedKeys": {"events": wanted | {"Keys": left}}})

    return fault


def page_of(count: int) -> Fault:
    """DynamoDB ends a page early."""
    return lambda request, deliver: deliver(
        with_content(request, content_of(request) | {"Limit": count})
    )


def empty_page(request: AWSPreparedRequest, deliver: Deliver) -> AWSResponse:
    """DynamoDB found nothing on this page, and there are more pages."""
    start = content_of(request).get("ExclusiveStartKey")
    before_all = {"partition": {"S": "p"}, "sort": {"S": "!"}}
    return answer({"Items": [], "Count": 0, "LastEvaluatedKey": start or before_all})


def with_content(request: AWSPreparedRequest, content: Content) -> AWSPreparedRequest:
    changed = copy(request)
    changed.body = json.dumps(content).encode()
    return changed


def content_of(message: AWSPreparedRequest | AWSResponse) -> Content:
    body = message.body if isinstance(message, AWSPreparedRequest) else message.content
    assert isinstance(body, bytes)
    content: Content = json.loads(body)
    return content


@pytest.fixture(scope="module")
def aws_session() -> Session:
    """Reads the description of DynamoDB once: a client takes 3 ms instead of 60."""
    return Session()


@pytest.fixture(autouse=True)
def aws(aws_session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pynamodb.connection.base, "get_session", lambda: aws_session)
    with mock_aws():
        yield


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def store(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> DynamoStore:
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=slept.append))
    store = new_store(slept)
    store.create_tables()
    return store


@pytest.fixture
def wire(store: DynamoStore) -> Wire:
    return wired(store)


def new_store(slept: list[float], events: str = "events") -> DynamoStore:
    return DynamoStore(events, "metrics", region="eu-west-1", clock=lambda: 0, sleep=slept.append)


def wired(store: DynamoStore) -> Wire:
    wire = Wire()
    client = store._connection.client
    client.meta.events.unregister("before-send", cast("Any", botocore_stubber))
    client._endpoint.http_session = cast("Any", wire)
    return wire


class TestWhatIsLeftOverOfABatch:
    def test_puts_are_sent_again(self, store: DynamoStore, wire: Wire, slept: list[float]) -> None:
        """Case 24."""
        written = [item(f"{number:02d}", bytes([number])) for number in range(30)]
        wire.faults = iter([writes_left_over(20), writes_left_over(20), writes_left_over(1)])
        store.put_many(written)
        assert wire.operations == ["BatchWriteItem"] * 5
        assert len(slept) == 3
        assert list(store.query(Table.EVENTS, "p")) == written

    def test_deletes_are_sent_again(self, store: DynamoStore, wire: Wire) -> None:
        store.put_many([item("a"), item("b"), item("c")])
        wire.faults = iter([writes_left_over(2), writes_left_over(1)])
        store.delete_many([item("a").key, item("b").key])
        assert list(store.query(Table.EVENTS, "p")) == [item("c")]

    def test_reads_are_sent_again(self, store: DynamoStore, wire: Wire) -> None:
        written = {item(f"{number}").key: item(f"{number}") for number in range(120)}
        store.put_many(written.values())
        wire.operations.clear()
        wire.faults = iter([keys_left_over(70), keys_left_over(70), keys_left_over(1)])
        assert store.get_many(list(written)) == written
        assert wire.operations == ["BatchGetItem"] * 5

    @pytest.mark.parametrize(
        ("call", "fault"),
        [
            (lambda store: store.put_many([item("a"), item("b")]), writes_left_over(2)),
            (lambda store: store.delete_many([item("a").key]), writes_left_over(1)),
            (lambda store: store.get_many([item("a").key]), keys_left_over(1)),
        ],
        ids=["put", "delete", "get"],
    )
    def test_what_is_left_over_for_ever_is_an_error(
        self,
        store: DynamoStore,
        wire: Wire,
        slept: list[float],
        call: Callable[[DynamoStore], object],
        fault: Fault,
    ) -> None:
        wire.faults = repeat(fault)
        with pytest.raises(StorageUnavailableError, match="table events is overloaded"):
            call(store)
        assert len(wire.operations) == BATCH_ATTEMPTS
        assert len(slept) == BATCH_ATTEMPTS - 1
        bounds = [min(0.05 * 2**attempt, 2) for attempt in range(len(slept))]
        assert all(0 <= wait <= bound for wait, bound in zip(slept, bounds, strict=True))


CALLS: dict[str, Callable[[DynamoStore], object]] = {
    "get": lambda store: store.get(item("a").key),
    "get_many": lambda store: store.get_many([item("a").key]),
    "query": lambda store: list(store.query(Table.EVENTS, "p")),
    "versions": lambda store: store.versions(Table.EVENTS, "p"),
    "put_many": lambda store: store.put_many([item("a")]),
    "put_if": lambda store: store.put_if(item("a"), expected_version=None),
    "delete_many": lambda store: store.delete_many([item("a").key]),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


class TestRequestsThatMotoWouldLetPass:
    def test_every_read_is_consistent(self, store: DynamoStore, wire: Wire) -> None:
        for name in ("get", "get_many", "query", "versions"):
            CALLS[name](store)
        get, get_many, query, versions = wire.contents
        assert get["ConsistentRead"] is True
        assert get_many["RequestItems"]["events"]["ConsistentRead"] is True
        assert query["ConsistentRead"] is True
        assert versions["ConsistentRead"] is True

    def test_a_range_that_ends_before_it_begins_is_not_asked_for(
        self, store: DynamoStore, wire: Wire
    ) -> None:
        assert list(store.query(Table.EVENTS, "p", "b", "a")) == []
        assert wire.operations == []

    def test_batches_are_within_the_limits_and_name_no_key_twice(
        self, store: DynamoStore, wire: Wire
    ) -> None:
        some = [item(f"{number % 120:03d}") for number in range(250)]
        store.put_many(some)
        store.delete_many(item.key for item in some)
        store.get_many([item.key for item in some])
        limits = {"BatchWriteItem": 25, "BatchGetItem": 100}
        for operation, content in zip(wire.operations, wire.contents, strict=True):
            sorts = re.findall(r'"sort": {"S": "(\d+)"}', json.dumps(content))
            assert 0 < len(sorts) == len(set(sorts)) <= limits[operation]


class TestFaultsThatPass:
    @every_call
    @pytest.mark.parametrize(
        "fault",
        [
            refused("ProvisionedThroughputExceededException"),
            refused("ThrottlingException"),
            refused("InternalServerError", 500),
            refused("ServiceUnavailable", 503),
            unreachable,
            lost,
            timed_out,
        ],
        ids=["throughput", "throttling", "500", "503", "unreachable", "lost", "timed out"],
    )
    def test_a_call_is_repeated(
        self, store: DynamoStore, wire: Wire, call: Callable[[DynamoStore], object], fault: Fault
    ) -> None:
        expected = call(store)
        store.delete_many([item("a").key])
        wire.faults = iter([fault] * (CALL_ATTEMPTS - 1))
        assert call(store) == expected


class TestLostAnswers:
    def test_a_put_counts_once(self, store: DynamoStore, wire: Wire) -> None:
        """Case 26."""
        wire.faults = iter([lost])
        store.put_many([item("a", b"new")])
        assert wire.operations == ["BatchWriteItem"] * 2
        assert list(store.query(Table.EVENTS, "p")) == [item("a", b"new")]

    def test_a_creation_counts_once(self, store: DynamoStore, wire: Wire) -> None:
        wire.faults = iter([lost])
        assert store.put_if(item("a", b"mine", 1), expected_version=None)
        assert wire.operations == ["PutItem", "PutItem", "GetItem"]
        assert store.get(item("a").key) == item("a", b"mine", 1)

    def test_an_update_counts_once(self, store: DynamoStore, wire: Wire) -> None:
        """Case 26."""
        store.put_many([item("a", b"old", 1)])
        wire.faults = iter([lost])
        assert store.put_if(item("a", b"mine", 2), expected_version=1)
        assert store.get(item("a").key) == item("a", b"mine", 2)

    def test_a_write_that_another_has_replaced_does_not_count(
        self, store: DynamoStore, wire: Wire
    ) -> None:
        def lost_and_replaced(request: AWSPreparedRequest, deliver: Deliver) -> AWSResponse:
            deliver(request)
            store.put_many([item("a", b"theirs", 2)])
            raise ConnectionClosedError(endpoint_url=URL)

        wire.faults = iter([lost_and_replaced])
        assert not store.put_if(item("a", b"mine", 1), expected_version=None)
        assert store.get(item("a").key) == item("a", b"theirs", 2)

    def test_a_conflict_is_no_fault(self, store: DynamoStore, wire: Wire) -> None:
        store.put_many([item("a", b"theirs", 1)])
        wire.operations.clear()
        assert not store.put_if(item("a", b"mine", 1), expected_version=None)
        assert wire.operations == ["PutItem", "GetItem"]


class TestPages:
    def test_an_empty_page_is_not_the_last_one(self, store: DynamoStore, wire: Wire) -> None:
        """Case 38."""
        written = [item(sort) for sort in "abcde"]
        store.put_many(written)
        wire.operations.clear()
        wire.faults = iter([empty_page, page_of(2), empty_page, empty_page, page_of(2)])
        assert list(store.query(Table.EVENTS, "p")) == written
        assert wire.operations == ["Query"] * 6

    def test_the_last_page_may_be_empty(self, store: DynamoStore, wire: Wire) -> None:
        store.put_many([item("a"), item("b")])
        wire.faults = iter([page_of(2)])
        assert list(store.query(Table.EVENTS, "p")) == [item("a"), item("b")]

    def test_a_fault_on_a_later_page_is_not_the_end(self, store: DynamoStore, wire: Wire) -> None:
        store.put_many([item("a"), item("b")])
        wire.faults = iter([page_of(1), *repeat(unreachable, CALL_ATTEMPTS)])
        found = store.query(Table.EVENTS, "p")
        assert next(found) == item("a")
        with pytest.raises(StorageUnavailableError):
            next(found)


class TestFaultsThatStay:
    @every_call
    @pytest.mark.parametrize(
        ("fault", "advice"),
        [
            (unreachable, "cannot be reached: check the network"),
            (timed_out, "cannot be reached: check the network"),
            (refused("ProvisionedThroughputExceededException"), "is overloaded: try again later"),
            (refused("InternalServerError", 500), "has failed: try again later"),
        ],
        ids=["unreachable", "timed out", "throughput", "500"],
    )
    def test_an_outage_is_an_error_that_says_what_to_do(
        self,
        store: DynamoStore,
        wire: Wire,
        call: Callable[[DynamoStore], object],
        fault: Fault,
        advice: str,
    ) -> None:
        wire.faults = repeat(fault)
        with pytest.raises(StorageUnavailableError, match=f"table events {advice}") as raised:
            call(store)
        assert len(wire.operations) == CALL_ATTEMPTS
        assert "botocore" not in "".join(traceback.format_exception(raised.value))

    @pytest.mark.parametrize(
        ("code", "advice"),
        [
            ("AccessDeniedException", "refuses access"),
            ("ExpiredTokenException", "refuses access"),
            ("UnrecognizedClientException", "refuses access"),
            ("ValidationException", "refuses the request"),
            ("SomethingNewException", "has failed"),
        ],
    )
    def test_a_refusal_is_not_repeated(
        self, store: DynamoStore, wire: Wire, code: str, advice: str
    ) -> None:
        wire.faults = repeat(refused(code))
        with pytest.raises(StorageUnavailableError, match=f"events {advice}.*{code}.*sorry"):
            store.get(item("a").key)
        assert wire.operations == ["GetItem"]

    @every_call
    def test_a_missing_table_is_named(
        self, store: DynamoStore, slept: list[float], call: Callable[[DynamoStore], object]
    ) -> None:
        with pytest.raises(StorageUnavailableError, match="table nowhere does not exist"):
            call(new_store(slept, events="nowhere"))

    @every_call
    @pytest.mark.parametrize("body", ["<html>Welcome</html>", "{}", ""])
    def test_an_answer_of_another_server_is_no_success(
        self, store: DynamoStore, wire: Wire, call: Callable[[DynamoStore], object], body: str
    ) -> None:
        welcome = AWSResponse(URL, 200, HTTPHeaders(), MockRawResponse(body))
        wire.faults = iter([lambda request, deliver: welcome])
        with pytest.raises(StorageUnavailableError, match="table events is looked for at"):
            call(store)

    def test_missing_credentials_are_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pynamodb.connection.base, "get_session", Session)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        with pytest.raises(StorageUnavailableError, match="table events needs credentials"):
            new_store([]).get(item("a").key)

    def test_a_missing_region_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pynamodb.connection.base, "get_session", Session)
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        with pytest.raises(StorageUnavailableError, match="check the region"):
            DynamoStore("events", "metrics", clock=lambda: 0)

    def test_an_endpoint_that_is_no_url_is_an_error(self) -> None:
        with pytest.raises(StorageUnavailableError, match="check the region and the endpoint"):
            DynamoStore(
                "events", "metrics", region="eu-west-1", endpoint_url="nowhere", clock=lambda: 0
            )
