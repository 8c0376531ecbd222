"""Which figure to open."""

import strawberry

from functions.graphql.enums import Figure, Part
from functions.graphql.inputs import FeatureSelectionInput
from shared.metrics.domain.buckets import Bucket
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.engine.figure_requests import Row


@strawberry.input(description="A row of Popularity.")
class RowInput:
    """What the row is one of, and its name."""

    by: Part
    name: str


@strawberry.input(description="A bucket of Frequency, both ends included.")
class BucketInput:
    """From so many hits to so many; without an end, any number more."""

    from_: int = strawberry.field(name="from")
    to: int | None = None


@strawberry.input(description="A number of some view, by its name.")
class FigureInput:
    """A figure, and what of the CRM it is about."""

    name: Figure
    selection: FeatureSelectionInput | None = strawberry.field(
        default=None, description="Everything if not given."
    )
    row: RowInput | None = strawberry.field(default=None, description="With POPULARITY alone.")
    hits: BucketInput | None = strawberry.field(
        default=None, description="With FREQUENCY and FREQUENCY_OF_PAIRS, which need it."
    )

    def selected(self) -> FeatureSelection:
        """The selection."""
        return self.selection.selection() if self.selection else FeatureSelection()

    def opened_row(self) -> Row | None:
        """The row of Popularity."""
        return Row(self.row.by, self.row.name) if self.row else None

    def bucket(self) -> Bucket | None:
        """The bucket of Frequency."""
        return Bucket(self.hits.from_, self.hits.to) if self.hits else None
