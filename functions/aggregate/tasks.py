"""What the aggregate function does: dispatch, work and sweep."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import islice
from typing import Final
from uuid import uuid4

from functions.aggregate.hit_months import gather_hits, outdated_hits
from functions.aggregate.months import gather_month, outdated_months
from functions.aggregate.planning import dirty_units, handed_over, inputs_of
from functions.aggregate.queue import FoldMessage, Queue, Task
from functions.aggregate.regeneration import advance, refold_messages, retire, split
from functions.aggregate.silences import note_silences
from functions.aggregate.tenant_day import FoldOutcome, fold_unit
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.services import Services
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import LAYOUT, Manifest
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.units import MILLISECONDS_A_MINUTE, Units, all_marks

SUPERSEDED_AFTER_MS: Final = 60 * 60_000
"""How long readers may still be reading the blocks of an attempt that was replaced."""

SWEPT_DAYS: Final = 3
MONTHS_A_SWEEP: Final = 24
HIT_MONTHS_A_SWEEP: Final = 3
"""The next sweep goes on with the rest."""


def dispatch(services: Services, queue: Queue) -> int:
    """Put one message for every dirty unit, and those of the refolds that are under way; answers
    how many.
    """
    messages = [FoldMessage(*unit) for unit in dirty_units(all_marks(services.store))]
    messages += refold_messages(services)
    queue.send(messages)
    return len(messages)


def work(services: Services, message: FoldMessage) -> FoldOutcome:
    """Do what a message says: fold one unit, or see to a refold."""
    if message.task is Task.REFOLD:
        advance(services, message.tenant, message.generation)
        return FoldOutcome.NOTHING
    if message.task is Task.SPLIT:
        split(services, message.tenant, message.generation, message.unit)
        return FoldOutcome.NOTHING
    data = services.tenancy.open_generation(message.tenant, message.generation)
    if data is None:
        # Whoever put packs there has put them into the generations that came after as well.
        units = Units(services.store, message.tenant, message.generation)
        units.clear(units.marks(message.unit))
        return FoldOutcome.NOTHING
    return fold_unit(data, message.unit, new_attempt(services.clock), services.clock)


def sweep(services: Services) -> None:
    """Mark what a crash left unmarked, and delete what has been superseded for an hour."""
    for tenant in services.tenants.all():
        for generation in tenant.generations:
            data = services.tenancy.open_generation(tenant.name, generation)
            if data is None:
                continue  # the settings have changed since
            manifests = data.manifests.all()
            _mark_unfolded(data, manifests, services.clock())
            note_silences(data, manifests, services.clock())
            _gather_months(data, manifests, services.clock)
            visible = {unit: manifest.attempt for unit, manifest in manifests.items()}
            visible |= {name: month.attempt for name, month in data.months.all().items()}
            _delete_superseded(data, visible, services.clock())
        retire(services, tenant.name, SUPERSEDED_AFTER_MS)


def new_attempt(clock: Callable[[], int]) -> str:
    """A name for an attempt: when it began, and something unique."""
    return f"{clock():013d}-{uuid4().hex[:12]}"


def _mark_unfolded(data: TenantData, manifests: Mapping[str, Manifest], now_ms: int) -> None:
    """Mark recent units that have packs later than their last fold but no mark (whoever put the
    pack died before marking it), and all units that were folded by an older definition or layout,
    before their day was over, with changes counted of features whose actions count, or with other
    open sessions than the day before hands over (whoever folded that died before marking).
    """
    today = day = data.calendar.day_of(now_ms)
    recent = [DIRECTORY]
    for _ in range(SWEPT_DAYS):
        recent.append(day.isoformat())
        day = data.calendar.previous_day(day)
    minutes = {
        unit: now_ms // MILLISECONDS_A_MINUTE
        for unit, manifest in manifests.items()
        if manifest.definition_version != DEFINITION_VERSION
        or manifest.layout != LAYOUT
        or (unit == DIRECTORY and BlockKind.ROSTER.value not in manifest.parts)
        or (unit < today.isoformat() and not manifest.is_compacted)
        or manifest.carry_in != handed_over(data.calendar, unit, manifests)
        or (unit != DIRECTORY and data.is_overruled(date.fromisoformat(unit), manifest))
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


def _gather_months(
    data: TenantData, manifests: Mapping[str, Manifest], clock: Callable[[], int]
) -> None:
    today = data.calendar.day_of(clock())
    months = data.months.all()
    for name in islice(outdated_months(manifests, months, today), MONTHS_A_SWEEP):
        gather_month(data, name, new_attempt(clock), today)
    for name in islice(outdated_hits(manifests, months, today), HIT_MONTHS_A_SWEEP):
        gather_hits(data, name, manifests, new_attempt(clock), today)


def _delete_superseded(data: TenantData, visible_of: Mapping[str, str], now_ms: int) -> None:
    """Delete an attempt an hour after the one that replaced it began, or, if it was never
    published because it crashed, an hour after it began itself.
    """
    next_of: dict[str, str] = {}
    for attempt, unit in reversed(list(data.blocks.attempts())):
        visible = visible_of.get(unit, "")
        replaced_by = next_of.get(unit, attempt) if attempt < visible else attempt
        next_of[unit] = attempt
        if attempt != visible and now_ms - _begun_ms(replaced_by) >= SUPERSEDED_AFTER_MS:
            data.blocks.delete(unit, attempt)


def _begun_ms(attempt: str) -> int:
    return int(attempt.partition("-")[0])
