"""What the package `holidays` says of countries, as working days."""

import subprocess
import sys
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.calendar_changes import CalendarChanges, Holiday, Weekday
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.engine.country_names import OTHER_NAMES
from shared.metrics.engine.public_holidays import PublicHolidays
from shared.metrics.engine.working_calendars import (
    calendars_of_people,
    checked_changes,
    working_days_of,
)
from shared.metrics.storage.calendars import WorkingCalendars
from tests.faults.memory_store import MemoryStore

PUBLIC = PublicHolidays()


def no_calendars() -> WorkingCalendars:
    return WorkingCalendars(MemoryStore(lambda: 0), "acme", lambda: 1)


def works(country: str, day: date) -> bool:
    return bool(working_days_of(country, Window(day, day), no_calendars()).days[0])


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("DE", date(2025, 10, 2), True),
        ("DE", date(2025, 10, 3), False),  # Day of German Unity, a Friday
        ("DE", date(2025, 10, 4), False),  # a Saturday
        ("US", date(2025, 7, 4), False),
        ("GB", date(2025, 7, 4), True),
        ("US", date(2021, 12, 31), False),  # New Year's Day of a Saturday, observed
        ("IL", date(2025, 6, 15), True),  # a Sunday
        ("IL", date(2025, 6, 13), False),  # a Friday
        ("AE", date(2021, 6, 4), False),  # a Friday, weekend until 2021
        ("AE", date(2025, 6, 13), True),
        ("CN", date(2024, 2, 4), True),  # a Sunday worked for the Spring Festival
        ("CN", date(2024, 2, 12), False),
    ],
)
def test_days_that_are_known(country: str, day: date, *, expected: bool) -> None:
    assert works(country, day) == expected


@given(
    st.sampled_from(["DE", "US", "CN", "RU", "AE", "IR", "TW"]),
    st.dates(date(2005, 1, 1), date(2030, 12, 31)),
    st.integers(1, 800),
)
def test_any_window_has_the_days_of_the_package(country: str, first: date, length: int) -> None:
    window = Window(first, first + timedelta(days=length - 1))
    answer = working_days_of(country, window, no_calendars())
    years = range(window.first.year - 1, window.last.year + 2)
    known = holidays.country_holidays(country, years=years)
    assert answer.country == country
    assert answer.days.tolist() == [known.is_working_day(day) for day in window.days()]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("DE", "DE"),
        (" de ", "DE"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        ("GERMANY", "DE"),
        ("UK", "GB"),
        ("united kingdom", "GB"),
        ("U.S.A.", "US"),
        ("the United States of America", "US"),
        ("Bahamas (the)", "BS"),
        ("Côte d'Ivoire", "CI"),
        ("COTE D\u2019IVOIRE", "CI"),
        ("Korea, Republic of", "KR"),
        ("North Korea", "KP"),
        ("Hong Kong", "HK"),
        ("Viet Nam", "VN"),
        ("St. Lucia", "LC"),
        ("ST", "ST"),
        ("Trinidad & Tobago", "TT"),
        ("Türkiye", "TR"),
        ("Réunion", "RE"),
    ],
)
def test_a_country_is_known_by_its_codes_and_english_names(written: str, code: str) -> None:
    assert PUBLIC.code(written) == code


UNKNOWN = ["", " ", "XX", "Atlantis", "EU", "12", "\ud800", "\0", "Germany" * 1_000]


@pytest.mark.parametrize("country", [*UNKNOWN, None, "(not set)"])
def test_a_person_of_no_known_country_has_the_default_calendar(country: str | None) -> None:
    window = Window(date(2025, 9, 29), date(2025, 10, 5))
    table = calendars_of_people(["DE", country], window, no_calendars())
    assert table.working[table.calendar].tolist() == [
        [True, True, True, True, False, False, False],
        [True, True, True, True, True, False, False],
    ]
    assert table.is_default[table.calendar].tolist() == [False, True]
    assert table.people_on_default() == 1


def test_who_asks_for_an_unknown_country_is_told_so() -> None:
    with pytest.raises(BadInputError, match="unknown country 'Atlantis'; give its ISO") as refused:
        works("Atlantis", date(2025, 10, 3))
    assert refused.value.field == "country"
    with pytest.raises(BadInputError) as refused:
        works("x" * 5_000, date(2025, 10, 3))
    assert len(str(refused.value)) < 300


def test_names_added_to_those_of_the_package_are_of_its_countries_and_new() -> None:
    assert set(OTHER_NAMES) <= set(holidays.list_supported_countries(include_aliases=False))
    for code, names in OTHER_NAMES.items():
        assert {PUBLIC.code(name) for name in names} == {code}


def test_every_country_of_the_package_is_found_by_its_code_and_has_working_days() -> None:
    window = Window(date(2025, 6, 2), date(2025, 6, 15))
    for code in holidays.list_supported_countries(include_aliases=False):
        assert PUBLIC.code(code) == code
        assert 0 < PUBLIC.days(code, None, window).weekend.sum() <= 4


def test_what_the_tenant_says_stands_above_what_the_country_says() -> None:
    own = no_calendars()
    friday, saturday = date(2025, 10, 3), date(2025, 10, 4)
    window = Window(friday, saturday)
    assert working_days_of("DE", window, own).days.tolist() == [False, False]
    changes = CalendarChanges(
        "DE", weekend=(Weekday.SUNDAY,), holidays=(Holiday(saturday, "x"),), working=(friday,)
    )
    stored = own.put(changes, None)
    assert working_days_of("germany", window, own).days.tolist() == [True, False]
    own.put(CalendarChanges("DE", weekend=(Weekday.SUNDAY,)), stored.version)
    assert working_days_of("germany", window, own).days.tolist() == [False, True]
    own.put(CalendarChanges(None, weekend=(Weekday.FRIDAY,)), None)
    assert working_days_of(None, window, own).days.tolist() == [False, True]
    assert working_days_of(None, window, own).is_default


def test_a_subdivision_has_holidays_of_its_own() -> None:
    own = no_calendars()
    epiphany = Window(date(2025, 1, 6), date(2025, 1, 6))
    assert working_days_of("DE", epiphany, own).days.tolist() == [True]
    own.put(checked_changes(CalendarChanges("Germany", "BY")), None)
    assert working_days_of("DE", epiphany, own).days.tolist() == [False]


def test_a_calendar_of_an_unknown_country_or_subdivision_is_refused() -> None:
    with pytest.raises(BadInputError, match="unknown country"):
        checked_changes(CalendarChanges("Atlantis"))
    with pytest.raises(BadInputError, match=r"DE has no subdivision 'XX' here; it may be .*BY"):
        checked_changes(CalendarChanges("DE", "XX"))
    with pytest.raises(BadInputError, match="left out only"):
        checked_changes(CalendarChanges("AF", "XX"))
    assert checked_changes(CalendarChanges("Germany")) == CalendarChanges("DE")
    assert checked_changes(CalendarChanges(None)) == CalendarChanges(None)


def test_the_package_is_imported_only_when_a_working_day_is_asked_for() -> None:
    modules = "shared.metrics.engine.views, shared.metrics.engine.working_calendars"
    code = f"import sys, functions.graphql.handler, {modules}; assert 'holidays' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
