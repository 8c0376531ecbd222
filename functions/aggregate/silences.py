"""Notes the days on which sources were silent against their own rhythm."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import partial
from typing import Final

from shared.metrics.columns.arrivals_block import read_arrivals
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.arrivals import HOUR_MS, together
from shared.metrics.domain.rhythms import GIVEN_UP_AFTER_DAYS, HISTORY_DAYS, silent_days
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.blocks import MissingBlockError
from shared.metrics.storage.manifests import Manifest
from shared.metrics.storage.tenant_data import TenantData

JUDGED_DAYS: Final = GIVEN_UP_AFTER_DAYS
"""So many days up to yesterday are judged each time: a late event may have filled one."""


def note_silences(data: TenantData, manifests: Mapping[str, Manifest], now_ms: int) -> None:
    """Judge the last days by what folds have noted of arrivals. Sources of which somebody has said
    what is expected, and those of imported files, are not judged; nor are the holidays that the
    tenant has entered in its default calendar.
    """
    today = data.calendar.day_of(now_ms)
    try:
        received = _received_days(data, manifests, today)
    except MissingBlockError:
        return  # a fold is replacing it; the next sweep looks again
    holidays = _holidays(data)
    days = [today - timedelta(days=ago) for ago in range(JUDGED_DAYS, 0, -1)]
    judged = [day for day in days if day not in holidays and not _is_skipped(data, day)]
    found = {}
    for source, _ in data.sources.of_tenant(data.settings.name):
        name = source.source_id
        if source.kind is SourceKind.FILE or name in data.settings.expectations:
            continue
        until = today
        if source.disabled_at_ms is not None:
            until = data.calendar.day_of(source.disabled_at_ms)
        others = [sent for other, sent in received.items() if other != name]
        found[name] = silent_days(
            [day for day in judged if day < until],
            received.get(name, frozenset()),
            partial(_is_empty, manifests, name),
            partial(_any_sent, others),
        )
    data.silences.note(found, days[0])


def _received_days(
    data: TenantData, manifests: Mapping[str, Manifest], today: date
) -> dict[str, frozenset[date]]:
    """The local days on which anything of each source was received."""
    first = (today - timedelta(days=HISTORY_DAYS + JUDGED_DAYS)).isoformat()
    attempts = {
        unit: (manifest.attempt, manifest.parts[BlockKind.ARRIVALS.value])
        for unit, manifest in manifests.items()
        if unit >= first and BlockKind.ARRIVALS.value in manifest.parts
    }
    blocks = data.blocks.read(BlockKind.ARRIVALS, attempts)
    arrivals = together(read_arrivals(body) for body in blocks.values())
    return {
        source: frozenset(data.calendar.day_of(hour * HOUR_MS) for hour in each.by_hour)
        for source, each in arrivals.items()
    }


def _any_sent(received: Sequence[AbstractSet[date]], day: date) -> bool:
    return any(day in sent for sent in received)


def _is_empty(manifests: Mapping[str, Manifest], source: str, day: date) -> bool:
    manifest = manifests.get(day.isoformat())
    return manifest is None or source not in manifest.rows_by_source


def _holidays(data: TenantData) -> frozenset[date]:
    own = data.library.working_calendars.changes().get(None)
    return frozenset() if own is None else frozenset(each.day for each in own.holidays)


def _is_skipped(data: TenantData, day: date) -> bool:
    bounds = data.calendar.bounds(day)
    return bounds.start_ms == bounds.end_ms
