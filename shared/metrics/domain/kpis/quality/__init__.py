"""The KPIs of data quality (definitions §5)."""

from typing import Final

from shared.metrics.domain.kpis.kpi import Kpi

KPIS: Final[tuple[Kpi, ...]] = ()
