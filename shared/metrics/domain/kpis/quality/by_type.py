"""What the KPIs of fields have alike: one for each type of record, so that each has the dimensions
of its own records.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import Example
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.quality.stewardship import DATA_QUALITY
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    TimeRule,
)
from shared.metrics.domain.records.record_types import RecordType


@dataclass(frozen=True, slots=True)
class Topic:
    """What is asked of the fields; `formula` says which values of which others."""

    name: str
    formula: str
    objective: str
    decision: str


def kpi_of_fields(
    topic: Topic,
    record_type: RecordType,
    rows: Callable[[Scope], Rows],
    examples: tuple[Example, ...],
) -> Kpi:
    """A topic, of the fields of one type of record."""
    name = record_type.value
    return Kpi(
        Entry(
            key=f"{name.upper()}_{topic.name.upper()}",
            name=f"{topic.name} of {name}s",
            formula=f"{topic.formula}, of the {name}s at the end of the period",
            unit=MetricUnit.RATIO,
            grain=name,
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=DATA_QUALITY,
            objective=topic.objective,
            decision=topic.decision,
        ),
        Counted(rows, Aggregation.RATIO),
        examples,
    )
