"""The hub: worked examples of the definitions, and every answer against plain loops."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.events import Event
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import ChangeReason
from shared.metrics.domain.views.hub import PopularityAnswer, Unit
from shared.metrics.engine.hub_requests import (
    FrequencyByFeatureRequest,
    FrequencyRequest,
    PopularityRequest,
)
from shared.metrics.engine.requests import PeopleAttribute, PeopleFilter
from tests.builders import MINUTE_MS, event, instant_ms, login, upserted
from tests.unit.engine.hub_strategies import hub_requests, used_worlds
from tests.unit.engine.stack import TENANT, AnyRequest, Stack, stack
from tests.unit.engine.strategies import World, people_filters
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder, today

WEEK = Window(date(2026, 3, 9), date(2026, 3, 15))


@st.composite
def requests(draw: st.DrawFn, world: World) -> list[AnyRequest]:
    """A few questions about days around the place."""
    last = min(world.place.day + timedelta(days=draw(st.integers(-1, 4))), today(world))
    window = Window(last - timedelta(days=draw(st.integers(0, 6))), last)
    people = draw(st.just(PeopleFilter()) | people_filters())
    asked = hub_requests(
        draw(st.none() | st.just(window)), people, include_today=draw(st.booleans())
    )
    return draw(st.lists(asked, min_size=1, max_size=4))


@in_one_folder
@given(st.data(), used_worlds())
def test_answers_are_those_of_plain_loops_whatever_is_folded(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        asked = data.draw(requests(world))
        for delivery in world.deliveries:
            one.send(*delivery)
        one.check(*asked)
        if world.deliveries:
            fold_some(data, one)
            one.check(*asked)
        one.fold()
        one.check(*asked)
        one.restarted().check(*asked)


def hits(user_id: str, count: int, feature: str = "Leads", **fields: object) -> list[Event]:
    """So many hits of someone, a minute apart."""
    start_ms = instant_ms("2026-03-10 08:00")
    return [event(start_ms + at * MINUTE_MS, user_id, feature, **fields) for at in range(count)]


def popularity(one: Stack, **asked: object) -> PopularityAnswer:
    return one.ask(PopularityRequest(tenant=TENANT, window=WEEK, **asked))  # type: ignore[arg-type]


def test_three_people_with_one_hit_beat_one_with_a_hundred(utc: Stack) -> None:
    utc.send(*hits("ann", 100, "Deals"))
    utc.send(*(each for user in ("bob", "cyd", "dan") for each in hits(user, 1, "Leads")))
    answer = popularity(utc)
    assert answer.names == ["Leads", "Deals"]
    assert answer.people == [3, 1]
    assert answer.hits == [3, 100]
    assert answer.ranks == [1, 2]
    assert answer.shares == [0.75, 0.25]


def test_equal_numbers_share_a_rank_and_stand_by_name(utc: Stack) -> None:
    for feature in ("Quotes", "Deals", "Leads"):
        utc.send(*hits("ann", 1, feature))
    utc.send(*hits("bob", 1, "Leads"), *hits("bob", 1, "Zebra"))
    answer = popularity(utc)
    assert answer.names == ["Leads", "Deals", "Quotes", "Zebra"]
    assert answer.ranks == [1, 2, 2, 2]


def test_a_share_is_of_everyone_active_also_of_those_who_only_logged_in(utc: Stack) -> None:
    utc.send(*hits("ann", 1), login("2026-03-11 09:00", "bob"))
    answer = popularity(utc)
    assert (answer.active_users, answer.shares) == (2, [0.5])


def test_what_was_used_before_and_is_no_longer_is_a_row_with_nobody(utc: Stack) -> None:
    utc.send(event("2026-03-03 09:00", "ann", "Deals"), *hits("ann", 1, "Leads"))
    answer = popularity(utc)
    assert answer.names == ["Leads", "Deals"]
    assert answer.people == [1, 0]
    assert answer.previous_people == [0, 1]
    assert answer.change_percents == [None, -100.0]
    assert answer.change_reasons == [ChangeReason.NEW, None]
    assert answer.compared == WEEK.previous()


def test_properties_of_one_name_are_one_row_and_people_count_once_in_it(utc: Stack) -> None:
    utc.send(*hits("ann", 1, "Leads", property="Views"), *hits("ann", 2, "Deals", property="Views"))
    utc.send(*hits("bob", 1, "Leads", property="Calls"), *hits("bob", 4, "Leads"))
    answer = popularity(utc, part=Part.PROPERTY, selection=FeatureSelection(feature="ALL_MODULES"))
    assert dict(zip(answer.names, answer.people, strict=True)) == {
        "(not set)": 1,
        "Calls": 1,
        "Views": 1,
    }
    assert dict(zip(answer.names, answer.hits, strict=True))["Views"] == 3


def test_features_that_are_not_in_the_catalogue_have_no_category(utc: Stack) -> None:
    utc.send(*hits("ann", 1, "Rockets"), *hits("ann", 1, "Leads"))
    assert popularity(utc).categories == [Category.MODULES, None]
    by_category = popularity(utc, part=Part.CATEGORY)
    assert by_category.names == ["(uncatalogued)", "Modules"]
    assert by_category.categories == [None, Category.MODULES]


def test_unused_rows_of_the_catalogue_come_last_and_only_when_asked_for(utc: Stack) -> None:
    utc.send(*hits("ann", 1, "Leads"))
    selection = FeatureSelection(category=Category.MODULES)
    assert popularity(utc, selection=selection).names == ["Leads"]
    answer = popularity(utc, selection=selection, with_unused=True)
    assert answer.names[:2] == ["Leads", "Accounts"]
    assert answer.row_count == len(answer.names) == 24
    assert set(answer.ranks[1:]) == {2}
    top = popularity(utc, selection=selection, with_unused=True, top=3)
    assert (top.row_count, top.names) == (24, answer.names[:3])


def test_today_is_compared_with_the_same_hours(utc: Stack) -> None:
    utc.send(event("2026-03-20 11:00", "ann"), event("2026-03-19 13:00", "bob"))
    utc.send(event("2026-03-19 12:00:01", "cyd"), event("2026-03-19 11:59:59.999", "dan"))
    day = Window(date(2026, 3, 20), date(2026, 3, 20))
    answer = utc.ask(PopularityRequest(tenant=TENANT, window=day))
    assert (answer.people, answer.previous_people) == ([1], [1])
    assert answer.compared_active_users == 1


def test_fifty_hits_are_not_more_than_fifty(utc: Stack) -> None:
    utc.send(*hits("ann", 50), *hits("bob", 51))
    answer = utc.ask(FrequencyRequest(tenant=TENANT, window=WEEK, edges=(50,)))
    assert answer.from_hits == [1, 51]
    assert answer.to_hits == [50, None]
    assert answer.counts == [1, 1]


@pytest.mark.parametrize(
    ("count", "bucket"),
    [(1, 0), (10, 0), (11, 1), (100, 1), (101, 2), (1_000, 2), (1_001, 3)],
)
def test_upper_edges_are_inclusive(utc: Stack, count: int, bucket: int) -> None:
    start_ms = instant_ms("2026-03-10 08:00")
    utc.send(*(event(start_ms + at) for at in range(count)))
    answer = utc.ask(FrequencyRequest(tenant=TENANT, window=WEEK))
    assert answer.from_hits == [1, 11, 101, 1_001]
    assert answer.to_hits == [10, 100, 1_000, None]
    assert answer.counts == [int(at == bucket) for at in range(4)]


def test_a_bucket_of_nobody_s_hits_is_filled_from_the_roster(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", "zoe"), login("2026-03-11 09:00", "bob"))
    utc.send(*hits("ann", 3, "Leads"), *hits("cyd", 1, "Deals"))
    selection = FeatureSelection(feature="Leads")
    asked = FrequencyRequest(tenant=TENANT, window=WEEK, selection=selection, with_zero=True)
    answer = utc.ask(asked)
    assert (answer.from_hits[0], answer.to_hits[0]) == (0, 0)
    assert answer.counts == [3, 1, 0, 0, 0]
    assert answer.total == 1
    assert utc.ask(replace(asked, with_zero=False)).counts == [1, 0, 0, 0]


def test_buckets_sum_to_popularity(utc: Stack) -> None:
    utc.send(*hits("ann", 12), *hits("bob", 3), *hits("ann", 2, "Deals"))
    (leads, deals) = popularity(utc).people
    by_feature = utc.ask(FrequencyByFeatureRequest(tenant=TENANT, window=WEEK))
    assert by_feature.features == ["Deals", "Leads"]
    assert [sum(counts) for counts in by_feature.counts] == [deals, leads]
    pairs = utc.ask(FrequencyRequest(tenant=TENANT, window=WEEK, unit=Unit.PAIRS))
    assert pairs.total == sum(pairs.counts) == leads + deals


def test_pairs_are_counted_by_their_own_hits(utc: Stack) -> None:
    utc.send(*hits("ann", 8, "Leads"), *hits("ann", 8, "Deals"), *hits("bob", 11, "Deals"))
    pairs = utc.ask(FrequencyRequest(tenant=TENANT, window=WEEK, unit=Unit.PAIRS))
    people = utc.ask(FrequencyRequest(tenant=TENANT, window=WEEK))
    assert pairs.counts == [2, 1, 0, 0]
    assert people.counts == [0, 2, 0, 0]


@pytest.mark.parametrize(
    ("edges", "right"),
    [
        ((), "1 to 9"),
        (tuple(range(1, 11)), "1 to 9"),
        ((0, 5), "1 to"),
        ((-1,), "1 to"),
        ((2_000_000_000,), "1 to"),
        ((5, 5), "ascending"),
        ((10, 1), "ascending"),
    ],
)
def test_edges_that_make_no_buckets_are_refused(
    utc: Stack, edges: tuple[int, ...], right: str
) -> None:
    with pytest.raises(BadInputError, match=right) as refused:
        utc.ask(FrequencyRequest(tenant=TENANT, window=WEEK, edges=edges))
    assert refused.value.field == "edges"


def test_edges_are_the_tenant_s_if_none_are_asked_for(tmp_path: Path) -> None:
    with stack(tmp_path, bucket_edges=(2, 5)) as one:
        one.send(*hits("ann", 3))
        answer = one.ask(FrequencyRequest(tenant=TENANT, window=WEEK))
        assert (answer.to_hits, answer.counts) == ([2, 5, None], [0, 1, 0])


@pytest.mark.parametrize("asked", [{"unit": Unit.PAIRS}, {"group_by": PeopleAttribute.ROLE}])
def test_pairs_and_groups_have_no_bucket_of_zero(utc: Stack, asked: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="only those with a hit") as refused:
        utc.ask(FrequencyRequest(tenant=TENANT, with_zero=True, **asked))
    assert refused.value.field == "includeZero"


def test_who_moves_counts_in_both_countries_by_what_was_done_in_each(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", "ann", country="DE"), event("2026-03-10 09:00", "ann"))
    utc.send(upserted("2026-03-11 08:00", "ann", country="AT"), event("2026-03-11 09:00", "ann"))
    utc.send(upserted("2026-01-01 00:00", "bob", country="AT"), *hits("bob", 2))
    utc.send(login("2026-03-12 09:00", "cyd"))
    by_country = PeopleAttribute.COUNTRY
    answer = popularity(utc, group_by=by_country)
    assert (answer.people, answer.active_users) == ([2], 3)
    assert answer.groups is not None
    assert answer.groups.groups.names == ["AT", "DE", "(not set)"]
    assert answer.groups.groups.active_users == [2, 1, 1]
    assert answer.groups.people == [[2], [1], [0]]
    assert answer.groups.hits == [[3], [1], [0]]
    assert answer.groups.overlaps
    frequency = utc.ask(
        FrequencyRequest(tenant=TENANT, window=WEEK, edges=(1,), group_by=by_country)
    )
    assert frequency.counts == [0, 2]
    assert frequency.groups is not None
    assert frequency.groups.counts == [[1, 1], [1, 0], [0, 0]]


def test_what_was_used_on_other_days_alone_can_be_selected(utc: Stack) -> None:
    utc.send(event("2026-01-10 09:00", "ann", "Rockets", property="Thrust"))
    utc.fold()
    selection = FeatureSelection(feature="Rockets", property="Thrust")
    answer = popularity(utc.restarted(), selection=selection)
    assert (answer.names, answer.row_count) == ([], 0)


def test_a_selection_that_cannot_be_is_refused(utc: Stack) -> None:
    selection = FeatureSelection(feature="Leads", property="Wings")
    with pytest.raises(BadInputError, match="Views") as refused:
        popularity(utc, selection=selection)
    assert refused.value.field == "selection.property"
