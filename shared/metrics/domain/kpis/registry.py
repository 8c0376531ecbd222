"""Every metric of the system, by key: the KPIs, which are evaluated here, and the metrics of use,
which have fields of their own.

A new KPI is a function, an entry and its examples in a module of its family, and a line in the
family's `__init__.py`; a new family a package, and a line here.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Final

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.kpis import (
    adoption,
    marketing,
    quality,
    retention,
    sales,
    service,
    usage,
)
from shared.metrics.domain.kpis.dimensions import Dimension, possible
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.vocabulary import Kind
from shared.metrics.domain.records.record_types import RecordType


class Family(Enum):
    """Whose business a metric is."""

    SALES = "SALES"
    MARKETING = "MARKETING"
    SERVICE = "SERVICE"
    RETENTION = "RETENTION"
    ADOPTION = "ADOPTION"
    DATA_QUALITY = "DATA_QUALITY"
    USAGE = "USAGE"


KPIS: Final[Mapping[Family, tuple[Kpi, ...]]] = {
    Family.SALES: sales.KPIS,
    Family.MARKETING: marketing.KPIS,
    Family.SERVICE: service.KPIS,
    Family.RETENTION: retention.KPIS,
    Family.ADOPTION: adoption.KPIS,
    Family.DATA_QUALITY: quality.KPIS,
}

ENTRIES: Final[Mapping[Family, tuple[Entry, ...]]] = {
    **{family: tuple(kpi.entry for kpi in kpis) for family, kpis in KPIS.items()},
    Family.USAGE: usage.ENTRIES,
}
"""The catalogue, by family."""

REGISTRY: Final[Mapping[str, Kpi]] = {kpi.key: kpi for kpis in KPIS.values() for kpi in kpis}


class KpiKey(Enum):
    """The keys of all KPIs that can be asked for."""

    vars().update({key: key for key in REGISTRY})


_FAMILIES: Final = {entry.key: family for family, found in ENTRIES.items() for entry in found}


def catalogue(family: Family | None = None, kind: Kind | None = None) -> list[Entry]:
    """The entries of a family and kind, or of all."""
    return [
        entry
        for each, entries in ENTRIES.items()
        for entry in entries
        if family in (None, each) and kind in (None, entry.kind)
    ]


def family_of(key: str) -> Family:
    """The family of a metric."""
    return _FAMILIES[key]


def kpi_of(key: str) -> Kpi:
    """A KPI by its key; BadInputError if there is none."""
    found = REGISTRY.get(key)
    if found is None:
        message = f"there is no KPI {key}; `metricCatalogue` lists those that there are"
        raise BadInputError(message, field="key")
    return found


def parts_of(key: str) -> tuple[str, ...]:
    """The KPIs that a metric is made of; none of one that is counted."""
    kpi = REGISTRY.get(key)
    return () if kpi is None or isinstance(kpi.values, Counted) else kpi.values.parts


@cache
def dimensions_of(key: str) -> tuple[Dimension, ...]:
    """What a metric can be filtered and grouped by: what all that it is made of can."""
    kpi = REGISTRY.get(key)
    if kpi is None:
        return ()
    if isinstance(kpi.values, Counted):
        return possible(RecordType(kpi.entry.grain))
    of_parts = [dimensions_of(part) for part in kpi.values.parts]
    return tuple(each for each in Dimension if all(each in found for found in of_parts))


def problems() -> list[str]:
    """What is wrong with the catalogue, for whoever changes it."""
    entries = catalogue()
    keys = [entry.key for entry in entries]
    found = [problem for entry in entries for problem in entry.problems()]
    found += [f"there are two metrics {key}" for key in sorted(set(keys)) if keys.count(key) > 1]
    for kpi in REGISTRY.values():
        missing = [part for part in parts_of(kpi.key) if part not in REGISTRY]
        found += [f"{kpi.key} is made of {part}, which is no KPI" for part in missing]
        if not kpi.examples:
            found.append(f"{kpi.key} has no examples")
        if all(example.value is not None for example in kpi.examples):
            found.append(f"{kpi.key} has no example of a null")
    return found
