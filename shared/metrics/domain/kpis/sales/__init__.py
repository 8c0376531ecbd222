"""The KPIs of sales (definitions §5)."""

from typing import Final

from shared.metrics.domain.kpis.kpi import Kpi
from shared.metrics.domain.kpis.sales import (
    coverage,
    cycle,
    expansion,
    forecast,
    inspection,
    leads,
    pipeline,
    quota,
    slippage,
    stages,
    wins,
)

KPIS: Final[tuple[Kpi, ...]] = (
    *leads.KPIS,
    *pipeline.KPIS,
    *wins.KPIS,
    *quota.KPIS,
    *coverage.KPIS,
    *slippage.KPIS,
    *cycle.KPIS,
    *stages.KPIS,
    *expansion.KPIS,
    *forecast.KPIS,
    *inspection.KPIS,
)
