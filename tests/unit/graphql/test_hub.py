"""The hub and the catalogue through the schema: arguments to requests, answers to fields."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.metrics.domain.buckets import Bucket
from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import ChangeReason
from shared.metrics.domain.views.features import FeatureEntry, FeaturesAnswer
from shared.metrics.domain.views.hub import (
    FrequencyAnswer,
    FrequencyByFeatureAnswer,
    FrequencyGroups,
    GroupNames,
    PopularityAnswer,
    PopularityGroups,
    Unit,
)
from shared.metrics.domain.views.members import Figure, MembersAnswer
from shared.metrics.engine.figure_requests import MembersRequest, Row
from shared.metrics.engine.hub_requests import (
    FeaturesRequest,
    FrequencyByFeatureRequest,
    FrequencyRequest,
    PopularityRequest,
)
from shared.metrics.engine.requests import PeopleAttribute, PeopleFilter
from tests.unit.graphql.fakes import PROOF, FakeServices, FakeViews, ask, token

GROUPS = GroupNames(["DE", "(not set)"], [2, 1], has_others=False, is_backfilled=True)
POPULARITY = PopularityAnswer(
    proof=PROOF,
    compared=Window(date(2026, 9, 23), date(2026, 10, 22)),
    active_users=4,
    compared_active_users=0,
    row_count=3,
    names=["Leads", "Rockets"],
    categories=[Category.MODULES, None],
    ranks=[1, 2],
    people=[3, 1],
    shares=[0.75, 0.25],
    hits=[3, 5_000_000_000],
    previous_people=[0, 1],
    previous_shares=[None, None],
    previous_hits=[0, 7],
    change_percents=[None, 0.0],
    change_reasons=[ChangeReason.NEW, None],
    groups=PopularityGroups(GROUPS, [[2, 1], [1, 0]], [[2, 9], [1, 0]], overlaps=True),
)
FREQUENCY = FrequencyAnswer(
    proof=PROOF,
    from_hits=[0, 1, 11],
    to_hits=[0, 10, None],
    counts=[3, 2, 1],
    total=3,
    groups=FrequencyGroups(GROUPS, [[2, 0], [0, 1]], overlaps=False),
    no_data_days=[date(2026, 11, 3)],
)
BY_FEATURE = FrequencyByFeatureAnswer(PROOF, [1, 11], [10, None], ["Leads"], [[2, 1]], [True])
FEATURES = FeaturesAnswer(
    PROOF,
    [
        FeatureEntry("Calendar", Category.GENERAL, [], [], [], None),
        FeatureEntry("Leads", Category.MODULES, ["Views"], [["List View"]], ["open"], None),
        FeatureEntry("Rockets", None, [], [], ["launch"], date(2026, 11, 3)),
    ],
)
NOBODY = MembersAnswer(PROOF, [], 0, 0, has_previous=False, has_next=False)


def services() -> FakeServices:
    answers: dict[Any, Any] = {
        PopularityRequest: POPULARITY,
        FrequencyRequest: FREQUENCY,
        FrequencyByFeatureRequest: BY_FEATURE,
        FeaturesRequest: FEATURES,
        MembersRequest: NOBODY,
    }
    return FakeServices(FakeViews(others=answers))


EVERYTHING_OF_POPULARITY = """
query ($selection: FeatureSelectionInput) {
  hub(range: {from: "2026-11-01", to: "2026-11-21"}, filter: {country: ["DE"]}) {
    popularity(by: PROPERTY, selection: $selection, comparison: CALENDAR_MONTH,
               groupBy: COUNTRY, includeUnused: true, top: 5) {
      range { from to } comparedRange { from to } timeZone
      activeUsers previousActiveUsers rowCount names categories ranks people shares hits
      previousPeople previousShares previousHits changePercents changeReasons
      groups { names activeUsers hasOthers overlaps isBackfilled people hits }
    }
  }
}
"""


def test_popularity_asks_for_what_was_asked_and_answers_every_field() -> None:
    asked = services()
    selection = {"category": "MODULES", "feature": "ALL_MODULES", "property": "Views"}
    hub = ask(EVERYTHING_OF_POPULARITY, asked, {"selection": selection}).data["hub"]
    assert asked.views.asked == [
        PopularityRequest(
            tenant="acme",
            window=Window(date(2026, 11, 1), date(2026, 11, 21)),
            people=PeopleFilter(country=("DE",)),
            part=Part.PROPERTY,
            selection=FeatureSelection(
                category=Category.MODULES, feature="ALL_MODULES", property="Views"
            ),
            comparison=Comparison.CALENDAR_MONTH,
            with_unused=True,
            top=5,
            group_by=PeopleAttribute.COUNTRY,
        )
    ]
    assert hub["popularity"] == {
        "range": {"from": "2026-10-23", "to": "2026-11-21"},
        "comparedRange": {"from": "2026-09-23", "to": "2026-10-22"},
        "timeZone": "Europe/Berlin",
        "activeUsers": 4,
        "previousActiveUsers": 0,
        "rowCount": 3,
        "names": ["Leads", "Rockets"],
        "categories": ["MODULES", None],
        "ranks": [1, 2],
        "people": [3, 1],
        "shares": [0.75, 0.25],
        "hits": [3, 5_000_000_000],
        "previousPeople": [0, 1],
        "previousShares": [None, None],
        "previousHits": [0, 7],
        "changePercents": [None, 0.0],
        "changeReasons": ["NEW", None],
        "groups": {
            "names": ["DE", "(not set)"],
            "activeUsers": [2, 1],
            "hasOthers": False,
            "overlaps": True,
            "isBackfilled": True,
            "people": [[2, 1], [1, 0]],
            "hits": [[2, 9], [1, 0]],
        },
    }


def test_the_hub_has_defaults() -> None:
    asked = services()
    ask("{ hub { popularity { asOf } frequency { asOf } } }", asked)
    assert asked.views.asked == [PopularityRequest(tenant="acme"), FrequencyRequest(tenant="acme")]


def test_frequency_asks_for_what_was_asked_and_answers_every_field() -> None:
    asked = services()
    query = """{ hub(includeToday: true) { frequency(
      selection: {feature: "Leads"}, unit: PAIRS, edges: [5, 50], groupBy: ROLE, includeZero: true
    ) {
      range { from to } fromHits toHits counts total noDataDays byFeature { features counts noData }
      groups { names counts }
    } } }"""
    frequency = ask(query, asked).data["hub"]["frequency"]
    whole, by_feature = asked.views.asked
    leads = FeatureSelection(feature="Leads")
    assert whole == FrequencyRequest(
        tenant="acme",
        include_today=True,
        selection=leads,
        unit=Unit.PAIRS,
        edges=(5, 50),
        with_zero=True,
        group_by=PeopleAttribute.ROLE,
    )
    assert by_feature == FrequencyByFeatureRequest(
        tenant="acme", window=PROOF.window, selection=leads, edges=(5, 50), with_zero=True
    )
    assert frequency == {
        "range": {"from": "2026-10-23", "to": "2026-11-21"},
        "fromHits": [0, 1, 11],
        "toHits": [0, 10, None],
        "counts": [3, 2, 1],
        "total": 3,
        "noDataDays": ["2026-11-03"],
        "byFeature": {"features": ["Leads"], "counts": [[2, 1]], "noData": [True]},
        "groups": {"names": ["DE", "(not set)"], "counts": [[2, 0], [0, 1]]},
    }


def test_rows_and_buckets_are_opened_over_the_days_of_the_answer() -> None:
    asked = services()
    query = """{ hub(filter: {role: ["rep"]}) {
      popularity(by: ACTION, selection: {feature: "Leads"}) { members(name: "open") { figure } }
      people: frequency { members(bucket: 2, first: 3) { figure } }
      pairs: frequency(unit: PAIRS) { members(bucket: 1) { figure } }
    } }"""
    assert ask(query, asked).data
    opened = [each for each in asked.views.asked if isinstance(each, MembersRequest)]
    about: dict[str, Any] = {
        "tenant": "acme",
        "window": PROOF.window,
        "people": PeopleFilter(role=("rep",)),
    }
    assert opened == [
        MembersRequest(
            **about,
            figure=Figure.POPULARITY,
            selection=FeatureSelection(feature="Leads"),
            row=Row(Part.ACTION, "open"),
        ),
        MembersRequest(**about, figure=Figure.FREQUENCY, bucket=Bucket(11, None), first=3),
        MembersRequest(**about, figure=Figure.FREQUENCY_OF_PAIRS, bucket=Bucket(1, 10)),
    ]


@pytest.mark.parametrize(
    ("query", "field", "right"),
    [
        ("popularity(top: 0) { asOf }", "top", "1 to 2,000"),
        ("popularity(top: 2001) { asOf }", "top", "1 to 2,000"),
        ("popularity(by: COUNTRY) { asOf }", "by", "FeaturePart"),
        ("frequency { members(bucket: 3) { figure } }", "bucket", "0 to 2"),
        ("frequency { members(bucket: -1) { figure } }", "bucket", "0 to 2"),
    ],
)
def test_a_wrong_argument_is_named_and_the_right_one_described(
    query: str, field: str, right: str
) -> None:
    reply = ask(f"{{ hub {{ {query} }} }}", services())
    assert reply.code == "BAD_USER_INPUT"
    assert reply.error["extensions"]["field"] == field
    assert right in reply.error["message"]


def test_who_is_behind_a_row_is_for_admins_and_managers() -> None:
    query = '{ hub { popularity { names members(name: "Leads") { figure } } } }'
    asked = services()
    rep = f"Bearer {token(role='rep')}"
    reply = ask(query, asked, authorization=rep)
    assert reply.code == "FORBIDDEN"
    assert [type(each) for each in asked.views.asked] == [PopularityRequest]
    assert ask("{ hub { popularity { names } } }", services(), authorization=rep).data


CATALOGUE = """query ($first: Int!, $after: String, $search: String) {
  features(first: $first, after: $after, search: $search) {
    categories categoryNames totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor }
    nodes { name category isUncatalogued properties attributes actions lastUsed }
  }
}"""


def test_the_catalogue_is_answered_a_page_at_a_time() -> None:
    asked = services()
    page = ask(CATALOGUE, asked, {"first": 2, "search": " e "}).data["features"]
    assert asked.views.asked == [FeaturesRequest(tenant="acme", search=" e ")]
    assert page["categories"][4] == "MODULES"
    assert page["categoryNames"][6] == "Reports & analytics"
    assert page["totalCount"] == 3
    assert [node["name"] for node in page["nodes"]] == ["Calendar", "Leads"]
    assert page["nodes"][1] == {
        "name": "Leads",
        "category": "MODULES",
        "isUncatalogued": False,
        "properties": ["Views"],
        "attributes": [["List View"]],
        "actions": ["open"],
        "lastUsed": None,
    }
    after = page["pageInfo"]["endCursor"]
    rest = ask(CATALOGUE, asked, {"first": 2, "search": " e ", "after": after}).data["features"]
    assert [node["name"] for node in rest["nodes"]] == ["Rockets"]
    assert rest["nodes"][0]["isUncatalogued"]
    assert rest["nodes"][0]["lastUsed"] == "2026-11-03"
    assert rest["pageInfo"]["hasPreviousPage"]
    assert not rest["pageInfo"]["hasNextPage"]


def test_a_cursor_of_another_search_is_refused() -> None:
    page = ask(CATALOGUE, services(), {"first": 1}).data["features"]
    after = page["pageInfo"]["endCursor"]
    reply = ask(CATALOGUE, services(), {"first": 1, "after": after, "search": "x"})
    assert reply.error["extensions"]["field"] == "after"


def test_an_empty_catalogue_has_no_cursors() -> None:
    asked = services()
    asked.views.others[FeaturesRequest] = replace(FEATURES, features=[])
    page = ask(CATALOGUE, asked, {"first": 5}).data["features"]
    assert (page["edges"], page["pageInfo"]["endCursor"]) == ([], None)
