"""What is published of the days of a range: from the indexes of months where these still hold, else
from the manifests of the days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from shared.metrics.domain.periods import Window
from shared.metrics.storage.manifests import LAYOUT, Manifest, read_manifest
from shared.metrics.storage.month_index import IndexedDay, MonthIndex, PublishedDay
from shared.metrics.storage.months import Month, read_month
from shared.metrics.storage.tenant_data import TenantData

_DAYS_WORTH_A_MONTH: Final = 4
"""Fewer days are read one by one."""

_KEPT: Final = 4_096
_MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Published:
    """The published days of a range, in order, and the months that have some of them as they are
    now, by name.
    """

    days: Mapping[date, PublishedDay]
    months: Mapping[str, Month]


class PublishedReader:
    """Reads what is published; decodes no manifest and no month twice."""

    def __init__(self) -> None:
        self._manifest: Callable[[bytes], Manifest] = lru_cache(maxsize=_KEPT)(read_manifest)
        self._month: Callable[[bytes], Month] = lru_cache(maxsize=_KEPT)(read_month)

    def read(self, data: TenantData, days: Window, versions: Mapping[str, int]) -> Published:
        """The days of a range whose manifests have these versions, or later ones by now."""
        months = self._months(data, days)
        found: dict[str, PublishedDay] = {}
        of_month: dict[str, Month] = {}
        for name, month in months.items():
            if month.layout == LAYOUT and month.index is not None:
                known = _current(name, month.days, month.index, versions)
                if known:
                    found |= known
                    of_month[name] = month
        bodies = _bodies(data, [unit for unit in versions if unit not in found], len(versions))
        found |= {unit: self._manifest(body) for unit, body in bodies.items()}
        in_order = {date.fromisoformat(unit): found[unit] for unit in versions if unit in found}
        return Published(in_order, of_month)

    def manifests(self, data: TenantData, days: Sequence[date]) -> dict[date, Manifest]:
        """The whole manifests of some days, as they are now."""
        units = [day.isoformat() for day in days]
        bodies = _bodies(data, units, len(units))
        return {date.fromisoformat(unit): self._manifest(body) for unit, body in bodies.items()}

    def _months(self, data: TenantData, days: Window) -> dict[str, Month]:
        if days.length < _DAYS_WORTH_A_MONTH:
            return {}
        bodies = data.months.bodies(days.first.isoformat()[:7], days.last.isoformat()[:7])
        return {name: self._month(body) for name, body in bodies.items()}


def _current(
    name: str, attempts: Mapping[str, str], index: MonthIndex, versions: Mapping[str, int]
) -> dict[str, IndexedDay]:
    """The days of a month whose manifests have the versions that its index was made from."""
    days = zip(attempts, index.versions, index.days(name, attempts.values()), strict=True)
    return {unit: day for unit, version, day in days if versions.get(unit) == version}


def _bodies(data: TenantData, units: Sequence[str], of: int) -> dict[str, bytes]:
    """The manifests of some units of so many: in one range if they are most of it."""
    if len(units) < _MOSTLY * of:
        return data.manifests.bodies_of(units)
    wanted = set(units)
    bodies = data.manifests.bodies(units[0], units[-1]) if units else {}
    return {unit: body for unit, body in bodies.items() if unit in wanted}
