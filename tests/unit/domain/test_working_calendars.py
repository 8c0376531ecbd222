"""Working days: what countries say, what a tenant says instead, and how people's days compare."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shared.metrics.domain.calendar_changes import (
    MAX_CALENDAR_DAYS,
    CalendarChanges,
    Holiday,
    Weekday,
)
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.working_attendance import (
    WorkingDayAttendance,
    working_attendance,
)
from shared.metrics.domain.working_calendars import PublicDays, calendar_table, working_days
from tests.oracles import working_days as oracle

FIRST = date(2026, 2, 16)  # a Monday
days = st.integers(-3, 24).map(lambda offset: FIRST + timedelta(days=offset))
weekdays = st.sets(st.sampled_from(list(Weekday)), max_size=6)


class Atlas:
    """Countries as a test wants them. The code of one is the first two letters, in capitals."""

    def __init__(self, known: dict[str, oracle.Known]) -> None:
        self.known = known

    def code(self, country: str) -> str | None:
        code = country[:2].upper()
        return code if code in self.known else None

    def days(self, code: str, subdivision: str | None, window: Window) -> PublicDays:
        weekend, holidays, worked = self.known[code]

        def flags(marked: set[date]) -> NDArray[np.bool_]:
            return np.array([day in marked for day in window.days()], bool)

        off = {day for day in window.days() if day.weekday() in weekend}
        return PublicDays(flags(off), flags(holidays), flags(worked))


@st.composite
def atlases(draw: st.DrawFn) -> Atlas:
    known = st.builds(oracle.Known, weekdays.map(set), st.sets(days), st.sets(days))
    return Atlas({code: draw(known) for code in ("DE", "IL")})


@st.composite
def own_calendars(draw: st.DrawFn) -> dict[str | None, CalendarChanges]:
    found: dict[str | None, CalendarChanges] = {}
    for country in draw(st.sets(st.sampled_from(["DE", "IL", None]))):
        weekend = draw(st.none() | weekdays.map(tuple))
        free, worked = draw(st.sets(days, max_size=4)), draw(st.sets(days, max_size=4))
        found[country] = CalendarChanges(
            country,
            weekend=weekend,
            holidays=tuple(Holiday(day, "Free") for day in free - worked),
            working=tuple(worked),
        ).checked()
    return found


COUNTRIES = ["DE", "de", "Deutschland", "IL", "Atlantis", "", None]


@given(atlases(), own_calendars(), st.sampled_from(COUNTRIES), st.integers(1, 21))
def test_working_days_are_those_found_day_by_day(
    atlas: Atlas, own: dict[str | None, CalendarChanges], country: str | None, length: int
) -> None:
    window = Window(FIRST, FIRST + timedelta(days=length - 1))
    answer = working_days(country, window, own, atlas)
    code = atlas.code(country) if country else None
    assert answer.country == code
    assert answer.is_default == (code is None)
    assert answer.days.tolist() == [
        oracle.is_working_day(day, atlas.known.get(code or ""), own.get(code))
        for day in oracle.days_between(window.first, window.last)
    ]


@st.composite
def presences(draw: st.DrawFn) -> list[list[bool]]:
    """Days × people."""
    people = draw(st.integers(0, 6))
    row = st.lists(st.booleans(), min_size=people, max_size=people)
    return draw(st.lists(row, min_size=1, max_size=14))


@given(atlases(), own_calendars(), presences(), st.data())
def test_attendance_of_each_person_is_that_counted_day_by_day(
    atlas: Atlas,
    own: dict[str | None, CalendarChanges],
    came: list[list[bool]],
    data: st.DataObject,
) -> None:
    people = len(came[0])
    countries = data.draw(st.lists(st.sampled_from(COUNTRIES), min_size=people, max_size=people))
    window = Window(FIRST, FIRST + timedelta(days=len(came) - 1))
    table = calendar_table(countries, window, own, atlas)
    present = np.array(came, bool).reshape(len(came), people)
    is_default = table.is_default[table.calendar]
    answer = working_attendance(present, table.working[table.calendar].T, is_default)
    unknown = 0
    for person, country in enumerate(countries):
        code = atlas.code(country) if country else None
        unknown += code is None
        works = [
            oracle.is_working_day(day, atlas.known.get(code or ""), own.get(code))
            for day in oracle.days_between(window.first, window.last)
        ]
        expected = oracle.attendance([row[person] for row in came], works)
        possible = expected.working_days
        rate = expected.attended_working_days / possible if possible else None
        assert answer[person] == WorkingDayAttendance(*expected, rate, code is None)
    assert table.people_on_default() == unknown


def test_four_of_five_working_days_and_a_saturday() -> None:
    """Monday to Sunday; Tuesday is a holiday to the first person only."""
    present = np.array([[1, 1], [0, 1], [1, 1], [1, 1], [1, 0], [1, 0], [0, 0]], bool)
    working = np.array([[1, 0, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 0, 0]], bool).T
    assert working_attendance(present, working, np.array([False, True])) == [
        WorkingDayAttendance(4, 4, 1, 1.0, is_default_calendar=False),
        WorkingDayAttendance(4, 5, 0, 0.8, is_default_calendar=True),
    ]


GERMANY = CalendarChanges("DE")
changes = partial(replace, GERMANY)


DAY = date(2026, 12, 24)

WRONG: dict[str, tuple[CalendarChanges, str]] = {
    "a part of no country": (changes(country=None, subdivision="BY"), "subdivision"),
    "nothing but weekend": (changes(weekend=tuple(Weekday)), "weekend"),
    "a day twice": (changes(holidays=(Holiday(DAY, "a"), Holiday(DAY, "b"))), "holidays"),
    "a working day twice": (changes(working=(DAY, DAY)), "holidays"),
    "a holiday to work on": (changes(holidays=(Holiday(DAY, "a"),), working=(DAY,)), "holidays"),
    "no name": (changes(holidays=(Holiday(DAY, ""),)), "holidays.name"),
    "a long name": (changes(holidays=(Holiday(DAY, "x" * 101),)), "holidays.name"),
    "a name that cannot be shown": (changes(holidays=(Holiday(DAY, "\0"),)), "holidays.name"),
    "too many holidays": (
        changes(holidays=(Holiday(DAY, "a"),) * (MAX_CALENDAR_DAYS + 1)),
        "holidays",
    ),
    "too many working days": (changes(working=(DAY,) * (MAX_CALENDAR_DAYS + 1)), "workingDates"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_calendar_that_cannot_be_is_refused(case: str) -> None:
    wrong, field = WRONG[case]
    with pytest.raises(BadInputError) as refused:
        wrong.checked()
    assert refused.value.field == field


def test_a_checked_calendar_is_in_order() -> None:
    later = DAY + timedelta(days=1)
    given_ = changes(
        weekend=(Weekday.SUNDAY, Weekday.FRIDAY, Weekday.SUNDAY),
        holidays=(Holiday(later, "b"), Holiday(DAY, "a")),
        working=(date(2026, 2, 1), date(2026, 1, 4)),
    )
    assert given_.checked() == changes(
        weekend=(Weekday.FRIDAY, Weekday.SUNDAY),
        holidays=(Holiday(DAY, "a"), Holiday(later, "b")),
        working=(date(2026, 1, 4), date(2026, 2, 1)),
    )
