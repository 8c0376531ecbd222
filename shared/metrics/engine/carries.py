"""The sessions that one day hands over to the next."""

from collections.abc import Mapping
from datetime import date

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.day_arrays import read_carry, write_carry
from shared.metrics.columns.fold import FoldedDay
from shared.metrics.storage.manifests import NO_CARRY, digest_of
from shared.metrics.storage.month_index import PublishedDay
from shared.metrics.storage.tenant_data import TenantData


def carry_digest(folded: FoldedDay) -> bytes:
    """The digest of the open sessions of a live day, as its manifest would have it."""
    open_until_ms = folded.rollup.open_until_ms
    return digest_of([write_carry(open_until_ms)]) if open_until_ms else NO_CARRY


def published_carry(
    data: TenantData, day: date, manifest: PublishedDay | None
) -> Mapping[str, int]:
    """The open sessions that the manifest of a day names; none without a manifest."""
    if manifest is None or manifest.carry_out == NO_CARRY:
        return {}
    attempts = {day.isoformat(): (manifest.attempt, manifest.parts_of(BlockKind.CARRY))}
    return read_carry(data.blocks.read(BlockKind.CARRY, attempts)[day.isoformat()])


def published_carry_into(data: TenantData, day: date) -> Mapping[str, int]:
    """The sessions that the published fold of the day before left open."""
    previous = data.calendar.previous_day(day)
    manifest, _ = data.manifests.get(previous.isoformat())
    return published_carry(data, previous, manifest)
