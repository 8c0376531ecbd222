"""The KPIs of retention (definitions §5)."""

from typing import Final

from shared.metrics.domain.kpis.kpi import Kpi
from shared.metrics.domain.kpis.retention import lifetime, logos, purchases, renewals, revenue

KPIS: Final[tuple[Kpi, ...]] = (
    *logos.KPIS,
    *revenue.KPIS,
    *renewals.KPIS,
    *lifetime.KPIS,
    *purchases.KPIS,
)
