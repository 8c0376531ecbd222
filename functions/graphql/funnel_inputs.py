"""The steps and the window of a funnel, as arguments."""

import strawberry

from functions.graphql.inputs import FeatureSelectionInput, PeopleFilterInput
from shared.metrics.domain.errors import BadInputError
from shared.metrics.engine.funnel_request import DAY_MS, FunnelStep
from shared.metrics.engine.requests import EVERYONE


@strawberry.input(
    description="The hits of a selection; with a filter only those by people who match it on that "
    "day, besides that of the funnel. It may not name a segment."
)
class FunnelStepInput(FeatureSelectionInput):
    """A step of a funnel."""

    filter_: PeopleFilterInput | None = strawberry.field(name="filter", default=None)

    def step(self, number: int) -> FunnelStep:
        """The step, `number` of them before it. BadInputError for an empty list in its filter."""
        try:
            people = self.filter_.people() if self.filter_ else EVERYONE
        except BadInputError as error:
            raise BadInputError(str(error), field=f"steps[{number}].{error.field}") from None
        return FunnelStep(self.selection(), people)


def within_ms_of(window_days: float, *, no_window: bool) -> int | None:
    """The window in milliseconds; whether it is one, the view finds out."""
    return None if no_window else round(window_days * DAY_MS)
