"""Features that a tenant puts into its catalogue."""

import pytest

from shared.metrics.domain.catalogue import (
    BUILT_IN,
    MODULE_PROPERTIES,
    Category,
    NamedFeature,
    extended,
)
from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.storage import tenant_catalogue
from shared.metrics.storage.tenant_catalogue import name_feature, named_feature
from shared.metrics.storage.tenants import Tenant, TenantStore
from tests.faults.memory_store import MemoryStore


@pytest.fixture
def tenants() -> TenantStore:
    tenants = TenantStore(MemoryStore(lambda: 0))
    tenants.create(Tenant(name="acme", time_zone="UTC"))
    return tenants


def test_a_feature_is_put_in_replaced_and_taken_out(tenants: TenantStore) -> None:
    module = named_feature(Category.MODULES, {"Launches": ["Manned", "Unmanned"]})
    name_feature(tenants, "acme", " Rockets ", module)
    assert tenants.get("acme").named_features == {"Rockets": module}
    assert not tenants.get("acme").is_uncatalogued("Rockets")
    assert tenants.get("acme").is_uncatalogued("rockets")
    assert not tenants.get("acme").is_uncatalogued("")
    channel = named_feature(Category.CHANNELS)
    assert name_feature(tenants, "acme", "Rockets", channel).named_features == {"Rockets": channel}
    name_feature(tenants, "acme", "Rockets", None)
    assert tenants.get("acme").named_features == {}


def test_it_extends_the_built_in_catalogue_and_changes_nothing_of_it() -> None:
    assert extended({}) is BUILT_IN
    catalogue = extended(
        {
            "Rockets": NamedFeature(Category.MODULES, {"Launches": ("Manned",)}),
            "Fax": NamedFeature(Category.CHANNELS),
            "Leads": NamedFeature(Category.CHANNELS),
        }
    )
    assert catalogue.category_of("Rockets") is Category.MODULES
    assert catalogue.category_of("Leads") is Category.MODULES
    assert catalogue.features["Rockets"].properties == {
        **MODULE_PROPERTIES,
        "Launches": ("Manned",),
    }
    assert catalogue.features["Fax"].properties == {}
    assert set(catalogue.of_category(Category.MODULES)) == {
        "Rockets",
        *BUILT_IN.of_category(Category.MODULES),
    }


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "two\nlines", "Leads"])
def test_what_is_no_name_or_built_in_is_refused(tenants: TenantStore, name: str) -> None:
    with pytest.raises(BadInputError) as refused:
        name_feature(tenants, "acme", name, NamedFeature(Category.MODULES))
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "properties", [{str(n): [] for n in range(51)}, {"x": ["y"] * 51}, {"": []}, {"x": [""]}]
)
def test_what_is_said_of_a_feature_is_bounded(properties: dict[str, list[str]]) -> None:
    with pytest.raises(BadInputError) as refused:
        named_feature(Category.MODULES, properties)
    assert refused.value.field == "properties"


def test_their_number_is_bounded(tenants: TenantStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenant_catalogue, "MAX_NAMED", 1)
    feature = NamedFeature(Category.MODULES)
    name_feature(tenants, "acme", "One", feature)
    name_feature(tenants, "acme", "One", NamedFeature(Category.CHANNELS))
    with pytest.raises(BadInputError, match="take one out first"):
        name_feature(tenants, "acme", "Two", feature)


def test_settings_that_change_all_the_time_are_a_conflict(
    tenants: TenantStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants, "replace", lambda _before, _after: False)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        name_feature(tenants, "acme", "One", NamedFeature(Category.MODULES))
