"""Gathers the published days of a month, so that a long range takes few reads."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from shared.metrics.columns.blocks import Arrays, BlockKind, read_block, write_block
from shared.metrics.columns.change_blocks import read_changes, write_changes
from shared.metrics.columns.month_arrays import MONTH_COLUMNS, gather
from shared.metrics.columns.month_weeks import gather_weeks
from shared.metrics.domain.records.joining import joined
from shared.metrics.storage import keys
from shared.metrics.storage.blocks import MissingBlockError
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import LAYOUT, Manifest, StoredManifest
from shared.metrics.storage.month_index import feature_hits, month_index
from shared.metrics.storage.months import Month
from shared.metrics.storage.tenant_data import TenantData

DAYS_WORTH_GATHERING: Final = 7
"""A month that is not over is gathered again when so many of its days are new or changed."""


def outdated_months(
    manifests: Mapping[str, Manifest], months: Mapping[str, Month], today: date
) -> Iterator[str]:
    """The months whose days have changed enough since they were gathered: any day of a month that
    is over. Today, which changes all the time, is left to its own blocks.
    """
    attempts = _attempts_by_month(manifests, today)
    this_month = f"{today:%Y-%m}"
    for name, days in attempts.items():
        known = months.get(name)
        gathered = known.days if known and known.index and known.layout == LAYOUT else {}
        changed = sum(gathered.get(day) != attempt for day, attempt in days.items())
        if changed >= (DAYS_WORTH_GATHERING if name == this_month else 1):
            yield name


def gather_month(data: TenantData, name: str, attempt: str, today: date) -> bool:
    """Gather a month and publish it; False if its days, or the month, changed meanwhile."""
    version = data.months.version(name)
    days = _days_before(data.manifests.stored(name, keys.up_to(name)), today)
    data.blocks.begin(name, attempt)
    try:
        blocks = {kind: write_block(arrays) for kind, arrays in _gathered(data, days)}
        blocks |= _changes(data, days)
    except MissingBlockError:
        data.blocks.delete(name, attempt)
        return False
    month = Month(
        attempt=attempt,
        layout=LAYOUT,
        days={day: stored.manifest.attempt for day, stored in days.items()},
        parts=data.blocks.write(name, attempt, blocks),
        index=month_index(list(days.values())),
    )
    if data.months.publish(name, month, expected_version=version):
        return True
    data.blocks.delete(name, attempt)
    return False


def _gathered(
    data: TenantData, days: Mapping[str, StoredManifest]
) -> Iterator[tuple[BlockKind, Arrays]]:
    of_kind: dict[BlockKind, dict[date, Arrays]] = {}
    for month_kind, (kind, columns) in MONTH_COLUMNS.items():
        if kind not in of_kind:
            of_kind[kind] = _arrays(data, kind, days)
        yield month_kind, gather(of_kind[kind], columns)
    yield BlockKind.MONTH_WEEKS, gather_weeks(_arrays(data, BlockKind.WHO, days))
    hits = feature_hits([stored.manifest.sums for stored in days.values()])
    yield BlockKind.MONTH_FEATURES, {"hits": hits}


def _arrays(
    data: TenantData, kind: BlockKind, days: Mapping[str, StoredManifest]
) -> dict[date, Arrays]:
    wanted = {
        day: (stored.manifest.attempt, stored.manifest.parts[kind.value])
        for day, stored in days.items()
    }
    bodies = data.blocks.read(kind, wanted)
    return {date.fromisoformat(day): read_block(body) for day, body in bodies.items()}


def _changes(data: TenantData, days: Mapping[str, StoredManifest]) -> dict[BlockKind, bytes]:
    """The changes of records of the days that have any, if one has."""
    kind = BlockKind.CHANGES
    wanted = {
        day: (manifest.attempt, manifest.parts_of(kind))
        for day, (manifest, _) in days.items()
        if manifest.has(kind)
    }
    bodies = data.blocks.read(kind, wanted)
    if not bodies:
        return {}
    whole = joined([read_changes(bodies[day]) for day in sorted(bodies)])
    return {BlockKind.MONTH_CHANGES: write_changes(whole)}


def _days_before(stored: Mapping[str, StoredManifest], today: date) -> dict[str, StoredManifest]:
    return {
        day: each
        for day, each in sorted(stored.items())
        if day < today.isoformat() and each.manifest.layout == LAYOUT
    }


def _attempts_by_month(manifests: Mapping[str, Manifest], today: date) -> dict[str, dict[str, str]]:
    """The visible attempt of each day before today, by month."""
    found: dict[str, dict[str, str]] = {}
    for day, manifest in sorted(manifests.items()):
        if day != DIRECTORY and day < today.isoformat() and manifest.layout == LAYOUT:
            found.setdefault(day[:7], {})[day] = manifest.attempt
    return found
