"""Working calendars: admins set them, everyone reads them, and working days follow."""

from typing import Any

import pytest

from shared.metrics.domain.calendar_changes import Weekday
from tests.unit.graphql.fakes import FakeServices
from tests.unit.graphql.library import CALENDAR, Person

DAYS = """query ($country: String, $range: RangeInput!) {
  workingDays(country: $country, range: $range) { country isDefault dates isWorking }
}"""
WEEK = {"from": "2025-09-29", "to": "2025-10-05"}  # Friday is the Day of German Unity


@pytest.fixture
def admin() -> Person:
    return Person(FakeServices(), "ada", "admin")


def calendars(person: Person) -> list[dict[str, Any]]:
    reply = person.ask(f"{{ workingCalendars {{ nodes {{ {CALENDAR} }} totalCount }} }}")
    found: list[dict[str, Any]] = reply.data["workingCalendars"]["nodes"]
    return found


def working(person: Person, country: str | None, **range_: str) -> list[bool]:
    reply = person.ask(DAYS, country=country, range=WEEK | range_)
    flags: list[bool] = reply.data["workingDays"]["isWorking"]
    return flags


def test_working_days_of_a_country_and_of_the_default_calendar(admin: Person) -> None:
    assert admin.ask(DAYS, country="germany", range=WEEK).data["workingDays"] == {
        "country": "DE",
        "isDefault": False,
        "dates": [
            f"2025-{day}" for day in ("09-29", "09-30", "10-01", "10-02", "10-03", "10-04", "10-05")
        ],
        "isWorking": [True, True, True, True, False, False, False],
    }
    default = admin.ask(DAYS, range=WEEK).data["workingDays"]
    assert (default["country"], default["isDefault"]) == (None, True)
    assert default["isWorking"] == [True] * 5 + [False] * 2


def test_a_calendar_is_set_read_changed_and_deleted(admin: Person) -> None:
    content: dict[str, Any] = {
        "country": "Germany",
        "weekend": ["SUNDAY", "WEDNESDAY"],
        "holidays": [
            {"day": "2025-10-02", "name": "Bridge"},
            {"day": "2025-09-30", "name": "Fair"},
        ],
        "workingDates": ["2025-10-03"],
    }
    stored = admin.set_calendar(**content).data["setWorkingCalendar"]
    assert stored | {"id": "", "version": 0} == {
        "id": "",
        "country": "DE",
        "subdivision": None,
        "weekend": ["WEDNESDAY", "SUNDAY"],
        "holidayDates": ["2025-09-30", "2025-10-02"],
        "holidayNames": ["Fair", "Bridge"],
        "workingDates": ["2025-10-03"],
        "version": 0,
    }
    rep = Person(admin.services)
    assert calendars(rep) == [stored]
    assert working(rep, "DE") == [True, False, False, False, True, True, False]
    again = admin.set_calendar(country="DE")
    assert (again.code, "there is one already" in again.error["message"]) == ("CONFLICT", True)
    changed = admin.set_calendar(stored["version"], country="DE", weekend=[])
    assert changed.data["setWorkingCalendar"]["version"] > stored["version"]
    assert admin.set_calendar(stored["version"], country="DE").code == "CONFLICT"
    assert working(rep, "DE") == [True] * 4 + [False] + [True] * 2
    delete = "mutation ($id: ID!) { deleteWorkingCalendar(id: $id) }"
    assert admin.ask(delete, id=stored["id"]).data == {"deleteWorkingCalendar": stored["id"]}
    assert admin.ask(delete, id=stored["id"]).code == "NOT_FOUND"
    assert calendars(rep) == []
    assert working(rep, "DE") == [True] * 4 + [False] * 3


def test_the_default_calendar_can_be_set_too(admin: Person) -> None:
    stored = admin.set_calendar(weekend=["FRIDAY", "SATURDAY"]).data["setWorkingCalendar"]
    assert stored["country"] is None
    assert working(admin, None) == [True] * 4 + [False] * 2 + [True]
    found = admin.ask("query ($id: ID!) { node(id: $id) { id __typename } }", id=stored["id"])
    assert found.data["node"] == {"id": stored["id"], "__typename": "WorkingCalendar"}


@pytest.mark.parametrize("role", ["manager", "rep"])
def test_calendars_are_for_admins_to_change(admin: Person, role: str) -> None:
    stored = admin.set_calendar(country="DE").data["setWorkingCalendar"]
    other = Person(admin.services, "max", role)
    assert other.set_calendar(country="FR").code == "FORBIDDEN"
    assert other.set_calendar(country="Atlantis").code == "FORBIDDEN"
    delete = "mutation ($id: ID!) { deleteWorkingCalendar(id: $id) }"
    assert other.ask(delete, id=stored["id"]).code == "FORBIDDEN"
    assert calendars(other) == [stored]


def test_another_tenant_has_calendars_of_its_own(admin: Person) -> None:
    stored = admin.set_calendar(country="DE").data["setWorkingCalendar"]
    stranger = admin._replace(tenant="globex")
    own = stranger.set_calendar(country="DE").data["setWorkingCalendar"]
    assert own["id"] != stored["id"]
    delete = "mutation ($id: ID!) { deleteWorkingCalendar(id: $id) }"
    assert stranger.ask(delete, id=stored["id"]) == stranger.ask(delete, id="nonsense")
    assert calendars(admin) == [stored]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"country": "Atlantis"}, "country"),
        ({"country": "DE", "subdivision": "XX"}, "subdivision"),
        ({"subdivision": "BY"}, "subdivision"),
        ({"weekend": [day.name for day in Weekday]}, "weekend"),
        ({"weekend": ["DOOMSDAY"]}, "input.weekend[0]"),
        ({"workingDates": ["2025-10-03"] * 501}, "workingDates"),
        ({"holidays": [{"day": "2025-10-03", "name": ""}]}, "holidays.name"),
    ],
)  # fmt: skip
def test_a_calendar_that_cannot_be_is_refused(
    admin: Person, content: dict[str, Any], field: str
) -> None:
    refused = admin.set_calendar(**content)
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)
    assert calendars(admin) == []


@pytest.mark.parametrize(
    ("country", "range_", "field"),
    [
        ("Atlantis", WEEK, "country"),
        ("", WEEK, "country"),
        ("DE", {"from": "2025-10-05", "to": "2025-10-01"}, "range"),
        ("DE", {"from": "1999-10-05", "to": "2025-10-01"}, "range"),
        ("DE", {"from": "0001-01-01", "to": "0001-01-02"}, "range.from"),
    ],
)
def test_working_days_that_cannot_be_told(
    admin: Person, country: str, range_: dict[str, str], field: str
) -> None:
    refused = admin.ask(DAYS, country=country, range=range_)
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)
