"""An entry of the metric catalogue (definitions §6)."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from shared.metrics.domain.kpis.vocabulary import BetterIs, Kind, MetricType, MetricUnit, TimeRule

Setting: TypeAlias = float | tuple[str, ...]
"""The value of a parameter: a number, or a set of texts."""


MATURITY: Final = "maturityDays"
"""The parameter that every cohort has."""


@dataclass(frozen=True, slots=True)
class Stewardship:
    """Who answers for metrics: `owner` a role in the company, `refresh` how current they are, and
    `escalation` the path when one is wrong or off its target.
    """

    owner: str
    refresh: str
    escalation: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something in a definition that a draft may change (`metricTrial`).

    A number has bounds, the lowest and the highest that it may be; a set of texts has none.
    """

    name: str
    default: Setting
    meaning: str
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a metric is. `formula` is in words; `grain` is what one row of it is.

    A KPI has an objective and the decision it serves; a metric that looks good without helping to
    decide is `vanity`. `maturity_days` is how long the outcome of a cohort takes. `asked_by` names
    the field of GraphQL that answers it, where that is not `kpi`.
    """

    key: str
    name: str
    formula: str
    unit: MetricUnit
    grain: str
    kind: Kind
    type: MetricType
    rule: TimeRule
    better_is: BetterIs
    stewardship: Stewardship
    version: int = 1
    objective: str = ""
    decision: str = ""
    target: float | None = None
    vanity: bool = False
    maturity_days: int = 0
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    asked_by: str = ""

    @property
    def drafted(self) -> tuple[Parameter, ...]:
        """All that a draft may change: of a cohort its maturity, too."""
        if not self.maturity_days:
            return self.parameters
        meaning = "days after which the outcome of a cohort counts as settled"
        days = Parameter(MATURITY, float(self.maturity_days), meaning, (1, 3650))
        return (*self.parameters, days)

    def problems(self) -> list[str]:
        """What is missing of it."""
        needed = {
            "name": self.name,
            "formula": self.formula,
            "grain": self.grain,
            "owner": self.stewardship.owner,
            "refresh": self.stewardship.refresh,
            "escalation": self.stewardship.escalation,
        }
        if self.kind is Kind.KPI:
            needed |= {"objective": self.objective, "decision": self.decision}
        missing = [f"{self.key} has no {name}" for name, text in needed.items() if not text.strip()]
        if (self.rule is TimeRule.COHORT) != (self.maturity_days > 0):
            missing.append(
                f"{self.key}: a cohort has a maturity in days, and only a cohort has one"
            )
        if self.better_is is BetterIs.TARGET and self.target is None:
            missing.append(f"{self.key}: what is better near a target needs the target")
        return missing
