"""The root fields that set and delete working calendars."""

from strawberry import ID

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.library_inputs import IdArgument, WorkingCalendarArgument
from functions.graphql.object_types.working_calendar import WorkingCalendar, calendar_country
from functions.graphql.scalars import Count


def set_working_calendar(
    info: Info, *, input_: WorkingCalendarArgument, expected_version: Count | None = None
) -> WorkingCalendar:
    """Write the calendar of a country, unless someone else did so first."""
    from shared.metrics.engine.working_calendars import checked_changes  # needs numpy

    info.context.principal.allow(Role.ADMIN)
    changes = checked_changes(input_.changes())
    stored = info.context.library.working_calendars.put(changes, expected_version)
    return WorkingCalendar.of(stored, info.context)


def delete_working_calendar(info: Info, *, id_: IdArgument) -> ID:
    """Delete the calendar of a country; its id."""
    info.context.principal.allow(Role.ADMIN)
    country = calendar_country(info.context, id_)
    info.context.library.working_calendars.get(country)
    info.context.library.working_calendars.delete(country)
    return id_
