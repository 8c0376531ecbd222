"""The DynamoDB store over HTTP, against an endpoint given by its URL."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace

import botocore.endpoint
import pytest
from moto.server import ThreadedMotoServer

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.storage.dynamodb import DynamoStore
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Item, Key, Table


@pytest.fixture(scope="module")
def endpoint_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anyone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")


def store_at(endpoint_url: str) -> DynamoStore:
    return DynamoStore(
        "crm-events", "crm-metrics", endpoint_url=endpoint_url, region="eu-west-1", clock=lambda: 0
    )


def item(sort: str, body: bytes, version: int = 0) -> Item:
    return Item(Key(Table.METRICS, "p", sort), body, version)


def test_a_store_works_over_http(endpoint_url: str) -> None:
    store = store_at(endpoint_url)
    store.create_tables()
    written = [item(f"{number:02d}", bytes([number])) for number in range(30)]
    store.put_many(written)
    assert list(store.query(Table.METRICS, "p", "05", "20")) == written[5:21]
    assert store.put_if(item("05", bytes(MAX_ITEM_BYTES), 1), expected_version=0)
    assert not store.put_if(item("05", b"", 1), expected_version=0)
    assert store.get(item("05", b"").key) == item("05", bytes(MAX_ITEM_BYTES), 1)
    store.delete_many(item.key for item in written)
    assert store.get_many([item.key for item in written]) == {}


def test_an_endpoint_where_nobody_listens_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda seconds: None))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        endpoint_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StorageUnavailableError, match=f"crm-events cannot be.*{endpoint_url}"):
            store_at(endpoint_url).put_many([Item(Key(Table.EVENTS, "p", "s"), b"body")])
