"""Who answers for the KPIs of service."""

from typing import Final

from shared.metrics.domain.kpis.entry import Stewardship

SERVICE: Final = Stewardship(
    owner="Head of customer service",
    refresh="with every acknowledged change of a record",
    escalation="Head of customer service, then chief operating officer",
)
