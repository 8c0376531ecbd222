"""How far records, people and accounts get through the steps of a funnel."""

from typing import Final

from shared.metrics.domain.kpis.usage.metric import metric
from shared.metrics.domain.kpis.vocabulary import BetterIs, MetricType, MetricUnit, TimeRule

ENTRIES: Final = (
    metric(
        "FUNNEL_COMPLETION",
        "Funnel completion",
        "units that did the last step / units that did the first",
        "unit",
        "funnel.completionRate",
        unit=MetricUnit.RATIO,
    ),
    metric(
        "FUNNEL_MATURED_RATE",
        "Funnel completion, matured",
        "converted / (converted + dropped), those still in their window left out",
        "unit",
        "funnel.maturedRate",
        unit=MetricUnit.RATIO,
        rule=TimeRule.COHORT,
        maturity_days=30,
    ),
    metric(
        "FUNNEL_DROP_OFF",
        "Funnel drop-off",
        "1 - units that did the step / units that did the one before",
        "unit",
        "funnel.steps.dropOffs",
        unit=MetricUnit.RATIO,
        type_=MetricType.DIAGNOSTIC,
        better_is=BetterIs.LOWER,
    ),
    metric(
        "FUNNEL_TIME_TO_CONVERT",
        "Time to convert",
        "median of last step - first step",
        "unit",
        "funnel.medianMilliseconds",
        unit=MetricUnit.MILLISECONDS,
        better_is=BetterIs.LOWER,
    ),
)
