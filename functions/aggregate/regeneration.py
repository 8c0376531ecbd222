"""Refolds: a new generation of a tenant's history is built beside the one that is served.

From the moment at which the old generation is said to have a successor, whoever puts packs there
puts them into the new one as well before it acknowledges them. So what has to be split again is
what was marked or folded until then, once. The tenant's settings say how far a refold is; every
step can be repeated, and ends with a conditional write of them, the last of which serves the new
generation (docs/architecture.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from msgspec.structs import replace

from functions.aggregate.planning import handed_over
from functions.aggregate.queue import FoldMessage, Task
from functions.aggregate.restating import enter_changed_days
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.services import Services
from shared.metrics.storage import keys
from shared.metrics.storage.generations import (
    Refold,
    RefoldState,
    Retired,
    Splits,
    announce,
    announced,
    withdraw,
)
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.ports import Store, Table
from shared.metrics.storage.splitting import NamedPack, split_again
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.tenants import Tenant
from shared.metrics.storage.units import MILLISECONDS_A_MINUTE, ConfirmedMarks

REFOLD_UNIT: Final = "refold"
_BATCH_BYTES: Final = 4_000_000
_DELETED_AT_ONCE: Final = 1_000
_MAX_STEPS: Final = 20


def refold_messages(services: Services) -> list[FoldMessage]:
    """For every refold the units that are to be split again, and then a look at the whole."""
    messages = []
    for tenant, generation in announced(services.store):
        waiting = Splits(services.store, tenant, generation).waiting()
        messages += [FoldMessage(tenant, unit, generation, Task.SPLIT) for unit in waiting]
        messages.append(FoldMessage(tenant, REFOLD_UNIT, generation, Task.REFOLD))
    return messages


def split(services: Services, tenant: str, generation: int, unit: str) -> None:
    """Split the packs of a unit that is served again, into the generation being built.

    One batch of packs at a time is in memory. Nothing happens if it has been done already.
    """
    settings = services.tenants.get(tenant)
    splits = Splits(services.store, tenant, generation)
    if not _is_built(settings, generation) or not splits.is_waiting(unit):
        return
    old = services.tenancy.as_of(settings, settings.generation)
    new = services.tenancy.as_of(settings, generation)
    confirmed = ConfirmedMarks()
    batch: dict[str, list[NamedPack]] = {}
    size = 0
    for pack in old.units.each_pack(unit):
        parts = split_again({unit: [NamedPack(pack.name, pack.body)]}, new.calendar)
        for day, packs in parts.items():
            batch.setdefault(day, []).extend(packs)
        size += len(pack.body)
        if size >= _BATCH_BYTES:
            new.units.write(batch, clock=services.clock, confirmed=confirmed)
            batch, size = {}, 0
    new.units.write(batch, clock=services.clock, confirmed=confirmed)
    splits.finish(unit)


def advance(services: Services, tenant: str, generation: int) -> None:
    """Take a refold as many steps further as it can go now."""
    for _ in range(_MAX_STEPS):
        stored = services.tenants.stored(tenant)
        settings = stored.tenant
        if not _is_built(settings, generation):
            withdraw(services.store, tenant, generation)
            return
        step = _Step(
            settings=settings,
            old=services.tenancy.as_of(settings, settings.generation),
            new=services.tenancy.as_of(settings, generation),
            splits=Splits(services.store, tenant, generation),
            now_ms=services.clock(),
        )
        after = _STEPS[step.refold.state](step)
        if after is None:
            return
        # If they have changed meanwhile, the next look tells what there is to do.
        services.tenants.replace(stored, after)


def retire(services: Services, tenant: str, after_ms: int) -> None:
    """Delete what was derived for generations that nobody has read for so long; their packs stay.

    And see to it that a refold is known to the dispatcher: whoever began it may have died.
    """
    stored = services.tenants.stored(tenant)
    settings, now_ms = stored.tenant, services.clock()
    if settings.next is not None:
        announce(services.store, tenant, settings.next.generation)
    due = [retired for retired in settings.retired if now_ms - retired.at_ms >= after_ms]
    for retired in due:
        _delete_derived(services.store, tenant, retired.generation)
    if due:
        rest = tuple(retired for retired in settings.retired if retired not in due)
        services.tenants.replace(stored, replace(settings, retired=rest))


def _delete_derived(store: Store, tenant: str, generation: int) -> None:
    partitions = [keys.blocks_partition(tenant, generation, kind.value) for kind in BlockKind]
    partitions += [
        keys.attempt_key(tenant, generation, "").partition,
        keys.manifests_partition(tenant, generation),
        keys.months_partition(tenant, generation),
        keys.splits_partition(tenant, generation),
    ]
    for partition in partitions:
        found = (item.key for item in store.query(Table.METRICS, partition))
        while some := list(islice(found, _DELETED_AT_ONCE)):
            store.delete_many(some)


def _is_built(settings: Tenant, generation: int) -> bool:
    return settings.next is not None and settings.next.generation == generation


@dataclass(frozen=True, slots=True)
class _Step:
    """What a step of a refold has at hand."""

    settings: Tenant
    old: TenantData
    new: TenantData
    splits: Splits
    now_ms: int

    @property
    def refold(self) -> Refold:
        """The refold, of which the settings are known to speak."""
        assert self.settings.next is not None  # noqa: S101 - `advance` has looked
        return self.settings.next

    def to(self, state: RefoldState, **known: Any) -> Tenant:  # noqa: ANN401 - fields of Refold
        """The settings with the refold in another state."""
        return replace(self.settings, next=replace(self.refold, state=state, **known))


def _plan(step: _Step) -> Tenant:
    """List every unit that has events which are not in the new generation."""
    step.old.units.announce_successor(step.refold.generation)
    # Marks first: a fold publishes before it clears them, so no unit is in neither.
    units = {mark.unit for mark in step.old.units.marks()}
    units |= step.old.manifests.bodies("", keys.up_to("")).keys()
    step.splits.plan(sorted(units))
    return step.to(RefoldState.SPLITTING)


def _after_splitting(step: _Step) -> Tenant | None:
    if step.splits.waiting():
        return None
    minutes = [mark.minute for mark in step.new.units.marks() if mark.minute is not None]
    return step.to(RefoldState.FOLDING, marked_through=max(minutes, default=0))


def _after_folding(step: _Step) -> Tenant | None:
    """Wait until history is folded. What has come in since need not be: answers fold it."""
    marks = step.new.units.marks()
    manifests = step.new.manifests.all()
    calendar = step.new.calendar
    unlike = [
        unit
        for unit, manifest in manifests.items()
        if manifest.carry_in != handed_over(calendar, unit, manifests)
        or (unit != DIRECTORY and step.new.is_overruled(date.fromisoformat(unit), manifest))
    ]
    for unit in unlike:
        step.new.units.mark_minute(unit, step.now_ms // MILLISECONDS_A_MINUTE)
    unfolded = any(
        mark.minute is None
        or mark.minute <= step.refold.marked_through
        or mark.unit not in manifests
        for mark in marks
    )
    if unlike or unfolded:
        return None
    return step.to(RefoldState.SETTLED, settled_at_ms=step.now_ms)


def _serve(step: _Step) -> Tenant:
    """Enter what changes of final days; the settings that serve the new generation."""
    enter_changed_days(step.old, step.new, step.refold)
    settings = step.settings
    return replace(
        settings.of_generation(step.refold.generation),
        next=None,
        served_before=(*settings.served_before, settings.generation),
        retired=(*settings.retired, Retired(settings.generation, step.now_ms)),
    )


_STEPS: Final[Mapping[RefoldState, Callable[[_Step], Tenant | None]]] = {
    RefoldState.PLANNING: _plan,
    RefoldState.SPLITTING: _after_splitting,
    RefoldState.FOLDING: _after_folding,
    RefoldState.SETTLED: _serve,
}
