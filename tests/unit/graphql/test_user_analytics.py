"""User analytics through the schema: conditions, chosen features, totals, order."""

import json
from base64 import urlsafe_b64encode
from datetime import date
from hashlib import blake2b
from typing import Any

import pytest

from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.conditions import (
    Comparator,
    Condition,
    ConditionMetric,
    SessionTime,
    Threshold,
)
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.people_answers import PersonSort, Position
from shared.metrics.engine.requests import UserAnalyticsRequest
from tests.unit.graphql.fakes import FakeServices, FakeViews, ask, person

QUERY = """
query ($conditions: [ConditionInput!], $features: [FeatureSelectionInput!], $first: Int! = 50
       $after: String, $sort: PersonSort! = USER_ID, $descending: Boolean! = false) {
  userAnalytics(range: {from: "2026-11-01", to: "2026-11-21"}, comparison: CALENDAR_MONTH
                conditions: $conditions, features: $features, first: $first, after: $after
                sort: $sort, descending: $descending) {
    range { from to } comparedRange { from to }
    totalCount rosterSize shareOfRoster featureUsers featureShares
    nodes { userId hits previousAttendance attendanceChangePercent attendanceChangeReason
            featureHits hasUsed lastSeen }
    pageInfo { endCursor }
  }
}"""


def test_everything_that_can_be_asked_reaches_the_view() -> None:
    services = FakeServices()
    leads = {"category": "MODULES", "feature": "Leads", "property": "Views", "action": "open"}
    conditions = [
        {"metric": "ATTENDANCE", "comparator": "BETWEEN", "value": 2, "upTo": 7.5},
        {"metric": "SESSION_MINUTES", "comparator": "GREATER_THAN", "value": 300},
        {
            "metric": "SESSION_MINUTES",
            "comparator": "LESS_THAN",
            "value": 5,
            "sessionTime": "ANY_DAY",
        },
        {"metric": "FEATURE_USED", "feature": leads},
        {"metric": "FEATURE_NOT_USED", "comparator": "AT_LEAST", "value": 3, "feature": {}},
        {"metric": "NEVER_SEEN"},
    ]
    ask(
        QUERY,
        services,
        {
            "conditions": conditions,
            "features": [leads, {"feature": "Deals"}],
            "sort": "LAST_SEEN",
            "descending": True,
            "first": 7,
        },
    )
    selection = FeatureSelection(Category.MODULES, "Leads", "Views", None, "open")
    assert services.views.asked == [
        UserAnalyticsRequest(
            tenant="acme",
            window=Window(date(2026, 11, 1), date(2026, 11, 21)),
            comparison=Comparison.CALENDAR_MONTH,
            conditions=(
                Condition(ConditionMetric.ATTENDANCE, Threshold(Comparator.BETWEEN, 2, 7.5)),
                Condition(ConditionMetric.SESSION_MINUTES, Threshold(Comparator.GREATER_THAN, 300)),
                Condition(
                    ConditionMetric.SESSION_MINUTES,
                    Threshold(Comparator.LESS_THAN, 5),
                    SessionTime.ANY_DAY,
                ),
                Condition(ConditionMetric.FEATURE_USED, selection=selection),
                Condition(
                    ConditionMetric.FEATURE_NOT_USED,
                    Threshold(Comparator.AT_LEAST, 3),
                    selection=FeatureSelection(),
                ),
                Condition(ConditionMetric.NEVER_SEEN),
            ),
            features=(selection, FeatureSelection(feature="Deals")),
            sort=PersonSort.LAST_SEEN,
            descending=True,
            first=7,
        )
    ]


def test_every_field_is_answered() -> None:
    services = FakeServices(FakeViews([person("u1")]))
    found = ask(QUERY, services).data["userAnalytics"]
    del found["pageInfo"]
    assert found == {
        "range": {"from": "2026-10-23", "to": "2026-11-21"},
        "comparedRange": {"from": "2026-09-23", "to": "2026-10-22"},
        "totalCount": 1,
        "rosterSize": 2,
        "shareOfRoster": 0.5,
        "featureUsers": [1, 0],
        "featureShares": [1.0, 0.0],
        "nodes": [
            {
                "userId": "u1",
                "hits": 7,
                "previousAttendance": 2,
                "attendanceChangePercent": 50.0,
                "attendanceChangeReason": None,
                "featureHits": [5, 0],
                "hasUsed": [True, False],
                "lastSeen": "2026-11-22T06:32:00.678Z",
            }
        ],
    }


def test_an_empty_segment_has_no_shares() -> None:
    found = ask(QUERY, FakeServices()).data["userAnalytics"]
    assert (found["totalCount"], found["shareOfRoster"]) == (0, None)
    assert found["featureShares"] == [None, None]


def test_a_cursor_holds_the_place_in_the_order() -> None:
    services = FakeServices(FakeViews([person("a"), person("b")]))
    page = ask(QUERY, services, {"first": 1}).data["userAnalytics"]
    ask(QUERY, services, {"first": 1, "after": page["pageInfo"]["endCursor"]})
    request = services.views.asked[-1]
    assert isinstance(request, UserAnalyticsRequest)
    assert (request.first, request.after) == (1, Position(0.0, "a"))


@pytest.mark.parametrize("other", [{"sort": "HITS"}, {"descending": True}, {"features": [{}]}])
def test_a_cursor_is_of_no_use_in_another_order(other: dict[str, Any]) -> None:
    services = FakeServices(FakeViews([person("a"), person("b")]))
    after = ask(QUERY, services, {"first": 1}).data["userAnalytics"]["pageInfo"]["endCursor"]
    refused = ask(QUERY, services, {"first": 1, "after": after, **other})
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", "after")


@pytest.mark.parametrize(
    "forged",
    ["u1", "[1, 2]", "[1]", '["x", "a"]', "[NaN, 1]", '[Infinity, "a"]', "[" * 5_000, "{}", "null"],
)
def test_a_cursor_that_is_made_up_with_a_right_check_is_refused(forged: str) -> None:
    """The check is no secret."""
    services = FakeServices(FakeViews([person("a"), person("b")]))
    ask(QUERY, services)
    (request,) = services.views.asked
    assert isinstance(request, UserAnalyticsRequest)
    question = blake2b(repr(replace_page(request)).encode()).digest()
    check = blake2b(forged.encode(), digest_size=8, key=question).digest()
    cursor = urlsafe_b64encode(check + forged.encode()).decode()
    refused = ask(QUERY, services, {"after": cursor})
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", "after")
    right = json.dumps([0.0, "a"])
    check = blake2b(right.encode(), digest_size=8, key=question).digest()
    cursor = urlsafe_b64encode(check + right.encode()).decode()
    assert ask(QUERY, services, {"after": cursor}).data


def replace_page(request: UserAnalyticsRequest) -> UserAnalyticsRequest:
    return UserAnalyticsRequest(
        tenant=request.tenant, window=request.window, comparison=request.comparison
    )


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        ({"metric": "HITS"}, "comparator"),
        ({"metric": "HITS", "comparator": "AT_LEAST"}, "value"),
        ({"metric": "HITS", "comparator": "AT_LEAST", "value": -1}, "value"),
        ({"metric": "HITS", "comparator": "AT_LEAST", "value": 2e12}, "value"),
        ({"metric": "LAST_SEEN", "comparator": "LESS_THAN", "value": 1831}, "value"),
        ({"metric": "HITS", "comparator": "BETWEEN", "value": 1}, "upTo"),
        ({"metric": "HITS", "comparator": "BETWEEN", "value": 2, "upTo": 1}, "upTo"),
        ({"metric": "HITS", "comparator": "AT_LEAST", "value": 2, "upTo": 3}, "upTo"),
        ({"metric": "HITS", "comparator": "EQUAL", "value": 2, "feature": {}}, "feature"),
        ({"metric": "FEATURE_USED"}, "feature"),
        ({"metric": "FEATURE_USED", "feature": {}, "comparator": "LESS_THAN"}, "value"),
        ({"metric": "NEVER_SEEN", "comparator": "LESS_THAN", "value": 1}, "comparator"),
        (
            {"metric": "HITS", "comparator": "EQUAL", "value": 2, "sessionTime": "TOTAL"},
            "sessionTime",
        ),
    ],
)
def test_a_wrong_condition_is_named(condition: dict[str, Any], part: str) -> None:
    services = FakeServices()
    fine = {"metric": "HITS", "comparator": "AT_LEAST", "value": 1}
    reply = ask(QUERY, services, {"conditions": [fine, condition]})
    assert reply.code == "BAD_USER_INPUT"
    assert reply.error["extensions"]["field"] == f"conditions[1].{part}"
    assert services.views.asked == []


def test_working_days_are_looked_up_only_if_they_are_selected() -> None:
    services = FakeServices(FakeViews([person("u1"), person("u2")]))
    query = "query ($after: String) { userAnalytics(first: 1, after: $after) { %s } }"
    page = "nodes { userId } pageInfo { endCursor }"
    cursor = ask(query % page, services).data["userAnalytics"]["pageInfo"]["endCursor"]
    nodes = """edges { node { workingDayAttendance {
        rate attendedWorkingDays workingDays attendedOtherDays isDefaultCalendar } } }"""
    answer = ask(query % nodes, services, {"after": cursor}).data["userAnalytics"]
    assert [edge["node"]["workingDayAttendance"] for edge in answer["edges"]] == [
        {
            "rate": 0.4,
            "attendedWorkingDays": 2,
            "workingDays": 5,
            "attendedOtherDays": 1,
            "isDefaultCalendar": False,
        }
    ]
    asked = [getattr(request, "working_days", None) for request in services.views.asked]
    assert asked == [False, True]


def test_there_may_be_twenty_conditions() -> None:
    condition = {"metric": "NEVER_SEEN"}
    assert ask(QUERY, variables={"conditions": [condition] * 20}).data
    refused = ask(QUERY, variables={"conditions": [condition] * 21})
    assert refused.error["extensions"]["field"] == "conditions"
    assert "at most 20" in refused.error["message"]
