"""The catalogue: the built-in features, and whatever was used."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.catalogue import CATALOGUE, Category
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.features import FeatureEntry
from shared.metrics.engine.hub_requests import FeaturesRequest
from tests.builders import event
from tests.unit.engine.hub_strategies import features_requests, used_worlds
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.strategies import World
from tests.unit.engine.test_views_against_oracle import in_one_folder, today


@in_one_folder
@given(st.data(), used_worlds())
def test_the_catalogue_is_that_of_plain_loops(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        whole = Window(world.place.day - timedelta(days=30), today(world))
        for delivery in world.deliveries:
            one.send(*delivery)
        one.check(data.draw(features_requests(whole)))
        one.fold()
        last = data.draw(st.integers(0, 4).map(lambda days: today(world) - timedelta(days=days)))
        asked = data.draw(features_requests(Window(last - timedelta(days=2), last)))
        one.check(asked)
        one.restarted().check(asked)


def entry(one: Stack, name: str) -> FeatureEntry:
    answer = one.ask(FeaturesRequest(tenant=TENANT, search=name))
    return next(each for each in answer.features if each.name == name)


def test_what_was_used_stands_beside_what_there_is(utc: Stack) -> None:
    utc.send(event("2026-03-10 09:00", property="Views", attribute="Wall View", action="open"))
    leads = entry(utc, "Leads")
    assert leads.category is Category.MODULES
    assert leads.attributes[leads.properties.index("Views")] == [
        "Canvas View",
        "Kanban View",
        "List View",
        "Wall View",
    ]
    assert leads.actions == ["open"]
    assert leads.last_used == date(2026, 3, 10)
    assert entry(utc, "Quotes").last_used is None


def test_a_feature_that_nobody_announced_is_there_and_uncatalogued(utc: Stack) -> None:
    utc.send(event("2026-03-10 09:00", feature="Rockets"))
    assert entry(utc, "Rockets").category is None
    answer = utc.ask(FeaturesRequest(tenant=TENANT))
    assert len(answer.features) == len(CATALOGUE) + 1


def test_a_search_is_in_any_case_and_in_all_names(utc: Stack) -> None:
    utc.send(event("2026-03-10 09:00", feature="Rockets", action="launch"))
    for search in (" ROCK", "Launch"):
        answer = utc.ask(FeaturesRequest(tenant=TENANT, search=search))
        assert [each.name for each in answer.features] == ["Rockets"]


def test_a_search_is_bounded(utc: Stack) -> None:
    with pytest.raises(BadInputError, match="100") as refused:
        utc.ask(FeaturesRequest(tenant=TENANT, search="x" * 101))
    assert refused.value.field == "search"
