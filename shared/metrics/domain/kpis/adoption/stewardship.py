"""Who answers for the KPIs of adoption."""

from typing import Final

from shared.metrics.domain.kpis.entry import Stewardship

ADOPTION: Final = Stewardship(
    owner="CRM administrator",
    refresh="with every acknowledged change of a record",
    escalation="CRM administrator, then head of sales operations",
)
