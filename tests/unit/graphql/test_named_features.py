"""Admins name what is in no catalogue."""

from typing import Any

import pytest

from shared.metrics.storage.tenants import Tenant, TenantStore
from tests.unit.graphql.fakes import FakeServices
from tests.unit.graphql.library import Person

NAME = """mutation ($name: String!, $category: Category!, $properties: [PropertyInput!]) {
  nameFeature(name: $name, category: $category, properties: $properties) {
    name category properties attributes
  }
}"""
UNNAME = "mutation ($name: String!) { unnameFeature(name: $name) }"
PROPERTIES = [{"name": "Launches", "attributes": ["Manned"]}, {"name": "Tests"}]


@pytest.fixture
def admin() -> Person:
    services = FakeServices()
    TenantStore(services.tenancy.store).create(Tenant(name="acme", time_zone="UTC"))
    return Person(services, role="admin")


def named(person: Person) -> dict[str, Any]:
    return dict(TenantStore(person.services.tenancy.store).get("acme").named_features)


def test_a_feature_is_named_and_unnamed(admin: Person) -> None:
    made = admin.ask(NAME, name=" Rockets ", category="MODULES", properties=PROPERTIES)
    assert made.data["nameFeature"] == {
        "name": "Rockets",
        "category": "MODULES",
        "properties": ["Launches", "Tests"],
        "attributes": [["Manned"], []],
    }
    assert set(named(admin)) == {"Rockets"}
    assert admin.ask(UNNAME, name="Rockets").data["unnameFeature"] == "Rockets"
    assert named(admin) == {}


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"name": "Leads"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "X", "properties": [{"name": "a"}, {"name": "a"}]}, "properties"),
        ({"name": "X", "properties": [{"name": " "}]}, "properties"),
    ],
)
def test_what_cannot_be_is_named(admin: Person, variables: dict[str, Any], field: str) -> None:
    refused = admin.ask(NAME, **{"category": "MODULES", **variables})
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)
    assert named(admin) == {}


def test_it_is_for_admins(admin: Person) -> None:
    manager = admin._replace(role="manager")
    assert manager.ask(NAME, name="X", category="MODULES").code == "FORBIDDEN"
    assert manager.ask(UNNAME, name="X").code == "FORBIDDEN"
