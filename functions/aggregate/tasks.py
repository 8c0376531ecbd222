"""What the aggregate function does: dispatch, work and sweep."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from uuid import uuid4

from functions.aggregate.planning import dirty_units, inputs_of
from functions.aggregate.queue import FoldMessage, Queue
from functions.aggregate.tenant_day import FoldOutcome, fold_unit
from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.services import Services
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import NO_CARRY, Manifest
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.units import MILLISECONDS_A_MINUTE, all_marks

SUPERSEDED_AFTER_MS: Final = 60 * 60_000
"""How long readers may still be reading the blocks of an attempt that was replaced."""

SWEPT_DAYS: Final = 3


def dispatch(services: Services, queue: Queue) -> int:
    """Put one message for every dirty unit; answers how many."""
    messages = [FoldMessage(*unit) for unit in dirty_units(all_marks(services.store))]
    queue.send(messages)
    return len(messages)


def work(services: Services, message: FoldMessage) -> FoldOutcome:
    """Fold one unit."""
    data = services.tenancy.open(message.tenant)
    return fold_unit(data, message.unit, new_attempt(services.clock), services.clock)


def sweep(services: Services) -> None:
    """Mark what a crash left unmarked, and delete what has been superseded for an hour."""
    for tenant in services.tenants.all():
        data = services.tenancy.open(tenant.name)
        manifests = data.manifests.all()
        _mark_unfolded(data, manifests, services.clock())
        _delete_superseded(data, manifests, services.clock())


def new_attempt(clock: Callable[[], int]) -> str:
    """A name for an attempt: when it began, and something unique."""
    return f"{clock():013d}-{uuid4().hex[:12]}"


def _mark_unfolded(data: TenantData, manifests: Mapping[str, Manifest], now_ms: int) -> None:
    """Mark recent units that have packs later than their last fold but no mark (whoever put the
    pack died before marking it), and all units that were folded by an older definition or with
    other open sessions than the day before hands over (whoever folded that died before marking).
    """
    day = data.calendar.day_of(now_ms)
    recent = [DIRECTORY]
    for _ in range(SWEPT_DAYS):
        recent.append(day.isoformat())
        day = data.calendar.previous_day(day)
    minutes = {
        unit: now_ms // MILLISECONDS_A_MINUTE
        for unit, manifest in manifests.items()
        if manifest.definition_version != DEFINITION_VERSION
        or manifest.carry_in != _handed_over(data, unit, manifests)
    }
    for unit in recent:
        minutes |= _unfolded(data, unit, manifests.get(unit))
    marked = {mark.unit for mark in data.units.marks()}
    for unit in sorted(minutes.keys() - marked):
        data.units.mark_minute(unit, minutes[unit])


def _unfolded(data: TenantData, unit: str, manifest: Manifest | None) -> dict[str, int]:
    """The unit with the minute of its last pack, if any was put after its fold; else nothing.

    A fold goes as far as the marks do, so a pack from the future needs a mark from the future.
    """
    later = data.units.packs(unit, after=None if manifest is None else manifest.folded_through)
    # A pack that the fold had, and that was put again behind the fence, is later but not new.
    if not later or (manifest and manifest.inputs == inputs_of(data.units.packs(unit))):
        return {}
    return {unit: max(pack.minute for pack in later)}


def _handed_over(data: TenantData, unit: str, manifests: Mapping[str, Manifest]) -> bytes:
    if unit == DIRECTORY:
        return NO_CARRY
    before = manifests.get(data.calendar.previous_day(date.fromisoformat(unit)).isoformat())
    return NO_CARRY if before is None else before.carry_out


def _delete_superseded(data: TenantData, manifests: Mapping[str, Manifest], now_ms: int) -> None:
    """Delete an attempt an hour after the one that replaced it began, or, if it was never
    published because it crashed, an hour after it began itself.
    """
    next_of: dict[str, str] = {}
    for attempt, unit in reversed(list(data.blocks.attempts())):
        manifest = manifests.get(unit)
        visible = manifest.attempt if manifest else ""
        replaced_by = next_of.get(unit, attempt) if attempt < visible else attempt
        next_of[unit] = attempt
        if attempt != visible and now_ms - _begun_ms(replaced_by) >= SUPERSEDED_AFTER_MS:
            data.blocks.delete(unit, attempt)


def _begun_ms(attempt: str) -> int:
    return int(attempt.partition("-")[0])
