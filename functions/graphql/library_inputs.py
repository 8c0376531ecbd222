"""What people save, as arguments of mutations; `content` is checked, and ready to store."""

from datetime import date
from typing import Annotated, Any, TypeAlias

import strawberry

from functions.graphql.context import Context
from functions.graphql.enums import Role, ViewName, Weekday
from functions.graphql.scalars import JsonText
from functions.graphql.segment_inputs import SegmentDefinitionInput
from functions.graphql.segments import stored_definition
from shared.metrics.domain.calendar_changes import CalendarChanges, Holiday
from shared.metrics.domain.texts import one_line, some_lines
from shared.metrics.storage.documents import canonical_object
from shared.metrics.storage.saved_objects import MAX_CATEGORY, MAX_NAME, MAX_NOTE


@strawberry.input(description="A view with its arguments, under a name.")
class SavedViewInput:
    """What a saved view is to be."""

    name: str
    view: ViewName
    arguments: str = strawberry.field(graphql_type=JsonText)
    shared_with: list[Role] = strawberry.field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """The fields to store. BadInputError names the one that cannot be stored."""
        return {
            "name": one_line(self.name, "name", MAX_NAME),
            "view": self.view,
            "arguments": canonical_object(self.arguments, "arguments"),
            "shared_with": _once_each(self.shared_with),
        }


@strawberry.input(description="People described by conditions, under a name.")
class SegmentInput:
    """What a segment is to be."""

    name: str
    definition: SegmentDefinitionInput
    shared_with: list[Role] = strawberry.field(default_factory=list)

    def content(self, context: Context, segment_id: str | None = None) -> dict[str, Any]:
        """The fields to store of a segment (None: of a new one). BadInputError names the one that
        cannot be stored.
        """
        return {
            "name": one_line(self.name, "name", MAX_NAME),
            "definition": stored_definition(context, self.definition.definition(), segment_id),
            "shared_with": _once_each(self.shared_with),
        }


@strawberry.input(description="A note on a day, for everyone of the tenant.")
class AnnotationInput:
    """What an annotation is to be."""

    day: date
    text: str
    category: str | None = None

    def content(self) -> dict[str, Any]:
        """The fields to store. BadInputError names the one that cannot be stored."""
        category = self.category
        return {
            "day": self.day,
            "text": some_lines(self.text, "text", MAX_NOTE),
            "category": None if category is None else one_line(category, "category", MAX_CATEGORY),
        }


@strawberry.input(description="A day without work.")
class HolidayInput:
    """A day, and what it is called."""

    day: date
    name: str


@strawberry.input(
    description="What the tenant says of the working days of a country, beside its weekends and "
    "public holidays."
)
class WorkingCalendarInput:
    """What a working calendar is to be."""

    country: str | None = strawberry.field(
        default=None,
        description="ISO 3166 code or English name; null is the default calendar, of people whose "
        "country is missing or unknown.",
    )
    subdivision: str | None = strawberry.field(
        default=None, description="The part of the country whose public holidays count too: BY."
    )
    weekend: list[Weekday] | None = strawberry.field(
        default=None, description="The weekdays without work; null if the country's own."
    )
    holidays: list[HolidayInput] = strawberry.field(default_factory=list)
    working_dates: list[date] = strawberry.field(
        default_factory=list, description="Days that are worked whatever the country says."
    )

    def changes(self) -> CalendarChanges:
        """The calendar as a value, not yet checked."""
        return CalendarChanges(
            country=self.country,
            subdivision=self.subdivision,
            weekend=None if self.weekend is None else tuple(self.weekend),
            holidays=tuple(Holiday(each.day, each.name) for each in self.holidays),
            working=tuple(self.working_dates),
        )


IdArgument: TypeAlias = Annotated[strawberry.ID, strawberry.argument(name="id")]
SavedViewArgument: TypeAlias = Annotated[SavedViewInput, strawberry.argument(name="input")]
SegmentArgument: TypeAlias = Annotated[SegmentInput, strawberry.argument(name="input")]
AnnotationArgument: TypeAlias = Annotated[AnnotationInput, strawberry.argument(name="input")]
WorkingCalendarArgument: TypeAlias = Annotated[
    WorkingCalendarInput, strawberry.argument(name="input")
]


def _once_each(roles: list[Role]) -> tuple[Role, ...]:
    """The roles in their own order, so that the same set is stored alike."""
    return tuple(role for role in Role if role in roles)
