"""Working calendars, and the working days that follow from them."""

from datetime import date
from typing import TYPE_CHECKING, Final, Self

import strawberry

from functions.graphql.context import Context
from functions.graphql.enums import Weekday
from functions.graphql.node_ids import key_of_kind, node_id
from functions.graphql.object_types.node import Node
from functions.graphql.scalars import Count
from shared.metrics.domain.errors import NotFoundError
from shared.metrics.storage.calendars import DEFAULT, StoredCalendar

if TYPE_CHECKING:
    from shared.metrics.domain.periods import Window
    from shared.metrics.domain.working_calendars import WorkingDays as WorkingDaysAnswer

_KIND: Final = "WorkingCalendar"


@strawberry.type(
    description="What the tenant says of the working days of a country, beside its weekends and "
    "public holidays. The holidays are parallel lists."
)
class WorkingCalendar(Node):
    """A tenant's calendar of a country."""

    country: str | None = strawberry.field(
        description="ISO 3166 alpha-2; null is the default calendar, of people whose country is "
        "missing or unknown."
    )
    subdivision: str | None = strawberry.field(
        description="The part of the country whose public holidays count too."
    )
    weekend: list[Weekday] | None = strawberry.field(
        description="The weekdays without work; null if the country's own."
    )
    holiday_dates: list[date] = strawberry.field(description="Further days without work.")
    holiday_names: list[str]
    working_dates: list[date] = strawberry.field(
        description="Days that are worked whatever the country says."
    )
    version: int = strawberry.field(
        graphql_type=Count, description="To be handed back as `expectedVersion`."
    )

    @classmethod
    def of(cls, stored: StoredCalendar, context: Context) -> Self:
        """From what is stored."""
        changes = stored.changes
        return cls(
            id=node_id(context.principal.tenant, _KIND, changes.country or DEFAULT),
            country=changes.country,
            subdivision=changes.subdivision,
            weekend=None if changes.weekend is None else list(changes.weekend),
            holiday_dates=[holiday.day for holiday in changes.holidays],
            holiday_names=[holiday.name for holiday in changes.holidays],
            working_dates=list(changes.working),
            version=stored.version,
        )

    @classmethod
    def found(cls, context: Context, key: str) -> Self:
        """The one of a key; NotFoundError if there is none."""
        country = None if key == DEFAULT else key
        return cls.of(context.library.working_calendars.get(country), context)


def calendar_country(context: Context, id_: str) -> str | None:
    """The country of a calendar's id, None of the default one; NotFoundError if there is none."""
    key = key_of_kind(context.principal.tenant, _KIND, id_)
    if key is None:
        raise NotFoundError("there is no such working calendar")
    return None if key == DEFAULT else key


@strawberry.type(description="Which days of a range are working days, as parallel lists.")
class WorkingDays:
    """The answer of the root field `workingDays`."""

    country: str | None = strawberry.field(
        description="ISO 3166 alpha-2; null for the default calendar."
    )
    is_default: bool = strawberry.field(description="Whether this is the default calendar.")
    dates: list[date]
    is_working: list[bool]

    @classmethod
    def of(cls, answer: "WorkingDaysAnswer", window: "Window") -> Self:
        """From the working days of a window."""
        return cls(
            country=answer.country,
            is_default=answer.is_default,
            dates=window.days(),
            is_working=answer.days.tolist(),
        )
