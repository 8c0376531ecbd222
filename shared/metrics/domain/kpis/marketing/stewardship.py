"""Who answers for the KPIs of marketing."""

from typing import Final

from shared.metrics.domain.kpis.entry import Stewardship

MARKETING: Final = Stewardship(
    owner="Head of marketing operations",
    refresh="with every acknowledged change of a record",
    escalation="Head of marketing operations, then chief marketing officer",
)
