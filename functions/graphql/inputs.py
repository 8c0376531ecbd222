"""The arguments of the views, and how they become requests."""

from datetime import date
from typing import Annotated, Final, TypeAlias, TypedDict

import strawberry

from functions.graphql.enums import AttributeValues, Category, Preset
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.engine.requests import PeopleFilter

_EARLIEST: Final = date(1970, 1, 1)
_LATEST: Final = date(2999, 12, 31)
"""Far from the ends of the calendar, where days before and after are asked for."""


@strawberry.input(description="Local days of the tenant, both ends included.")
class RangeInput:
    """A range of days."""

    from_: date = strawberry.field(name="from")
    to: date

    def window(self) -> Window:
        """The window. BadInputError says which day is wrong, or that the range is reversed."""
        for name, day in (("from", self.from_), ("to", self.to)):
            if not _EARLIEST <= day <= _LATEST:
                message = f"range.{name} is {day}; it may be {_EARLIEST} to {_LATEST}"
                raise BadInputError(message, field=f"range.{name}")
        return Window(self.from_, self.to)


@strawberry.input(
    description="Which people count: any of the values within a field, all of the fields. "
    'The value "(not set)" matches people without one.'
)
class PeopleFilterInput:
    """Conditions on the attributes of people."""

    language: list[str] | None = None
    country: list[str] | None = None
    time_zone: list[str] | None = None
    account_status: list[str] | None = None
    role: list[str] | None = None
    team: list[str] | None = None
    segment: strawberry.ID | None = strawberry.field(
        default=None, description="Only the members of this saved segment."
    )
    attribute_values: AttributeValues = AttributeValues.ON_DAY

    def people(self) -> PeopleFilter:
        """The filter. BadInputError for an empty list, which would match nobody."""
        return PeopleFilter(
            language=_values("language", self.language),
            country=_values("country", self.country),
            time_zone=_values("timeZone", self.time_zone),
            account_status=_values("accountStatus", self.account_status),
            role=_values("role", self.role),
            team=_values("team", self.team),
            segment=self.segment,
            attribute_values=self.attribute_values,
        )


@strawberry.input(
    description="Which hits: those that satisfy all of the given parts. The feature ALL_MODULES "
    "stands for every feature of the category MODULES."
)
class FeatureSelectionInput:
    """A part of the CRM."""

    category: Category | None = None
    feature: str | None = None
    property_: str | None = strawberry.field(name="property", default=None)
    attribute: str | None = None
    action: str | None = None

    def selection(self) -> FeatureSelection:
        """The selection; whether its parts go together, the view finds out."""
        return FeatureSelection(
            category=self.category,
            feature=self.feature,
            property=self.property_,
            attribute=self.attribute,
            action=self.action,
        )


def _values(name: str, values: list[str] | None) -> tuple[str, ...] | None:
    if values == []:
        message = f"filter.{name} is empty; leave it out, or give at least one value"
        raise BadInputError(message, field=f"filter.{name}")
    return None if values is None else tuple(values)


RangeArgument: TypeAlias = Annotated[
    RangeInput | None,
    strawberry.argument(
        name="range", description="The 30 complete days up to yesterday if not given."
    ),
]
PresetArgument: TypeAlias = Annotated[
    Preset | None, strawberry.argument(description="A range by name, instead of `range`.")
]
FilterArgument: TypeAlias = Annotated[
    PeopleFilterInput | None,
    strawberry.argument(name="filter", description="Everyone if not given."),
]


class About(TypedDict):
    """The fields that all requests share, but for the tenant."""

    window: Window | None
    preset: Preset | None
    include_today: bool
    people: PeopleFilter


def about(
    range_: RangeInput | None,
    preset: Preset | None,
    filter_: PeopleFilterInput | None,
    *,
    include_today: bool,
) -> About:
    """What a request is about, from the arguments that all views share."""
    return About(
        window=range_.window() if range_ else None,
        preset=preset,
        include_today=include_today,
        people=filter_.people() if filter_ else PeopleFilter(),
    )
