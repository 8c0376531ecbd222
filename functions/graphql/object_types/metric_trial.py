"""A definition and a draft of it, side by side (definitions §6)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.enums import KpiReason
from functions.graphql.object_types.metric import Metric
from shared.metrics.domain.kpis import answers


@strawberry.type(description="The last 12 complete months by both definitions, as parallel lists.")
class MetricTrial:
    """One entry a month."""

    metric: Metric = strawberry.field(description="The definition that is published.")
    currency: str | None
    months: list[date] = strawberry.field(description="The first day of each month.")
    values: list[float | None]
    reasons: list[KpiReason | None]
    draft_values: list[float | None]
    draft_reasons: list[KpiReason | None]

    @classmethod
    def of(cls, answer: answers.MetricTrialAnswer) -> Self:
        """From the engine's answer."""
        return cls(
            metric=Metric.of(answer.entry),
            currency=answer.currency,
            months=answer.published.dates,
            values=answer.published.values,
            reasons=answer.published.reasons,
            draft_values=answer.draft.values,
            draft_reasons=answer.draft.reasons,
        )
