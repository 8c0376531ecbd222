"""Quotas: who is over theirs is told to wait, and nobody else notices."""

from collections.abc import Callable

import pytest

from functions.ingest.quotas import OVER_QUOTA, UNCHECKED, Quotas
from functions.ingest.requests import RefusedError
from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.source_quotas import MAX_SOURCE_QUOTAS, limit_source
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import SettingsChange, Tenant, TenantStore
from tests.builders import SOURCE
from tests.faults.probed_store import ProbedStore, nothing
from tests.faults.probes import Meanwhile, unavailable
from tests.faults.world import SECRET, TENANT, World
from tests.unit.ingest.service import Answer, Service, row

QUOTA = Tenant(name=TENANT, time_zone="UTC", events_per_minute=600)


def source(kind: SourceKind = SourceKind.NATIVE, source_id: str = SOURCE) -> Source:
    return Source(source_id=source_id, tenant=TENANT, kind=kind, created_at_ms=0)


def limit(service: Service, events_per_minute: int) -> None:
    change = SettingsChange(events_per_minute=events_per_minute)
    TenantStore(service.store).change(TENANT, change, now_ms=service.clock())
    service.process = service.world.ingest()


def send(service: Service, number: int) -> Answer:
    return service.send(*[row(event_id=f"{service.clock()} {at}") for at in range(number)])


def process(world: World, before: Callable[[str], object] = nothing) -> Quotas:
    return Quotas(ProbedStore(world.store, before=before), world.clock, world._count)


def test_who_is_over_a_quota_is_told_when_to_send_again(service: Service) -> None:
    """Case 37."""
    limit(service, 60)
    assert send(service, 200).status == 200, "a delivery is not refused for its size"
    assert send(service, 1).status == 200, "what was left in the bucket has paid for a part"
    refused = send(service, 1)
    assert refused.status == 429
    assert refused.code == "over_quota"
    assert refused.headers["retry-after"] == "82"
    service.clock.now_ms += 80_000
    assert send(service, 1).headers["retry-after"] == "2"
    service.clock.now_ms += 2_000
    assert send(service, 1).status == 200


def test_a_noisy_tenant_takes_nothing_from_others(service: Service) -> None:
    """Case 37: a refusal costs nothing but the look at who sends."""
    limit(service, 1)
    service.world.add_tenant("globex", "src_globex")
    for _ in range(3):
        send(service, 5)
    steps: list[str] = []
    service.process = service.world.ingest(ProbedStore(service.store, before=steps.append))
    for _ in range(50):
        assert send(service, 1).status == 429
    assert [step for step in steps if "quota" in step] == ["get quota#acme"]
    assert not [step for step in steps if step.startswith("put")]
    key = f"Bearer src_globex.{SECRET}"
    assert service.send(row(), authorization=key).status == 200


def test_a_source_has_a_quota_of_its_own(service: Service) -> None:
    limit_source(TenantStore(service.store), SOURCE, 1)
    service.process = service.world.ingest()
    assert [send(service, 5).status for _ in range(3)] == [200, 200, 429]
    limit_source(TenantStore(service.store), SOURCE, 0)
    service.process = service.world.ingest()
    assert send(service, 1).status == 200


def test_processes_share_a_bucket_and_write_it_seldom() -> None:
    world = World()
    steps: list[str] = []
    processes = [process(world, steps.append) for _ in range(4)]
    passed = 0
    for number in range(4_000):
        quotas = processes[number % 4]
        try:
            quotas.admit(QUOTA, source())
        except RefusedError:
            continue
        quotas.spend(QUOTA, source(), 1)
        passed += 1
    assert 1_200 - 4 * 6 <= passed <= 1_200 + 4
    assert len([step for step in steps if step.startswith("put_if")]) < 210


def test_webhooks_are_never_refused_but_told_apart() -> None:
    world = World()
    quotas = process(world)
    webhook = source(SourceKind.PIPEDRIVE)
    assert quotas.admit(QUOTA, webhook)
    quotas.spend(QUOTA, webhook, 5_000)
    assert quotas.admit(QUOTA, webhook)
    quotas.spend(QUOTA, webhook, 10)
    assert not quotas.admit(QUOTA, webhook)
    assert world.counted[OVER_QUOTA] == 1


def test_imports_have_no_quota() -> None:
    world = World()
    quotas = process(world, unavailable)
    quotas.spend(QUOTA, source(SourceKind.FILE), 1_000_000)
    assert quotas.admit(QUOTA, source(SourceKind.FILE))


def test_who_cannot_ask_the_bucket_lets_pass_and_counts() -> None:
    world = World()
    assert process(world, unavailable).admit(QUOTA, source())
    other = process(world)

    def take() -> None:
        fresh = process(world)
        fresh.admit(QUOTA, source())

    crowded = process(world, Meanwhile("put_if quota", take, times=3))
    assert crowded.admit(QUOTA, source())
    assert world.counted[UNCHECKED] == 2
    assert other.admit(QUOTA, source())
    assert world.counted[UNCHECKED] == 2


def test_a_quota_is_checked_and_bounded() -> None:
    world = World()
    tenants = TenantStore(world.store)
    with pytest.raises(NotFoundError, match="there is no source 'nobody'"):
        limit_source(tenants, "nobody", 5)
    with pytest.raises(BadInputError, match="1 to 100,000,000 events a minute"):
        limit_source(tenants, SOURCE, -1)
    with pytest.raises(BadInputError, match="1 to 100,000,000 events a minute"):
        tenants.change(TENANT, SettingsChange(events_per_minute=-1), now_ms=0)
    for at in range(MAX_SOURCE_QUOTAS):
        tenants.sources.add(source(source_id=f"s{at}"))
        limit_source(tenants, f"s{at}", 5)
    with pytest.raises(BadInputError, match="have a quota already"):
        limit_source(tenants, SOURCE, 5)


def test_a_quota_is_not_written_over_settings_that_keep_changing() -> None:
    world = World()

    def change() -> None:
        days = (TenantStore(world.store).get(TENANT).lateness_days + 1) % 9
        TenantStore(world.store).change(TENANT, SettingsChange(lateness_days=days), now_ms=0)

    store = ProbedStore(world.store, before=Meanwhile("put_if tenants", change, times=99))
    with pytest.raises(ConflictError, match="changed meanwhile"):
        limit_source(TenantStore(store), SOURCE, 5)
