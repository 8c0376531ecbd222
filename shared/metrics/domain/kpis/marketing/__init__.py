"""The KPIs of marketing (definitions §5)."""

from typing import Final

from shared.metrics.domain.kpis.kpi import Kpi
from shared.metrics.domain.kpis.marketing import acquisition, campaigns, qualification

KPIS: Final[tuple[Kpi, ...]] = (*qualification.KPIS, *campaigns.KPIS, *acquisition.KPIS)
