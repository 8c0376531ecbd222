"""The KPIs of data quality (definitions §5)."""

from typing import Final

from shared.metrics.domain.kpis.kpi import Kpi
from shared.metrics.domain.kpis.quality import (
    accuracy,
    categories,
    completeness,
    duplicates,
    evenness,
    freshness,
    neglect,
    ownership,
    timing,
)

KPIS: Final[tuple[Kpi, ...]] = (
    *completeness.KPIS,
    *accuracy.KPIS,
    *freshness.KPIS,
    *duplicates.KPIS,
    *ownership.KPIS,
    *timing.KPIS,
    *neglect.KPIS,
    *categories.KPIS,
    *evenness.KPIS,
)
