"""The changes of records of a tenant as they are stored: by month, by day, or not yet folded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.change_blocks import changes_of, read_changes
from shared.metrics.domain.records.change_log import ChangeLog
from shared.metrics.domain.records.joining import rows_between, some_rows
from shared.metrics.storage.manifests import Manifest
from shared.metrics.storage.months import Month
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.units import StoredPack


@dataclass(frozen=True, slots=True)
class MonthPart:
    """What is gathered of a month, without the days that have changed since."""

    name: str
    attempt: str
    parts: int
    outdated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayPart:
    """The block of a day."""

    day: str
    attempt: str
    parts: int


@dataclass(frozen=True, slots=True)
class LivePart:
    """A day that has to be folded first, from its packs."""

    day: str
    packs: tuple[str, ...]


Part = MonthPart | DayPart | LivePart


def stored_parts(manifests: Mapping[str, Manifest], months: Mapping[str, Month]) -> list[Part]:
    """Where the changes of days are that are folded, in order of time."""
    kind = BlockKind.CHANGES.value
    attempts = {day: manifest.attempt for day, manifest in manifests.items()}
    parts: list[tuple[str, Part]] = []
    gathered: set[str] = set()
    for name, month in months.items():
        count = month.parts.get(BlockKind.MONTH_CHANGES.value, 0)
        outdated = {day for day, made in month.days.items() if attempts.get(day) != made}
        gathered |= month.days.keys() - outdated
        if count and len(outdated) < len(month.days):
            part = MonthPart(name, month.attempt, count, tuple(sorted(outdated)))
            parts.append((min(month.days), part))
    for day, manifest in manifests.items():
        if day not in gathered and kind in manifest.parts:
            parts.append((day, DayPart(day, manifest.attempt, manifest.parts[kind])))
    return [part for _, part in sorted(parts, key=lambda each: each[0])]


def live_log(packs: list[StoredPack]) -> ChangeLog | None:
    """The changes of packs that are not folded; None if there are none."""
    return changes_of([pack.body for pack in packs])


def read_parts(data: TenantData, parts: list[Part]) -> dict[Part, ChangeLog]:
    """The changes of folded parts. MissingBlockError if one was replaced meanwhile."""
    months = {part.name: part for part in parts if isinstance(part, MonthPart)}
    days = {part.day: part for part in parts if isinstance(part, DayPart)}
    wanted = {name: (part.attempt, part.parts) for name, part in months.items()}
    found: dict[Part, ChangeLog] = {}
    for name, body in data.blocks.read(BlockKind.MONTH_CHANGES, wanted).items():
        found[months[name]] = _without(data, read_changes(body), months[name].outdated)
    wanted = {day: (part.attempt, part.parts) for day, part in days.items()}
    for day, body in data.blocks.read(BlockKind.CHANGES, wanted).items():
        found[days[day]] = read_changes(body)
    return found


def _without(data: TenantData, log: ChangeLog, outdated: tuple[str, ...]) -> ChangeLog:
    if not outdated:
        return log
    keep = np.ones(len(log), bool)
    for day in outdated:
        bounds = data.calendar.bounds(date.fromisoformat(day))
        keep[rows_between(log, bounds.start_ms, bounds.end_ms)] = False
    return some_rows(log, np.flatnonzero(keep))
