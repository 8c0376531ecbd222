"""The vocabularies of the domain as enums of the schema; import them from here."""

import strawberry

from shared.metrics.domain.periods import Comparison, Preset
from shared.metrics.domain.views.answers import ChangeReason, Finality
from shared.metrics.engine.requests import AttributeValues, Interval

__all__ = ["AttributeValues", "ChangeReason", "Comparison", "Finality", "Interval", "Preset"]

strawberry.enum(
    Comparison,
    description="What a range is compared with: the same number of days directly before it; or, "
    "with the range turned into the month of its last day, the previous month.",
)
strawberry.enum(
    Preset,
    description="A range by name. All end with the last complete day, or with today if it is "
    "included; THIS_ is the week, month, quarter or year of that day, up to it.",
)
strawberry.enum(Interval, description="The length of one point of a series.")
strawberry.enum(
    AttributeValues,
    description="Which value of an attribute a filter looks at: that of each day, or today's.",
)
strawberry.enum(
    Finality, description="PROVISIONAL while late events may still come, FINAL after seven days."
)
strawberry.enum(
    ChangeReason,
    description="Why a change has no percentage. NEW: there was nothing to compare with.",
)
