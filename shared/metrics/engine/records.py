"""The records of a tenant, folded from everything that has happened to them.

Read as snapshots are (`snapshots.py`): marks first, then what is published.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.records.business_calendar import BusinessCalendar
from shared.metrics.domain.records.change_log import ChangeLog
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.joining import joined
from shared.metrics.domain.working_calendars import ChangesByCountry, working_days
from shared.metrics.engine.directory import Directory, Source, read_directory
from shared.metrics.engine.public_holidays import PublicHolidays
from shared.metrics.engine.record_parts import (
    LivePart,
    Part,
    live_log,
    read_parts,
    stored_parts,
)
from shared.metrics.engine.roster_changes import roster_log
from shared.metrics.storage.blocks import MissingBlockError
from shared.metrics.storage.keys import DIRECTORY, up_to
from shared.metrics.storage.manifests import LAYOUT, read_manifest
from shared.metrics.storage.months import read_month
from shared.metrics.storage.record_maps import StoredMaps
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.units import StoredPack

_TRIES: Final = 5
_KEPT_TENANTS: Final = 4
"""Histories are large: those of more tenants are read anew."""

_KEPT_MANIFESTS: Final = 4_096
_FIRST_DAY: Final = "0"
_LAST_DAY: Final = "9999-12-31"


@dataclass
class _Kept:
    """What was read of a tenant, and what was made of it."""

    data: TenantData
    version: tuple[object, ...] = ()
    logs: dict[Part, ChangeLog | None] = field(default_factory=dict)
    people: tuple[Source, ChangeLog] | None = None
    records: FoldedRecords | None = None


class RecordHistories:
    """Reads records. Those that have not changed since they were last read are still in memory."""

    def __init__(self) -> None:
        self._manifest = lru_cache(maxsize=_KEPT_MANIFESTS)(read_manifest)
        self._month = lru_cache(maxsize=_KEPT_MANIFESTS)(read_month)
        self._kept: OrderedDict[tuple[str, int], _Kept] = OrderedDict()

    def read(self, data: TenantData) -> FoldedRecords:
        """The records of a tenant with everything acknowledged before; StorageUnavailableError if
        they change faster than they can be read.
        """
        kept = self._of(data)
        for _ in range(_TRIES):
            try:
                return self._read(data, kept)
            except MissingBlockError:
                kept.version = ()
        message = "the days were changing faster than they could be read; ask again"
        raise StorageUnavailableError(message)

    def _of(self, data: TenantData) -> _Kept:
        key = (data.settings.name, data.settings.generation)
        kept = self._kept.get(key)
        if kept is None or kept.data is not data:
            kept = self._kept[key] = _Kept(data)
            while len(self._kept) > _KEPT_TENANTS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return kept

    def _read(self, data: TenantData, kept: _Kept) -> FoldedRecords:
        dirty = {mark.unit for mark in data.units.marks()}
        directory = read_directory(data, is_dirty=DIRECTORY in dirty)
        bodies = data.manifests.bodies(_FIRST_DAY, _LAST_DAY)
        manifests = {day: self._manifest(body) for day, body in bodies.items()}
        outdated = {day for day, manifest in manifests.items() if manifest.layout != LAYOUT}
        live = {day: data.units.packs(day) for day in sorted((dirty | outdated) - {DIRECTORY})}
        found = data.months.bodies("", up_to(""))
        months = {name: self._month(body) for name, body in found.items()}
        folded = stored_parts(
            {day: manifest for day, manifest in manifests.items() if day not in live},
            {
                name: month
                for name, month in months.items()
                if month.layout == LAYOUT and BlockKind.MONTH_CORE.value in month.parts
            },
        )
        parts = [*folded, *(_live_part(day, packs) for day, packs in live.items())]
        maps = data.record_maps.get()
        own = data.library.working_calendars.changes()
        version = (*parts, _token(directory), maps.version, own)
        if kept.records is None or kept.version != version:
            self._load(data, kept, parts, live)
            kept.people = _people(data, kept.people, directory)
            kept.records = _folded(data, kept, maps, own)
            kept.version = version
        return kept.records

    def _load(
        self,
        data: TenantData,
        kept: _Kept,
        parts: list[Part],
        live: dict[str, list[StoredPack]],
    ) -> None:
        """Read the parts that are not in memory, and forget those that are over."""
        missing = [part for part in parts if part not in kept.logs]
        logs = {part: kept.logs[part] for part in parts if part in kept.logs}
        logs |= read_parts(data, missing)
        for part in missing:
            if isinstance(part, LivePart):
                logs[part] = live_log(live[part.day])
        kept.logs = {part: logs[part] for part in parts}


def _live_part(day: str, packs: list[StoredPack]) -> LivePart:
    return LivePart(day, tuple(sorted(pack.name for pack in packs)))


def _token(directory: Source) -> object:
    """What tells one state of the directory from another."""
    if isinstance(directory, bytes):
        return directory
    return tuple(sorted(pack.name for pack in directory))


def _people(
    data: TenantData, known: tuple[Source, ChangeLog] | None, directory: Source
) -> tuple[Source, ChangeLog]:
    if known is not None and known[0] == directory:
        return known
    return directory, roster_log(Directory(data, directory).roster)


def _folded(
    data: TenantData, kept: _Kept, maps: StoredMaps, own: ChangesByCountry
) -> FoldedRecords:
    logs = [log for log in kept.logs.values() if log is not None]
    people = [] if kept.people is None else [kept.people[1]]
    working = partial(_working_days, own)
    calendar = BusinessCalendar(data.calendar, maps.document.hours(), working)
    return FoldedRecords(joined([*people, *logs]), maps.document.maps(), calendar)


def _working_days(own: ChangesByCountry, window: Window) -> NDArray[np.bool_]:
    """The working days of a tenant's default calendar."""
    return working_days(None, window, own, PublicHolidays()).days
