"""The service that these tests send to."""

import pytest

from tests.unit.ingest.service import Service, serve


@pytest.fixture(autouse=True)
def quiet_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "tests")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    return serve(monkeypatch)
