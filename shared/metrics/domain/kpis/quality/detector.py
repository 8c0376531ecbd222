"""What the detectors of dishonest logging have alike: each is the share of what was not logged as
it happened.
"""

from collections.abc import Callable

from shared.metrics.domain.kpis.entry import Entry, Parameter
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


def detector(  # noqa: PLR0913 - the columns of a table
    key: str,
    name: str,
    formula: str,
    grain: str,
    rule: TimeRule,
    rows: Callable[[Scope], Rows],
    *,
    objective: str,
    decision: str,
    parameters: tuple[Parameter, ...] = (),
    examples: tuple[Example, ...],
) -> Kpi:
    """A KPI of it."""
    return Kpi(
        Entry(
            key=key,
            name=name,
            formula=formula,
            unit=MetricUnit.RATIO,
            grain=grain,
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=rule,
            better_is=BetterIs.LOWER,
            stewardship=DATA_QUALITY,
            objective=objective,
            decision=decision,
            parameters=parameters,
        ),
        Counted(rows, Aggregation.RATIO),
        examples,
    )
