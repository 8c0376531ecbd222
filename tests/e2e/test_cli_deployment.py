"""Setting up a deployment: tenants and sources in tables that are reached by an endpoint's URL."""

import json
from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer

from devstack.cli import run
from shared.metrics.storage.dynamodb import DynamoStore
from shared.metrics.storage.sources import key_digest
from shared.metrics.storage.tenants import TenantStore

TABLES = "the-events,the-metrics"


@pytest.fixture
def tenants(monkeypatch: pytest.MonkeyPatch) -> Iterator[TenantStore]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    store = DynamoStore("the-events", "the-metrics", clock=lambda: 0)
    store.create_tables()
    yield TenantStore(store)
    server.stop()


def test_a_tenant_and_its_source_are_made_in_the_tables(
    tenants: TenantStore, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ["tenant", "create", "acme", "--time-zone", "Europe/Berlin", "--tables", TABLES]
    assert run(made) == 0
    assert tenants.get("acme").time_zone == "Europe/Berlin"

    capsys.readouterr()
    asked = ["source", "create", "--tenant", "acme", "--kind", "native", "--tables", TABLES]
    assert run([*asked, "--ingest-url", "https://ingest.example/", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["url"] == "https://ingest.example/v1/events"
    source = tenants.sources.get(shown["source_id"])
    assert source is not None
    assert source.accepts(key_digest(shown["secret"].partition(".")[2]), 0)


def test_tables_that_are_not_two_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tenant", "list", "--tables", "one"]) != 0
    assert "EVENTS,METRICS" in capsys.readouterr().err
