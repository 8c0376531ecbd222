"""The KPIs of adoption (definitions §5)."""

from typing import Final

from shared.metrics.domain.kpis.adoption import training
from shared.metrics.domain.kpis.kpi import Kpi

KPIS: Final[tuple[Kpi, ...]] = training.KPIS
