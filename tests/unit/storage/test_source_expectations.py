"""What is expected of a source stands in its tenant's settings, and survives concurrent changes."""

from datetime import date

import pytest

from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.domain.expectations import Expectation, ExpectedSource
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.source_expectations import MAX_EXPECTED_SOURCES, expect
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import SettingsChange, StoredTenant, Tenant, TenantStore
from tests.builders import instant_ms
from tests.faults.memory_store import MemoryStore

DAILY, WEEKDAYS, AUTO = Expectation.DAILY, Expectation.WEEKDAYS, Expectation.AUTO


def source(source_id: str, created_at_ms: int = 0) -> Source:
    return Source(
        source_id=source_id,
        tenant="acme",
        kind=SourceKind.NATIVE,
        key_digest=b"",
        created_at_ms=created_at_ms,
    )


@pytest.fixture
def tenants() -> TenantStore:
    """A tenant in Tokyo, and a source made at 23:30 there on 1 March."""
    tenants = TenantStore(MemoryStore(lambda: 0))
    tenants.create(Tenant(name="acme", time_zone="Asia/Tokyo"))
    tenants.sources.add(source("crm", instant_ms("2026-03-01 14:30")))
    return tenants


def test_it_is_expected_from_the_day_after_the_source_was_made(tenants: TenantStore) -> None:
    expected = ExpectedSource(DAILY, date(2026, 3, 2))
    assert expect(tenants, "crm", DAILY) == expected
    assert tenants.get("acme").expectations == {"crm": expected}


def test_another_first_day_stays_until_another_is_given(tenants: TenantStore) -> None:
    first = date(2025, 1, 1)
    assert expect(tenants, "crm", DAILY, first) == ExpectedSource(DAILY, first)
    assert expect(tenants, "crm", WEEKDAYS) == ExpectedSource(WEEKDAYS, first)
    assert expect(tenants, "crm", AUTO) is None
    assert tenants.get("acme").expectations == {}
    assert expect(tenants, "crm", DAILY) == ExpectedSource(DAILY, date(2026, 3, 2))


def test_saying_it_again_changes_nothing(tenants: TenantStore) -> None:
    expect(tenants, "crm", DAILY)
    version = tenants.stored("acme").version
    expect(tenants, "crm", DAILY)
    assert tenants.stored("acme").version == version


def test_a_source_that_is_not_there(tenants: TenantStore) -> None:
    with pytest.raises(NotFoundError, match="no source 'erp'"):
        expect(tenants, "erp", DAILY)


def test_too_many(tenants: TenantStore) -> None:
    for number in range(MAX_EXPECTED_SOURCES):
        tenants.sources.add(source(f"s{number}"))
        expect(tenants, f"s{number}", DAILY)
    with pytest.raises(BadInputError, match="100 sources already"):
        expect(tenants, "crm", DAILY)
    expect(tenants, "s0", WEEKDAYS)
    expect(tenants, "s1", AUTO)
    assert expect(tenants, "crm", DAILY)


class Busy(TenantStore):
    """Other settings change just before each of so many writes."""

    times = 1

    def replace(self, before: StoredTenant, after: Tenant) -> bool:
        if self.times:
            self.times -= 1
            days = before.tenant.lateness_days + 1
            other = TenantStore(self._store)
            other.change("acme", SettingsChange(lateness_days=days % 100), now_ms=0)
        return super().replace(before, after)


def test_a_change_of_other_settings_meanwhile_is_not_lost(tenants: TenantStore) -> None:
    busy = Busy(tenants._store)
    busy.times = 2
    assert expect(busy, "crm", DAILY)
    after = tenants.get("acme")
    assert (after.lateness_days, set(after.expectations)) == (9, {"crm"})


def test_settings_that_never_rest(tenants: TenantStore) -> None:
    busy = Busy(tenants._store)
    busy.times = 1_000
    with pytest.raises(ConflictError):
        expect(busy, "crm", DAILY)
