"""A feature that the tenant has named counts in its category, in every view, in the past too."""

import pytest

from shared.metrics.domain.catalogue import Category, NamedFeature
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.parts import UNCATALOGUED, Part
from shared.metrics.domain.selection import ALL_MODULES, FeatureSelection
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.activity import ActivityRequest
from shared.metrics.engine.funnel_request import FunnelRequest, FunnelStep
from shared.metrics.engine.hub_requests import FeaturesRequest, PopularityRequest
from shared.metrics.engine.requests import TrendsRequest
from shared.metrics.storage.tenant_catalogue import name_feature
from tests.builders import event
from tests.unit.engine.stack import TENANT, Stack

MODULES = FeatureSelection(feature=ALL_MODULES)
ROCKETS = NamedFeature(Category.MODULES, {"Launches": ("Manned",)})


@pytest.fixture
def used(utc: Stack) -> Stack:
    """A tenant with a hit of a module, and two of something that is in no catalogue."""
    utc.send(
        event("2026-03-10 09:00", feature="Leads", user_id="ann", record_id="r1"),
        event("2026-03-10 09:01", feature="Rockets", user_id="ann", record_id="r1"),
        event("2026-03-10 09:02", feature="Rockets", user_id="bob", record_id="r2"),
    )
    utc.fold()
    return utc


def name(one: Stack, feature: NamedFeature | None = ROCKETS) -> None:
    name_feature(one.services.tenants, TENANT, "Rockets", feature)


def hits_of_modules(one: Stack) -> int:
    answer = one.ask(TrendsRequest(tenant=TENANT, selection=MODULES))
    return sum(hits or 0 for hits in answer.series[TrendsMeasure.HITS])


def test_selections_of_its_category_have_it(used: Stack) -> None:
    assert hits_of_modules(used) == 1
    name(used)
    assert hits_of_modules(used) == 3
    name(used, None)
    assert hits_of_modules(used) == 1


def test_a_funnel_has_it(used: Stack) -> None:
    steps = (
        FunnelStep(FeatureSelection(feature="Leads")),
        FunnelStep(FeatureSelection(category=Category.MODULES, action="use")),
    )
    request = FunnelRequest(tenant=TENANT, steps=steps)
    before = used.ask(request)
    name(used)
    after = used.ask(request)
    assert [before.converted, after.converted] == [0, 1]


def test_the_hub_has_it_in_its_category_used_or_not(used: Stack) -> None:
    by_category = PopularityRequest(tenant=TENANT, part=Part.CATEGORY)
    by_feature = PopularityRequest(tenant=TENANT, with_unused=True)
    assert UNCATALOGUED in used.ask(by_category).names
    name(used)
    name_feature(used.services.tenants, TENANT, "Balloons", NamedFeature(Category.CHANNELS))
    assert used.ask(by_category).names == ["Modules"]
    answer = used.ask(by_feature)
    found = dict(zip(answer.names, answer.categories, strict=True))
    assert (found["Rockets"], found["Balloons"]) == (Category.MODULES, Category.CHANNELS)


def test_activity_lists_it_among_the_modules(used: Stack) -> None:
    assert "Rockets" not in used.ask(ActivityRequest(tenant=TENANT)).modules.names
    name(used)
    modules = used.ask(ActivityRequest(tenant=TENANT)).modules
    assert dict(zip(modules.names, modules.hits, strict=True))["Rockets"] == 2


def test_the_catalogue_has_its_properties_and_selections_may_name_them(used: Stack) -> None:
    selection = FeatureSelection(feature="Rockets", property="Launches", attribute="Manned")
    request = TrendsRequest(tenant=TENANT, selection=selection)
    with pytest.raises(BadInputError, match="Launches"):
        used.ask(request)
    name(used)
    assert sum(used.ask(request).series[TrendsMeasure.HITS]) == 0
    [rockets] = used.ask(FeaturesRequest(tenant=TENANT, search="Rockets")).features
    assert rockets.category is Category.MODULES
    assert "Launches" in rockets.properties
    assert "Views" in rockets.properties
