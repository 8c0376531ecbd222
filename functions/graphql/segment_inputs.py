"""The definition of a segment, as an argument."""

import strawberry

from functions.graphql.condition_inputs import ConditionInput, conditions_of
from functions.graphql.enums import Comparison, Preset
from functions.graphql.inputs import PeopleFilterInput, RangeInput
from shared.metrics.domain.errors import BadInputError
from shared.metrics.engine.requests import EVERYONE
from shared.metrics.engine.segment_definition import SegmentDefinition


@strawberry.input(
    description="The people of a range's roster who satisfy all conditions, as userAnalytics "
    "answers them. A range by name, or none (the last 30 days), moves on with the calendar."
)
class SegmentDefinitionInput:
    """What makes someone a member."""

    range_: RangeInput | None = strawberry.field(name="range", default=None)
    preset: Preset | None = None
    include_today: bool = False
    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    conditions: list[ConditionInput] = strawberry.field(default_factory=list)
    filter_: PeopleFilterInput | None = strawberry.field(name="filter", default=None)
    version: int = strawberry.field(
        default=1, description="Of the form of a definition that was read; there is only 1."
    )

    def definition(self) -> SegmentDefinition:
        """The definition, with global ids. BadInputError names what is wrong."""
        if self.version != 1:
            message = f"definition.version is {self.version}; there is only 1"
            raise BadInputError(message, field="definition.version")
        return SegmentDefinition(
            window=self.range_.window() if self.range_ else None,
            preset=self.preset,
            include_today=self.include_today,
            comparison=self.comparison,
            conditions=conditions_of(self.conditions, "definition.conditions"),
            people=self.filter_.people() if self.filter_ else EVERYONE,
        )
