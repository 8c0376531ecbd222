"""Who answers for the KPIs of data quality."""

from typing import Final

from shared.metrics.domain.kpis.entry import Stewardship

DATA_QUALITY: Final = Stewardship(
    owner="CRM administrator",
    refresh="with every acknowledged change of a record",
    escalation="owner of the field family, then head of sales operations",
)
