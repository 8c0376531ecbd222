"""Who answers for the KPIs of sales."""

from typing import Final

from shared.metrics.domain.kpis.entry import Stewardship

SALES: Final = Stewardship(
    owner="Head of sales operations",
    refresh="with every acknowledged change of a record",
    escalation="Head of sales operations, then chief revenue officer",
)
