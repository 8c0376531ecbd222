"""The funnel through the schema: arguments to requests, answers to fields."""

from datetime import date
from typing import Any

import pytest

from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.funnel_answer import (
    FunnelAnswer,
    FunnelGroups,
    FunnelMember,
    FunnelMembersAnswer,
    FunnelState,
    FunnelSteps,
    FunnelUnit,
    StepOrder,
)
from shared.metrics.engine.funnel_request import (
    DAY_MS,
    FunnelMembersRequest,
    FunnelRequest,
    FunnelStep,
)
from shared.metrics.engine.requests import PeopleAttribute, PeopleFilter
from tests.unit.graphql.fakes import NOW_MS, PROOF, FakeServices, FakeViews, ask, token

ANSWER = FunnelAnswer(
    proof=PROOF,
    unit=FunnelUnit.RECORD,
    order=StepOrder.LOOSE,
    within_ms=30 * DAY_MS,
    steps=FunnelSteps(
        counts=[100, 60, 5_000_000_000],
        shares=[1.0, 0.6, None],
        drop_offs=[None, 0.4, 0.5],
        median_ms=[0, 5, None],
        p90_ms=[0, 9, None],
    ),
    converted=30,
    dropped=60,
    in_progress=10,
    completion_rate=0.3,
    matured_rate=1 / 3,
    bottleneck_step=3,
    median_ms=7,
    p90_ms=9,
    groups=FunnelGroups(["DE"], [[100, 60, 30]], [0.3], [None], [7], [None], has_others=False),
    is_backfilled=True,
    no_data_days=[date(2026, 11, 3)],
)
MEMBER = FunnelMember("r1", "r1", None, 2, FunnelState.DROPPED, NOW_MS - 1_000, NOW_MS)
MEMBERS = FunnelMembersAnswer(
    PROOF, FunnelUnit.RECORD, [MEMBER], 7, has_previous=False, has_next=True
)
STEPS = '[{feature: "Leads"}, {feature: "Deals", property: "Views"}]'
LEADS = FunnelStep(FeatureSelection(feature="Leads"))
VIEWS = FunnelStep(FeatureSelection(feature="Deals", property="Views"))

EVERYTHING = """{
  funnel(
    steps: [
      {feature: "Leads"}
      {feature: "Deals", property: "Views", filter: {country: ["DE"]}}
    ]
    range: {from: "2026-10-23", to: "2026-11-21"}
    filter: {team: ["north"]}
    includeToday: true
    unit: RECORD
    order: STRICT
    windowDays: 0.5
    groupBy: COUNTRY
  ) {
    asOf finality range { from to } unit order windowMilliseconds
    steps { counts shares dropOffs medianMilliseconds p90Milliseconds }
    converted dropped inProgress completionRate maturedRate bottleneckStep
    medianMilliseconds p90Milliseconds isBackfilled noDataDays
    groups {
      names hasOthers counts completionRates maturedRates medianMilliseconds p90Milliseconds
    }
  }
}"""
UNITS = """query (
  $steps: [FunnelStepInput!]!, $step: Int!, $first: Int, $after: String, $days: Float
) {
  funnel(steps: $steps, windowDays: $days) {
    units(step: $step, state: DROPPED, furthest: true, first: $first, after: $after) {
      unit totalCount
      pageInfo { hasNextPage hasPreviousPage endCursor }
      edges { cursor node { key } }
      nodes { key name email step state started reached }
    }
  }
}"""
ABOUT: dict[str, Any] = {
    "steps": [{"feature": "Leads"}, {"feature": "Deals", "property": "Views"}],
    "step": 2,
    "days": 30,
}


def services(answer: FunnelAnswer = ANSWER) -> FakeServices:
    return FakeServices(FakeViews(others={FunnelRequest: answer, FunnelMembersRequest: MEMBERS}))


def test_all_arguments_reach_the_view_and_all_fields_the_caller() -> None:
    asked = services()
    funnel = ask(EVERYTHING, asked).data["funnel"]
    assert asked.views.asked == [
        FunnelRequest(
            tenant="acme",
            window=Window(date(2026, 10, 23), date(2026, 11, 21)),
            include_today=True,
            people=PeopleFilter(team=("north",)),
            steps=(LEADS, FunnelStep(VIEWS.selection, PeopleFilter(country=("DE",)))),
            unit=FunnelUnit.RECORD,
            order=StepOrder.STRICT,
            within_ms=DAY_MS // 2,
            group_by=PeopleAttribute.COUNTRY,
        )
    ]
    assert funnel == {
        "asOf": "2026-11-22T06:32:05.678Z",
        "finality": "PROVISIONAL",
        "range": {"from": "2026-10-23", "to": "2026-11-21"},
        "unit": "RECORD",
        "order": "LOOSE",
        "windowMilliseconds": 30 * DAY_MS,
        "steps": {
            "counts": [100, 60, 5_000_000_000],
            "shares": [1.0, 0.6, None],
            "dropOffs": [None, 0.4, 0.5],
            "medianMilliseconds": [0, 5, None],
            "p90Milliseconds": [0, 9, None],
        },
        "converted": 30,
        "dropped": 60,
        "inProgress": 10,
        "completionRate": 0.3,
        "maturedRate": 1 / 3,
        "bottleneckStep": 3,
        "medianMilliseconds": 7,
        "p90Milliseconds": 9,
        "isBackfilled": True,
        "noDataDays": ["2026-11-03"],
        "groups": {
            "names": ["DE"],
            "hasOthers": False,
            "counts": [[100, 60, 30]],
            "completionRates": [0.3],
            "maturedRates": [None],
            "medianMilliseconds": [7],
            "p90Milliseconds": [None],
        },
    }


@pytest.mark.parametrize(
    ("arguments", "within_ms"),
    [
        ("", 30 * DAY_MS),
        (", windowDays: 7", 7 * DAY_MS),
        (", noWindow: true", None),
        (", noWindow: true, windowDays: 7", None),
    ],
)
def test_the_window_is_30_days_unless_another_is_given_or_none(
    arguments: str, within_ms: int | None
) -> None:
    asked = services()
    assert ask(f"{{ funnel(steps: {STEPS}{arguments}) {{ unit }} }}", asked).data
    assert asked.views.asked == [
        FunnelRequest(tenant="acme", steps=(LEADS, VIEWS), within_ms=within_ms)
    ]


def test_a_page_of_units_is_of_the_range_and_unit_that_were_answered() -> None:
    asked = services()
    units = ask(UNITS, asked, ABOUT | {"first": 1}).data["funnel"]["units"]
    request = FunnelMembersRequest(
        tenant="acme",
        window=PROOF.window,
        steps=(LEADS, VIEWS),
        unit=FunnelUnit.RECORD,
        step=2,
        state=FunnelState.DROPPED,
        furthest=True,
        first=1,
    )
    assert asked.views.asked[1:] == [request]
    cursor = units["pageInfo"]["endCursor"]
    assert units == {
        "unit": "RECORD",
        "totalCount": 7,
        "pageInfo": {"hasNextPage": True, "hasPreviousPage": False, "endCursor": cursor},
        "edges": [{"cursor": cursor, "node": {"key": "r1"}}],
        "nodes": [
            {
                "key": "r1",
                "name": "r1",
                "email": None,
                "step": 2,
                "state": "DROPPED",
                "started": "2026-11-22T06:32:04.678Z",
                "reached": "2026-11-22T06:32:05.678Z",
            }
        ],
    }
    assert ask(UNITS, asked, ABOUT | {"after": cursor}).data
    (after,) = asked.views.asked[3:]
    assert isinstance(after, FunnelMembersRequest)
    assert (after.first, after.after) == (50, "r1")
    for other in ({"step": 1}, {"days": 7}, {"steps": ABOUT["steps"] * 2}):
        reply = ask(UNITS, services(), ABOUT | other | {"after": cursor})
        assert reply.error["extensions"]["field"] == "after"


@pytest.mark.parametrize(
    ("role", "code"), [("admin", None), ("manager", None), ("rep", "FORBIDDEN")]
)
def test_units_are_for_admins_and_managers(role: str, code: str | None) -> None:
    reply = ask(UNITS, services(), ABOUT, authorization=f"Bearer {token(role=role)}")
    assert (reply.code if "errors" in reply.body else None) == code
    numbers = f"{{ funnel(steps: {STEPS}) {{ converted }} }}"
    assert ask(numbers, services(), authorization=f"Bearer {token(role=role)}").data


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (
            '{ funnel(steps: [{feature: "Leads"}, {filter: {country: []}}]) { unit } }',
            "steps[1].filter.country",
        ),
        (f"{{ funnel(steps: {STEPS}, windowDays: true) {{ unit }} }}", "windowDays"),
        (f"{{ funnel(steps: {STEPS}, order: SIDEWAYS) {{ unit }} }}", "order"),
    ],
)
def test_a_wrong_argument_is_named(query: str, field: str) -> None:
    reply = ask(query, services())
    assert reply.code == "BAD_USER_INPUT"
    assert reply.error["extensions"]["field"] == field


def test_a_page_of_units_has_a_bounded_size() -> None:
    query = f"{{ funnel(steps: {STEPS}) {{ units(step: 1, first: 101) {{ totalCount }} }} }}"
    assert ask(query, services()).code == "QUERY_TOO_COMPLEX"
