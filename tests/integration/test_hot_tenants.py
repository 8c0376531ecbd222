"""The packs of a hot tenant's day lie in several partitions, and nobody notices."""

import pytest

from shared.metrics.domain.errors import BadInputError
from shared.metrics.storage.settings_rules import MAX_PACK_SHARDS
from shared.metrics.storage.tenants import SettingsChange, Tenant, TenantStore
from tests.builders import event
from tests.faults.memory_store import MemoryStore
from tests.faults.published import figures_of, published_figures
from tests.faults.world import NOON_MS, TENANT, World

SHARDS = 4


def partitions(world: World, tenant: str) -> set[str]:
    assert isinstance(world.store, MemoryStore)
    found = {item.key.partition for item in world.store.everything()}
    return {name for name in found if name.startswith(f"packs#{tenant}#")}


def test_writes_are_spread_and_nothing_is_lost() -> None:
    """Case 36: DynamoDB takes a thousand write units a second in each partition."""
    world = World(pack_shards=SHARDS)
    world.add_tenant("quiet", "src_quiet")
    events = [event(NOON_MS - number) for number in range(60)]
    for each in events:
        world.send(each)
    world.send(event(NOON_MS), source_id="src_quiet")
    assert len(partitions(world, TENANT)) == SHARDS
    assert len(partitions(world, "quiet")) == 1
    world.fold()
    assert published_figures(world.data()) == figures_of(events)


def test_history_is_folded_again_from_all_of_them() -> None:
    world = World(pack_shards=SHARDS)
    events = [event(NOON_MS - number) for number in range(30)]
    for each in events:
        world.send(each)
    world.fold()
    change = SettingsChange(time_zone="Asia/Tokyo")
    TenantStore(world.store).change(TENANT, change, now_ms=world.clock())
    world.fold()
    assert world.data().settings.generation == 2
    assert published_figures(world.data()) == figures_of(events, "Asia/Tokyo")


@pytest.mark.parametrize("shards", [0, MAX_PACK_SHARDS + 1])
def test_the_number_is_bounded(shards: int) -> None:
    tenant = Tenant(name="acme", time_zone="UTC", pack_shards=shards)
    with pytest.raises(BadInputError, match="1 to 32 partitions"):
        TenantStore(MemoryStore(lambda: 0)).create(tenant)
