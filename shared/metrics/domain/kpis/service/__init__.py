"""The KPIs of service (definitions §5)."""

from typing import Final

from shared.metrics.domain.kpis.kpi import Kpi
from shared.metrics.domain.kpis.service import resolution, responses, surveys, volume

KPIS: Final[tuple[Kpi, ...]] = (
    *volume.KPIS,
    *responses.KPIS,
    *resolution.KPIS,
    *surveys.KPIS,
)
