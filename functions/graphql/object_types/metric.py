"""Entries of the metric catalogue (definitions §6)."""

from typing import Self

import strawberry

from functions.graphql.enums import (
    BetterIs,
    MetricFamily,
    MetricKind,
    MetricType,
    MetricUnit,
    TimeRule,
)
from shared.metrics.domain.kpis import entry as domain
from shared.metrics.domain.kpis.registry import dimensions_of, family_of, parts_of


@strawberry.type(description="What a draft of a definition may change, as parallel lists.")
class MetricParameters:
    """One entry a parameter."""

    names: list[str]
    meanings: list[str]
    numbers: list[float | None] = strawberry.field(description="The value, where it is a number.")
    lowest: list[float | None]
    highest: list[float | None]
    texts: list[list[str]] = strawberry.field(description="The value, where it is a set of texts.")

    @classmethod
    def of(cls, parameters: tuple[domain.Parameter, ...]) -> Self:
        """From an entry's parameters."""
        defaults = [each.default for each in parameters]
        bounds = [each.bounds or (None, None) for each in parameters]
        return cls(
            names=[each.name for each in parameters],
            meanings=[each.meaning for each in parameters],
            numbers=[None if isinstance(each, tuple) else each for each in defaults],
            lowest=[lowest for lowest, _ in bounds],
            highest=[highest for _, highest in bounds],
            texts=[list(each) if isinstance(each, tuple) else [] for each in defaults],
        )


@strawberry.type(description="An entry of the metric catalogue.")
class Metric:
    """What a metric is, and who answers for it."""

    key: str = strawberry.field(description="A `KpiKey`, but for what `askedBy` answers.")
    family: MetricFamily
    name: str
    aliases: list[str] = strawberry.field(description="What others call it.")
    formula: str
    unit: MetricUnit
    grain: str = strawberry.field(description="What one row of it is.")
    kind: MetricKind
    type: MetricType
    rule: TimeRule
    better_is: BetterIs
    target: float | None
    objective: str | None = strawberry.field(description="Of a KPI, as is its decision.")
    decision: str | None
    owner: str
    refresh: str
    escalation: str
    version: int
    vanity: bool = strawberry.field(
        description="Whether it looks good without helping to decide anything."
    )
    maturity_days: int | None = strawberry.field(
        description="How long the outcome of a cohort takes."
    )
    parameters: MetricParameters
    parts: list[str] = strawberry.field(description="The KPIs that it is made of.")
    dimensions: list[str] = strawberry.field(
        description="What it can be filtered and grouped by, as values of `KpiDimension`."
    )
    asked_by: str = strawberry.field(description="The field that answers it.")

    @classmethod
    def of(cls, entry: domain.Entry) -> Self:
        """From the registry's entry."""
        return cls(
            key=entry.key,
            family=family_of(entry.key),
            name=entry.name,
            aliases=list(entry.aliases),
            formula=entry.formula,
            unit=entry.unit,
            grain=entry.grain,
            kind=entry.kind,
            type=entry.type,
            rule=entry.rule,
            better_is=entry.better_is,
            target=entry.target,
            objective=entry.objective or None,
            decision=entry.decision or None,
            owner=entry.stewardship.owner,
            refresh=entry.stewardship.refresh,
            escalation=entry.stewardship.escalation,
            version=entry.version,
            vanity=entry.vanity,
            maturity_days=entry.maturity_days or None,
            parameters=MetricParameters.of(entry.drafted),
            parts=list(parts_of(entry.key)),
            dimensions=[each.name for each in dimensions_of(entry.key)],
            asked_by=entry.asked_by or "kpi",
        )
