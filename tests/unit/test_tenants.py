"""What a tenant's settings may be."""

from pathlib import Path

import pytest

from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.storage.sqlite import SqliteStore
from shared.metrics.storage.tenants import Tenant, TenantStore


@pytest.fixture
def tenants(tmp_path: Path) -> TenantStore:
    return TenantStore(SqliteStore(tmp_path / "db", clock=lambda: 0))


@pytest.mark.parametrize("minutes", [0, 721, 48 * 60])
def test_a_session_timeout_that_could_skip_a_day_is_refused(
    tenants: TenantStore, minutes: int
) -> None:
    with pytest.raises(BadInputError, match="1 to 720 minutes"):
        tenants.create(Tenant(name="acme", time_zone="UTC", session_timeout_minutes=minutes))


@pytest.mark.parametrize("name", ["", "x" * 101, "line\nbreak"])
def test_a_name_that_cannot_be_shown_is_refused(tenants: TenantStore, name: str) -> None:
    with pytest.raises(BadInputError, match="printable"):
        tenants.create(Tenant(name=name, time_zone="UTC"))


def test_the_same_settings_again_are_no_conflict_but_others_are(tenants: TenantStore) -> None:
    tenants.create(Tenant(name="acme", time_zone="UTC"))
    tenants.create(Tenant(name="acme", time_zone="UTC"))
    with pytest.raises(ConflictError, match="exists already"):
        tenants.create(Tenant(name="acme", time_zone="Asia/Tokyo"))
