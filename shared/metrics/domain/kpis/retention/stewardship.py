"""Who answers for the KPIs of retention."""

from typing import Final

from shared.metrics.domain.kpis.entry import Stewardship

RETENTION: Final = Stewardship(
    owner="Head of customer success",
    refresh="with every acknowledged change of a record",
    escalation="Head of customer success, then chief revenue officer",
)
