"""Working days as one tenant has them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.metrics.domain.calendar_changes import CalendarChanges
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.roster import NOT_SET
from shared.metrics.domain.working_calendars import (
    CalendarTable,
    WorkingDays,
    calendar_table,
    working_days,
)
from shared.metrics.engine.public_holidays import PublicHolidays
from shared.metrics.engine.windows import MAX_DAYS
from shared.metrics.storage.calendars import WorkingCalendars

_PUBLIC: Final = PublicHolidays()


def working_days_of(country: str | None, window: Window, own: WorkingCalendars) -> WorkingDays:
    """The working days of a country that someone asks for, or of the default calendar.

    BadInputError if the country is unknown, or the window too long.
    """
    if window.length > MAX_DAYS:
        message = f"the range has {window.length:,} days; at most {MAX_DAYS:,} can be asked for"
        raise BadInputError(message, field="range")
    code = None if country is None else _PUBLIC.required_code(country)
    return working_days(code, window, own.changes(), _PUBLIC)


def calendars_of_people(
    country_of: Sequence[str | None], window: Window, own: WorkingCalendars
) -> CalendarTable:
    """The calendar of each person, given their countries as the roster has them.

    One that is missing or unknown is no error: the table says for whom the default stands in.
    """
    known = [None if country == NOT_SET else country for country in country_of]
    return calendar_table(known, window, own.changes(), _PUBLIC)


def checked_changes(changes: CalendarChanges) -> CalendarChanges:
    """A tenant's calendar with its country as a code; BadInputError where it cannot be."""
    if changes.country is None:
        return changes.checked()
    code = _PUBLIC.required_code(changes.country)
    if changes.subdivision is not None:
        _PUBLIC.check_subdivision(code, changes.subdivision)
    return replace(changes, country=code).checked()
