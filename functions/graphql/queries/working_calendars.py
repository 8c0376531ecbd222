"""The root fields `workingCalendars` and `workingDays`."""

from functools import partial
from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.inputs import RangeInput
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.connection import Connection, connection_of
from functions.graphql.object_types.working_calendar import WorkingCalendar, WorkingDays
from shared.metrics.storage.calendars import DEFAULT, StoredCalendar

_Range: TypeAlias = Annotated[RangeInput, strawberry.argument(name="range")]
_Country: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="ISO 3166 code or English name; the default calendar if not given."
    ),
]


def working_calendars(
    info: Info, *, first: int = DEFAULT_FIRST, after: str | None = None
) -> Connection[WorkingCalendar]:
    """A page of the tenant's own calendars, by country."""
    tenant = info.context.principal.allow(*Role)
    page = page_of(("workingCalendars", tenant), first, after)
    stored = info.context.library.working_calendars.all()
    return connection_of(
        page, stored, _by_country, partial(WorkingCalendar.of, context=info.context)
    )


def working_days(info: Info, *, range_: _Range, country: _Country = None) -> WorkingDays:
    """The working days of a country as the tenant has them."""
    from shared.metrics.engine.working_calendars import working_days_of  # needs numpy

    info.context.principal.allow(*Role)
    window = range_.window()
    answer = working_days_of(country, window, info.context.library.working_calendars)
    return WorkingDays.of(answer, window)


def _by_country(stored: StoredCalendar) -> str:
    return stored.changes.country or DEFAULT
