"""Settings: everyone reads them, admins change them, and a refold is shown until it is over."""

from typing import Any

import pytest

from shared.metrics.storage.generations import Splits, announced
from shared.metrics.storage.tenants import SettingsChange, Tenant, TenantStore
from shared.metrics.storage.units import Units
from tests.unit.graphql.fakes import NOW_MS, FakeServices, Reply
from tests.unit.graphql.library import Person

REFOLD = (
    "refold { timeZone sessionTimeoutMinutes state startedAt daysSplit daysToSplit daysToFold }"
)
FIELDS = "timeZone sessionTimeoutMinutes firstWeekday latenessDays bucketEdges "
FIELDS += "eventsPerMinute version " + REFOLD
CHANGE = f"""mutation ($input: SettingsInput!, $version: Count!) {{
  changeSettings(input: $input, expectedVersion: $version) {{ {FIELDS} }}
}}"""
AS_CREATED = {
    "timeZone": "UTC",
    "sessionTimeoutMinutes": 15,
    "firstWeekday": "MONDAY",
    "latenessDays": 7,
    "bucketEdges": [10, 100, 1000],
    "version": 0,
    "eventsPerMinute": None,
    "refold": None,
}


@pytest.fixture
def admin() -> Person:
    services = FakeServices()
    for name in ("acme", "globex"):
        TenantStore(services.tenancy.store).create(Tenant(name=name, time_zone="UTC"))
    return Person(services, "ada", "admin")


def change(person: Person, version: int, **content: object) -> Reply:
    return person.ask(CHANGE, input=content, version=version)


def read(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = person.ask(f"{{ settings {{ {FIELDS} }} }}").data["settings"]
    return found


@pytest.mark.parametrize("role", ["admin", "manager", "rep"])
def test_everyone_reads_them(admin: Person, role: str) -> None:
    assert read(admin._replace(role=role)) == AS_CREATED


def test_what_is_given_is_changed_at_once_and_the_rest_stays(admin: Person) -> None:
    changed = change(admin, 0, firstWeekday="SUNDAY", bucketEdges=[5, 50], timeZone=None)
    expected = AS_CREATED | {"firstWeekday": "SUNDAY", "bucketEdges": [5, 50], "version": 1}
    assert changed.data["changeSettings"] == expected
    assert change(admin, 1, latenessDays=3, sessionTimeoutMinutes=15).data["changeSettings"] == (
        expected | {"latenessDays": 3, "version": 2}
    )
    assert read(admin) == expected | {"latenessDays": 3, "version": 2}


def test_a_change_that_changes_nothing_is_none(admin: Person) -> None:
    assert change(admin, 0).data["changeSettings"] == AS_CREATED
    assert change(admin, 0, timeZone="UTC").data["changeSettings"] == AS_CREATED


def test_another_zone_is_a_refold_with_its_progress(admin: Person) -> None:
    changed = change(admin, 0, timeZone="Asia/Tokyo", sessionTimeoutMinutes=30)
    refold = {
        "timeZone": "Asia/Tokyo",
        "sessionTimeoutMinutes": 30,
        "state": "PLANNING",
        "startedAt": "2026-11-22T06:32:05.678Z",
        "daysSplit": 0,
        "daysToSplit": 0,
        "daysToFold": 0,
    }
    assert changed.data["changeSettings"] == AS_CREATED | {"version": 1, "refold": refold}
    store = admin.services.tenancy.store
    assert [each.generation for each in announced(store)] == [2]
    splits = Splits(store, "acme", 2)
    splits.plan(["2026-11-01", "2026-11-02", "2026-11-03"])
    splits.finish("2026-11-02")
    Units(store, "acme", 2).mark_minute("2026-11-02", NOW_MS // 60_000)
    assert read(admin)["refold"] == refold | {"daysSplit": 1, "daysToSplit": 2, "daysToFold": 1}
    given_up = change(admin, 1, timeZone="UTC", sessionTimeoutMinutes=15)
    assert given_up.data["changeSettings"] == AS_CREATED | {"version": 2}


def test_whoever_was_slower_is_told_so_and_changes_nothing(admin: Person) -> None:
    change(admin, 0, latenessDays=3)
    late = change(admin, 0, latenessDays=5)
    assert late.code == "CONFLICT"
    assert "read them again" in late.error["message"]
    assert read(admin)["latenessDays"] == 3


def test_a_signal_that_is_set_stands_beside_what_is_known_of_actions(admin: Person) -> None:
    TenantStore(admin.services.tenancy.store).note_first_actions("acme", {"Deals": NOW_MS})
    rules = [
        {"feature": "Leads", "signal": "ACTION", "since": "2026-03-01"},
        {"feature": "Leads", "signal": "CHANGE"},
    ]
    changed = change(admin, 1, countingSignals=rules)
    assert changed.data["changeSettings"]["refold"]["state"] == "PLANNING"
    tenants = TenantStore(admin.services.tenancy.store)
    stored = tenants.stored("acme")
    tenants.replace(stored, stored.tenant.of_generation(2))
    asked = admin.ask("{ settings { countingSignals { features signals since isSet } } }")
    assert asked.data["settings"]["countingSignals"] == {
        "features": ["Deals", "Leads", "Leads"],
        "signals": ["ACTION", "CHANGE", "ACTION"],
        "since": ["2026-11-22", None, "2026-03-01"],
        "isSet": [False, True, True],
    }


@pytest.mark.parametrize("role", ["manager", "rep"])
def test_only_admins_change_them(admin: Person, role: str) -> None:
    assert change(admin._replace(role=role), 0, latenessDays=3).code == "FORBIDDEN"
    assert change(admin._replace(role=role), 0, timeZone="Mars").code == "FORBIDDEN"
    assert read(admin) == AS_CREATED


def test_another_tenant_has_settings_of_its_own(admin: Person) -> None:
    change(admin, 0, latenessDays=3)
    assert read(admin._replace(tenant="globex")) == AS_CREATED
    nowhere = admin._replace(tenant="nowhere")
    assert nowhere.ask("{ settings { timeZone } }").code == "NOT_FOUND"
    assert change(nowhere, 0, latenessDays=3).code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"timeZone": "Mars"}, "timeZone"),
        ({"timeZone": "../etc/passwd"}, "timeZone"),
        ({"sessionTimeoutMinutes": 0}, "sessionTimeoutMinutes"),
        ({"sessionTimeoutMinutes": 721}, "sessionTimeoutMinutes"),
        ({"firstWeekday": "DOOMSDAY"}, "input.firstWeekday"),
        ({"latenessDays": -1}, "latenessDays"),
        ({"latenessDays": 367}, "latenessDays"),
        ({"countingSignals": [{"feature": "", "signal": "ACTION"}]}, "countingSignals"),
        ({"countingSignals": [{"feature": "Leads", "signal": "SYSTEM"}]}, "countingSignals"),
        ({"countingSignals": [{"feature": "L", "signal": "ACTION"}] * 2}, "countingSignals"),
        ({"countingSignals": [{"feature": "L" * 60_000, "signal": "ACTION"}]}, "countingSignals"),
        ({"bucketEdges": []}, "bucketEdges"),
        ({"bucketEdges": [10, 5]}, "bucketEdges"),
        ({"bucketEdges": list(range(1, 1000))}, "bucketEdges"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(
    admin: Person, content: dict[str, Any], field: str
) -> None:
    refused = change(admin, 0, **content)
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)
    assert read(admin) == AS_CREATED


def test_a_change_between_reading_and_writing_is_not_lost(admin: Person) -> None:
    """The version is that of the settings that the change was computed from."""
    store = TenantStore(admin.services.tenancy.store)
    before = store.stored("acme")
    store.change("acme", SettingsChange(lateness_days=3), now_ms=NOW_MS)
    assert not store.replace(before, before.tenant)
    assert change(admin, before.version, firstWeekday="SUNDAY").code == "CONFLICT"
    assert read(admin) == AS_CREATED | {"latenessDays": 3, "version": 1}
