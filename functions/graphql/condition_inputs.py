"""Conditions on people's metrics, as arguments."""

import strawberry

from functions.graphql.enums import Comparator, ConditionMetric, SessionTime
from functions.graphql.inputs import FeatureSelectionInput
from shared.metrics.domain.conditions import Condition, ConditionParts, checked_conditions


@strawberry.input(
    description="A metric of a person, compared with a value. ATTENDANCE is active days; "
    "ATTENDANCE_INCREASE and ATTENDANCE_DECREASE are percent against the compared range, and match "
    "nobody who had no active day in it and has some now; LAST_SEEN is days of 24 hours before the "
    "instant of asking, whatever the range. FEATURE_USED and FEATURE_NOT_USED compare the hits of "
    "`feature`, at least 1 unless said otherwise; NEVER_SEEN compares nothing."
)
class ConditionInput:
    """One condition; all that are given must hold."""

    metric: ConditionMetric
    comparator: Comparator | None = None
    value: float | None = None
    up_to: float | None = strawberry.field(
        default=None, description="The upper end of BETWEEN, included as `value` is."
    )
    session_time: SessionTime | None = strawberry.field(
        default=None, description="Of SESSION_MINUTES: which session time; TOTAL if not given."
    )
    feature: FeatureSelectionInput | None = None

    def parts(self) -> ConditionParts:
        """The condition as it was written."""
        return ConditionParts(
            metric=self.metric,
            comparator=self.comparator,
            value=self.value,
            up_to=self.up_to,
            session_time=self.session_time,
            selection=None if self.feature is None else self.feature.selection(),
        )


def conditions_of(inputs: list[ConditionInput], field: str = "conditions") -> tuple[Condition, ...]:
    """The conditions; BadInputError names the one that is wrong."""
    return checked_conditions([each.parts() for each in inputs], field)
