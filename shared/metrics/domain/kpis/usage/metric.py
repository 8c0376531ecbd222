"""What the entries of all metrics of use have alike."""

from typing import Final

from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.kpis.entry import Entry, Stewardship
from shared.metrics.domain.kpis.vocabulary import (
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    TimeRule,
)

_STEWARDSHIP: Final = Stewardship(
    owner="CRM administrator",
    refresh="with every acknowledged event",
    escalation="CRM administrator, then head of sales operations",
)


def metric(  # noqa: PLR0913 - the columns of a table
    key: str,
    name: str,
    formula: str,
    grain: str,
    asked_by: str,
    *,
    unit: MetricUnit = MetricUnit.COUNT,
    type_: MetricType = MetricType.DESCRIPTIVE,
    rule: TimeRule = TimeRule.EVENT,
    better_is: BetterIs = BetterIs.HIGHER,
    vanity: bool = False,
    maturity_days: int = 0,
) -> Entry:
    """An entry of use. All of them have the version of the arithmetic of days."""
    return Entry(
        key=key,
        name=name,
        formula=formula,
        unit=unit,
        grain=grain,
        kind=Kind.METRIC,
        type=type_,
        rule=rule,
        better_is=better_is,
        stewardship=_STEWARDSHIP,
        version=int(DEFINITION_VERSION),
        vanity=vanity,
        maturity_days=maturity_days,
        asked_by=asked_by,
    )
