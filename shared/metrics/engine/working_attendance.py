"""Working-day attendance of people: on each day by the calendar of the country they are in."""

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.working_attendance import (
    WorkingDayAttendance,
    working_attendance,
)
from shared.metrics.engine.groups import groups_of
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleAttribute
from shared.metrics.engine.working_calendars import calendars_of_people


def working_attendance_of(
    question: Question, days: Reading, people: NDArray[np.int64], present: Mask, counts: Mask
) -> list[WorkingDayAttendance]:
    """That of some people, by number, on the days of a reading, given as days × these people who
    was there and who counts. Where someone does not count, there is no working day, either.
    """
    window = days.span
    countries = groups_of(days, PeopleAttribute.COUNTRY)
    own = question.data.library.working_calendars
    calendars = calendars_of_people(countries.names, window, own)
    calendar = calendars.calendar[countries.code[:, people]]
    counts = counts & _are_there(question, window)[:, np.newaxis]
    working = calendars.working[calendar, np.arange(window.length)[:, np.newaxis]]
    is_default = np.logical_or.reduce(calendars.is_default[calendar] & counts, axis=0)
    return working_attendance(present & counts, working & counts, is_default)


def _are_there(question: Question, window: Window) -> NDArray[np.bool_]:
    """Which days there were: a zone may have skipped one."""
    calendar = question.data.calendar
    bounds = [calendar.bounds(day) for day in window.days()]
    return np.array([start_ms < end_ms for start_ms, end_ms in bounds], bool)
