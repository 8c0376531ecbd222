"""What the doctor finds."""

from importlib import metadata
from pathlib import Path

import pytest

from devstack.checks.contents import contents
from devstack.checks.data_folder import data_folder
from devstack.checks.finding import Finding, Level
from devstack.checks.installation import installation
from devstack.checks.network import network
from devstack.environment import DATABASE_FILE
from devstack.secret import SECRET_FILE
from devstack.server import listening
from devstack.stack import LocalStack
from shared.metrics.storage.tenants import Tenant
from tests.unit.devstack.events import EVENT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one event that is not folded and one row in quarantine."""
    with LocalStack(tmp_path) as stack:
        stack.create_tenant("acme", "UTC")
        key = stack.create_source("acme", "native").secret
        stack.ingest(EVENT, key)
        stack.ingest(b'{"rejected": [{"reason": "r", "original": "o"}]}', key)
    return tmp_path


def levels(findings: list[Finding]) -> set[Level]:
    return {finding.level for finding in findings}


def wrongs(findings: list[Finding]) -> str:
    return "\n".join(f"{found.what}" for found in findings if found.level is Level.WRONG)


def test_an_installation_that_works_is_well() -> None:
    assert levels(list(installation())) == {Level.OK}


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(package: str) -> str:
        if package == "uvicorn":
            raise metadata.PackageNotFoundError
        return "1"

    monkeypatch.setattr("devstack.checks.installation.version", version)
    assert wrongs(list(installation())) == "packages are missing: uvicorn"


def test_a_folder_that_is_not_there_yet_is_no_mistake(tmp_path: Path) -> None:
    missing = tmp_path / "a" / "b"
    assert levels([*data_folder(missing), *contents(missing)]) == {Level.NOTE}
    assert not missing.parent.exists()


def test_a_folder_with_data_is_well(folder: Path) -> None:
    assert levels(list(data_folder(folder))) == {Level.OK}


def test_what_waits_to_be_done_is_noted(folder: Path) -> None:
    found = [finding.what for finding in contents(folder)]
    assert found == [
        "tenant 'acme', UTC",
        "'acme' has 1 days with new events",
        "'acme' has 1 rows in quarantine: turned_away_by_sender 1",
    ]
    assert "aggregate" in list(contents(folder))[1].advice


def test_a_folder_without_tenants_is_told_how_to_make_one(tmp_path: Path) -> None:
    LocalStack(tmp_path).close()
    (found,) = contents(tmp_path)
    assert "tenant create" in found.advice


@pytest.mark.parametrize("path", ["/dev/null", "/dev/null/data"])
def test_what_is_no_folder_is_wrong(path: str) -> None:
    assert Level.WRONG in levels(list(data_folder(Path(path))))


def test_a_lost_secret_is_wrong_and_not_made_anew(folder: Path) -> None:
    (folder / SECRET_FILE).unlink()
    assert "secret.key is gone" in wrongs([*data_folder(folder), *contents(folder)])
    assert not (folder / SECRET_FILE).exists()


def test_a_spoilt_secret_is_wrong(folder: Path) -> None:
    (folder / SECRET_FILE).write_text("x")
    assert "hexadecimal" in wrongs(list(data_folder(folder)))


def test_a_secret_that_others_may_read_is_wrong(folder: Path) -> None:
    (folder / SECRET_FILE).chmod(0o644)
    assert "others may read" in wrongs(list(data_folder(folder)))


def test_a_damaged_database_is_wrong(folder: Path) -> None:
    (folder / DATABASE_FILE).write_bytes(b"no database" * 1_000)
    assert "damaged" in wrongs(list(data_folder(folder)))
    assert "damaged" in wrongs(list(contents(folder)))


def test_a_zone_that_this_machine_does_not_know_is_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Tenant(name="acme", time_zone="Europe/Nowhere")
    monkeypatch.setattr("shared.metrics.storage.tenants.TenantStore.all", lambda _self: [nowhere])
    monkeypatch.setattr(
        "shared.metrics.storage.tenants.TenantStore.get", lambda _self, _name: nowhere
    )
    assert "unknown time zone 'Europe/Nowhere'" in wrongs(list(contents(folder)))


def test_a_port_of_someone_else_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devstack.checks.network._TIMEOUT_SECONDS", 0.1)
    with listening(0) as silent:
        port = silent.getsockname()[1]
        assert f"port {port} is in use" in wrongs(list(network(port)))


def test_a_free_port_is_well() -> None:
    assert levels(list(network(0))) == {Level.OK}
