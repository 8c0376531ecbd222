"""Changing a tenant's settings: what may be, who wins, and when a new generation begins."""

import pytest

from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.storage import settings_rules
from shared.metrics.storage.generations import Announced, RefoldState, Retired, announced, withdraw
from shared.metrics.storage.ports import Store
from shared.metrics.storage.tenants import SettingsChange, StoredTenant, Tenant, TenantStore
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Meanwhile

NOW_MS = 1_000_000
UTC = Tenant(name="acme", time_zone="UTC")
TOKYO = SettingsChange(time_zone="Asia/Tokyo")
BERLIN = SettingsChange(time_zone="Europe/Berlin")


@pytest.fixture
def store() -> Store:
    store = MemoryStore(lambda: NOW_MS)
    TenantStore(store).create(UTC)
    return store


def change(store: Store, asked: SettingsChange, expected_version: int | None = None) -> Tenant:
    tenants = TenantStore(store)
    changed = tenants.change("acme", asked, now_ms=NOW_MS, expected_version=expected_version)
    assert tenants.stored("acme") == changed
    return changed.tenant


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        (SettingsChange(time_zone="Mars/Olympus"), "timeZone", "IANA name"),
        (SettingsChange(session_timeout_minutes=0), "sessionTimeoutMinutes", "1 to 720"),
        (SettingsChange(session_timeout_minutes=721), "sessionTimeoutMinutes", "1 to 720"),
        (SettingsChange(first_weekday=-1), "firstWeekday", "0 for Monday to 6"),
        (SettingsChange(first_weekday=7), "firstWeekday", "0 for Monday to 6"),
        (SettingsChange(lateness_days=-1), "latenessDays", "0 to 366"),
        (SettingsChange(lateness_days=367), "latenessDays", "0 to 366"),
        (SettingsChange(bucket_edges=()), "bucketEdges", "1 to 9"),
        (SettingsChange(bucket_edges=tuple(range(1, 11))), "bucketEdges", "1 to 9"),
        (SettingsChange(bucket_edges=(10, 10)), "bucketEdges", "ascending"),
        (SettingsChange(bucket_edges=(0, 10)), "bucketEdges", "1 to 1,000,000,000"),
    ],
)
def test_what_cannot_be_is_refused_and_named(
    store: Store, asked: SettingsChange, field: str, said: str
) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        change(store, asked)
    assert refused.value.field == field
    assert TenantStore(store).stored("acme") == StoredTenant(UTC, 0)


@pytest.mark.parametrize("field", ["first_weekday", "lateness_days", "bucket_edges"])
def test_a_tenant_is_made_with_settings_that_can_be(field: str) -> None:
    wrong = {"first_weekday": 7, "lateness_days": -1, "bucket_edges": ()}[field]
    with pytest.raises(BadInputError):
        TenantStore(MemoryStore(lambda: 0)).create(
            Tenant(name="acme", time_zone="UTC", **{field: wrong})  # type: ignore[arg-type]
        )


def test_a_tenant_that_is_there_may_be_made_again_later(store: Store) -> None:
    again = Tenant(name="acme", time_zone="UTC", created_at_ms=NOW_MS)
    TenantStore(store).create(again)
    assert TenantStore(store).get("acme") == UTC


def test_weekday_lateness_and_buckets_change_at_once(store: Store) -> None:
    changed = change(store, SettingsChange(first_weekday=6, lateness_days=0, bucket_edges=(1, 50)))
    assert changed == Tenant(
        name="acme", time_zone="UTC", first_weekday=6, lateness_days=0, bucket_edges=(1, 50)
    )
    assert announced(store) == []
    assert change(store, SettingsChange(lateness_days=3)).first_weekday == 6


def test_a_change_that_changes_nothing_writes_nothing(store: Store) -> None:
    change(store, SettingsChange(time_zone="UTC", session_timeout_minutes=15, first_weekday=0))
    assert TenantStore(store).stored("acme") == StoredTenant(UTC, 0)


def test_another_zone_or_timeout_is_built_beside_the_one_that_is_served(store: Store) -> None:
    changed = change(store, TOKYO)
    assert (changed.time_zone, changed.generation, changed.generations) == ("UTC", 1, (1, 2))
    assert changed.next is not None
    assert changed.next.state is RefoldState.PLANNING
    assert changed.next.started_at_ms == NOW_MS
    assert announced(store) == [Announced("acme", 2)]
    ahead = changed.of_generation(2)
    assert (ahead.time_zone, ahead.session_timeout_minutes) == ("Asia/Tokyo", 15)
    assert changed.of_generation(1) == changed


def test_a_second_change_builds_on_the_first_under_a_new_number(store: Store) -> None:
    change(store, TOKYO)
    changed = change(store, SettingsChange(session_timeout_minutes=30))
    assert changed.next is not None
    assert (changed.next.generation, changed.next.time_zone) == (3, "Asia/Tokyo")
    assert changed.next.session_timeout_minutes == 30
    assert changed.retired == (Retired(2, NOW_MS),)


def test_asking_for_what_is_being_built_again_changes_nothing_and_is_announced(
    store: Store,
) -> None:
    first = change(store, TOKYO)
    withdraw(store, "acme", 2)  # as if whoever asked first had died before announcing it
    assert change(store, TOKYO) == first
    assert announced(store) == [Announced("acme", 2)]


def test_asking_for_what_is_served_gives_up_what_is_being_built(store: Store) -> None:
    change(store, TOKYO)
    changed = change(store, SettingsChange(time_zone="UTC"))
    assert changed.next is None
    assert changed.retired == (Retired(2, NOW_MS),)
    # Its number is not given again: someone may still be writing under it.
    assert change(store, BERLIN).generations == (1, 3)


def test_settings_that_someone_else_has_changed_are_not_overwritten(store: Store) -> None:
    tenants = TenantStore(store)
    _, version = tenants.stored("acme")
    change(store, SettingsChange(lateness_days=3))
    with pytest.raises(ConflictError, match="changed meanwhile"):
        change(store, SettingsChange(first_weekday=6), version)
    _, version = tenants.stored("acme")
    changed = change(store, SettingsChange(first_weekday=6), version)
    assert (changed.lateness_days, changed.first_weekday) == (3, 6)


@pytest.mark.parametrize("expected_version", [0, None])
def test_of_two_changes_at_once_none_is_lost(store: Store, expected_version: int | None) -> None:
    def meanwhile() -> None:
        change(store, SettingsChange(lateness_days=3))

    late = ProbedStore(store, before=Meanwhile("put_if tenants", meanwhile))
    if expected_version is None:
        changed = change(late, SettingsChange(first_weekday=6))
        assert (changed.lateness_days, changed.first_weekday) == (3, 6)
    else:
        with pytest.raises(ConflictError):
            change(late, SettingsChange(first_weekday=6), expected_version)
        assert TenantStore(store).get("acme").first_weekday == 0


def test_a_tenant_that_is_not_there_cannot_be_changed(store: Store) -> None:
    with pytest.raises(NotFoundError):
        TenantStore(store).change("globex", TOKYO, now_ms=NOW_MS)


def test_the_settings_stay_one_item_however_often_they_change(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_rules, "MAX_RETIRED", 2)
    for asked in (TOKYO, BERLIN):
        change(store, asked)
    with pytest.raises(BadInputError, match="wait for the next sweep") as refused:
        change(store, TOKYO)
    assert refused.value.field == "timeZone"
    assert change(store, SettingsChange(lateness_days=1)).lateness_days == 1
