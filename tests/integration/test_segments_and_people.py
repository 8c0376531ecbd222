"""Events in, and through GraphQL: conditions, a saved segment as a filter, and single people."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.graphql.handler import respond
from shared.metrics.services import Services
from shared.metrics.settings import Settings
from tests.builders import event, login, upserted
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.graphql.fakes import KEY, NOW_MS, token
from tests.unit.graphql.fakes import event as http_event


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Stack]:
    """Ann came on three days of the default range and used Leads, bob once, zoe never."""
    with stack(tmp_path, zone="Europe/Berlin", now=NOW_MS) as one:
        one.send(
            *(upserted("2026-01-01 00:00", user, team="north") for user in ("ann", "bob", "zoe")),
            *(event(f"2026-11-{day:02} 09:00", "ann", property="Views") for day in (2, 3, 4)),
            login("2026-11-05 09:00", "bob"),
        )
        yield one


def asked(
    one: Stack, query: str, role: str = "admin", subject: str = "root", **variables: object
) -> dict[str, Any]:
    settings = Settings(token_key=KEY, introspection=True)
    services = Services(settings, one.services.store, one.clock)
    headers = {
        "authorization": f"Bearer {token(tenant=TENANT, role=role, sub=subject)}",
        "content-type": "application/json",
        "accept": "application/graphql-response+json",
    }
    body = json.dumps({"query": query, "variables": variables})
    context = LambdaContext()
    context._aws_request_id = "request"
    reply = respond(http_event(body=body, headers=headers), context, services)
    found: dict[str, Any] = json.loads(reply["body"])
    return found


def test_conditions_find_people_page_by_page(acme: Stack) -> None:
    query = """query ($after: String) { userAnalytics(
      conditions: [{metric: ATTENDANCE, comparator: LESS_THAN, value: 3}]
      features: [{feature: "Leads", property: "Views"}]
      sort: ATTENDANCE, descending: true, first: 1, after: $after
    ) {
      totalCount rosterSize shareOfRoster featureUsers featureShares
      nodes { userId attendance hasUsed lastSeen } pageInfo { endCursor hasNextPage }
    } }"""
    first = asked(acme, query)["data"]["userAnalytics"]
    assert (first["totalCount"], first["rosterSize"], first["shareOfRoster"]) == (2, 3, 2 / 3)
    assert (first["featureUsers"], first["featureShares"]) == ([0], [0.0])
    assert first["nodes"] == [
        {
            "userId": "bob",
            "attendance": 1,
            "hasUsed": [False],
            "lastSeen": "2026-11-05T09:00:00.000Z",
        }
    ]
    after = first["pageInfo"]["endCursor"]
    second = asked(acme, query, after=after)["data"]["userAnalytics"]
    assert [node["userId"] for node in second["nodes"]] == ["zoe"]
    assert second["nodes"][0]["lastSeen"] is None
    assert not second["pageInfo"]["hasNextPage"]


def test_a_saved_segment_is_a_filter_of_every_view(acme: Stack) -> None:
    create = "mutation ($input: SegmentInput!) { createSegment(input: $input) { id definition } }"
    used = {"metric": "FEATURE_USED", "feature": {"feature": "Leads", "property": "Views"}}
    definition = {"preset": "LAST_30_DAYS", "conditions": [used], "filter": {"team": ["north"]}}
    made = asked(acme, create, input={"name": "Viewers", "definition": definition})
    segment = made["data"]["createSegment"]["id"]
    query = """query ($id: ID!) {
      home(filter: {segment: $id}) { activeUsers { value } inactiveUsers { value } }
      stickiness(filter: {segment: $id}) { activeUsers }
      lifecycle(filter: {segment: $id}, interval: MONTH) { series { new dormant } }
      retention(filter: {segment: $id}, weeks: 4) { sizes }
      userAnalytics(filter: {segment: $id}) { nodes { userId } rosterSize }
    }"""
    assert asked(acme, query, id=segment)["data"] == {
        "home": {"activeUsers": {"value": 1}, "inactiveUsers": {"value": 0}},
        "stickiness": {"activeUsers": 1},
        "lifecycle": {"series": {"new": [0, 1], "dormant": [0, 0]}},
        "retention": {"sizes": [0, 1, 0, 0]},
        "userAnalytics": {"nodes": [{"userId": "ann"}], "rosterSize": 1},
    }
    refused = asked(acme, query, "manager", "bob", id=segment)
    assert {error["extensions"]["code"] for error in refused["errors"]} == {"NOT_FOUND"}
    wrong = {"conditions": [{"metric": "FEATURE_USED", "feature": {"feature": "Ledas"}}]}
    refused = asked(acme, create, input={"name": "Typo", "definition": wrong})
    (error,) = refused["errors"]
    assert error["extensions"]["field"] == "conditions[0].feature.feature"


def test_a_person_is_for_managers_and_for_themselves(acme: Stack) -> None:
    query = """query ($id: ID!) { person(id: $id) {
      state firstActive lastSeen attendance { value } features { names hits } team
    } }"""
    ann = {
        "state": "NEW",
        "firstActive": "2026-11-02",
        "lastSeen": "2026-11-04T09:00:00.000Z",
        "attendance": {"value": 3},
        "features": {"names": ["Leads"], "hits": [3]},
        "team": "north",
    }
    assert asked(acme, query, id="ann")["data"]["person"] == ann
    assert asked(acme, query, "rep", "ann", id="ann")["data"]["person"] == ann
    for role, id_, code in (
        ("rep", "bob", "FORBIDDEN"),
        ("rep", "nobody", "FORBIDDEN"),
        ("admin", "nobody", "NOT_FOUND"),
    ):
        (error,) = asked(acme, query, role, "ann", id=id_)["errors"]
        assert error["extensions"]["code"] == code
