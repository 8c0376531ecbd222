"""How the sources of a tenant are doing: from what folds have noted of arrivals, from the packs
that are not folded yet, and from what was turned away.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.metrics.columns.arrivals_block import arrivals_of_packs, read_arrivals
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.arrivals import HOUR_MS, Arrivals, BySource, together
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.source_health import (
    HISTORY_HOURS,
    SourceFacts,
    SourceHealth,
    health_of,
)
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.engine.requests import Request
from shared.metrics.storage.keys import DIRECTORY, quarantine_name
from shared.metrics.storage.manifests import Manifest, read_manifest
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenant_data import TenantData

if TYPE_CHECKING:
    from shared.metrics.engine.question import Question

CHANNEL_EXPIRES_AT: Final = "channel_expires_at"
"""The setting of a source that says when the channel it sends by ends, as RFC 3339."""

MAX_DOCKETS: Final = 20_000
"""Deliveries with rows turned away that are looked at; with more, shares are at least so high."""

_DAY_HOURS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealthRequest(Request[dict[str, SourceHealth]]):
    """The health of all sources of a tenant, by id."""


def source_health(question: "Question", request: SourceHealthRequest) -> dict[str, SourceHealth]:
    """How the sources of the tenant are doing at the instant of the question."""
    return health_of_sources(question.data, request.tenant, question.as_of_ms)


def health_of_sources(data: TenantData, tenant: str, now_ms: int) -> dict[str, SourceHealth]:
    """How the sources of a tenant are doing, by id."""
    arrivals = recent_arrivals(data, now_ms)
    turned_away = _turned_away(data, now_ms)
    return {
        source.source_id: health_of(
            SourceFacts(
                arrivals.get(source.source_id) or _long_ago(data, source.source_id),
                turned_away[source.source_id],
                is_disabled=source.disabled_at_ms is not None,
                has_rhythm=source.kind is not SourceKind.FILE,
                expires_ms=expires_ms(source),
            ),
            now_ms,
        )
        for source, _ in data.sources.of_tenant(tenant)
    }


def recent_arrivals(data: TenantData, now_ms: int) -> dict[str, Arrivals]:
    """When rows arrived, by source, of the days that can have what arrived lately. A row that tells
    of a day long before counts only once its day is among these, or not folded yet.
    """
    first_hour = now_ms // HOUR_MS - HISTORY_HOURS
    first_day = data.calendar.day_of(first_hour * HOUR_MS) - timedelta(days=1)
    bodies = data.manifests.bodies(first_day.isoformat(), DIRECTORY)
    manifests = {unit: read_manifest(body) for unit, body in bodies.items()}
    parts = [*_folded(data, manifests).values()]
    for unit in sorted({mark.unit for mark in data.units.marks()}):
        manifest = manifests.get(unit) or data.manifests.get(unit)[0]
        after = None if manifest is None else manifest.folded_through
        packs = data.units.each_pack(unit, after=after)
        parts.append(arrivals_of_packs(pack.body for pack in packs))
    return together(parts, first_hour)


def expires_ms(source: Source) -> int | None:
    """When the channel of a source ends, if that is agreed and readable."""
    try:
        at = datetime.fromisoformat(source.settings.get(CHANNEL_EXPIRES_AT, ""))
    except ValueError:
        return None
    return None if at.tzinfo is None else int(at.timestamp() * 1000)


def _folded(data: TenantData, manifests: dict[str, Manifest]) -> dict[str, BySource]:
    attempts = {
        unit: (manifest.attempt, manifest.parts[BlockKind.ARRIVALS.value])
        for unit, manifest in manifests.items()
        if BlockKind.ARRIVALS.value in manifest.parts
    }
    found = data.blocks.read(BlockKind.ARRIVALS, attempts)
    return {unit: read_arrivals(body) for unit, body in found.items()}


def _long_ago(data: TenantData, source_id: str) -> Arrivals | None:
    """The last arrivals of a source that has been silent for longer than is looked at."""
    manifests = data.manifests.all()
    had = [unit for unit, manifest in manifests.items() if source_id in manifest.rows_by_source]
    if not had:
        return None
    last = max(had)
    arrivals = _folded(data, {last: manifests[last]}).get(last, {}).get(source_id)
    end_ms = data.calendar.bounds(date.fromisoformat(last)).end_ms
    return Arrivals(end_ms if arrivals is None else arrivals.last_ms, {})


def _turned_away(data: TenantData, now_ms: int) -> Counter[str]:
    """How many rows of each source were turned away in the last 24 hours."""
    first_ms = (now_ms // HOUR_MS - _DAY_HOURS + 1) * HOUR_MS
    first = quarantine_name(from_milliseconds(first_ms).date(), first_ms, "")
    counts: Counter[str] = Counter()
    for looked_at, stored in enumerate(data.quarantine.dockets(first=first)):
        if looked_at == MAX_DOCKETS:
            break
        counts[stored.docket.source] += stored.docket.turned_away
    return counts
