"""Trends and the heat map through the schema: arguments to requests, answers to fields."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import ChangeReason, Measure
from shared.metrics.domain.views.heat_map_answer import HeatMapAnswer, ZoneHours
from shared.metrics.domain.views.trends_answer import GroupedTrends, TrendsMeasure
from shared.metrics.engine.heat_map_request import HeatMapRequest
from shared.metrics.engine.requests import Interval, PeopleAttribute, PeopleFilter, TrendsRequest
from tests.unit.graphql.fakes import PROOF, TRENDS, FakeServices, FakeViews, ask, token

MEASURES = {
    "hits": TrendsMeasure.HITS,
    "activeUsers": TrendsMeasure.ACTIVE_USERS,
    "attendance": TrendsMeasure.ATTENDANCE,
    "logins": TrendsMeasure.LOGINS,
    "sessions": TrendsMeasure.SESSIONS,
    "singleEventSessions": TrendsMeasure.SINGLE_EVENT_SESSIONS,
    "sessionMilliseconds": TrendsMeasure.SESSION_MILLISECONDS,
    "records": TrendsMeasure.RECORDS,
}
ALL = " ".join(MEASURES)
CHANGE = "{ value previous changePercent reason }"
CHANGES = " ".join(f"{name} {CHANGE}" for name in MEASURES)
EVERYTHING = f"""
query ($selection: FeatureSelectionInput) {{
  trends(
    interval: MONTH, selection: $selection, groupBy: COUNTRY, comparison: CALENDAR_MONTH,
    filter: {{role: ["rep"]}}, includeToday: true
  ) {{
    range {{ from to }} comparedRange {{ from to }} isBackfilled
    series {{ dates isPartial {ALL} }}
    comparedSeries {{ dates {ALL} }}
    totals {{ {ALL} }}
    changes {{ {CHANGES} }}
    groups {{
      names hasOthers overlaps series {{ {ALL} }} comparedSeries {{ {ALL} }} totals {{ {ALL} }}
      changes {{ {CHANGES} }}
    }}
  }}
}}
"""
FEBRUARY = Window(date(2026, 2, 1), date(2026, 2, 28))


def each(value: Any) -> dict[TrendsMeasure, Any]:  # noqa: ANN401 - of any measure
    """The same for every measure."""
    return dict.fromkeys(TrendsMeasure, value)


def named(value: object) -> dict[str, object]:
    """The same by field."""
    return dict.fromkeys(MEASURES, value)


def test_trends_ask_for_what_was_asked() -> None:
    services = FakeServices()
    selection = {"category": "MODULES", "property": "Views", "action": "open"}
    ask(EVERYTHING, services, {"selection": selection})
    assert services.views.asked == [
        TrendsRequest(
            tenant="acme",
            interval=Interval.MONTH,
            selection=FeatureSelection(category=Category.MODULES, property="Views", action="open"),
            measures=frozenset(TrendsMeasure),
            group_by=PeopleAttribute.COUNTRY,
            comparison=Comparison.CALENDAR_MONTH,
            people=PeopleFilter(role=("rep",)),
            include_today=True,
            totals=True,
        )
    ]


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize(
    ("query", "totals"),
    [
        ("{{ trends {{ series {{ dates {} }} }} }}", False),
        ("{{ trends {{ a: totals {{ b: {} }} }} }}", True),
        ("{{ trends {{ ... on Trends {{ groups {{ series {{ {} }} }} }} }} }}", False),
        ("{{ trends {{ ...t }} }} fragment t on Trends {{ totals {{ {} }} }}", True),
    ],
)
def test_only_the_measures_that_a_query_selects_are_computed(
    query: str, name: str, *, totals: bool
) -> None:
    services = FakeServices()
    ask(query.format(name), services)
    (request,) = services.views.asked
    assert isinstance(request, TrendsRequest)
    assert request.measures == {MEASURES[name]}
    assert request.totals is totals


@pytest.mark.parametrize(
    ("name", "group_by"), [("FEATURE", Part.FEATURE), ("TIME_ZONE", PeopleAttribute.TIME_ZONE)]
)
def test_groups_are_of_people_or_of_parts(name: str, group_by: Part | PeopleAttribute) -> None:
    services = FakeServices()
    ask(f"{{ trends(groupBy: {name}) {{ groups {{ names }} }} }}", services)
    (request,) = services.views.asked
    assert isinstance(request, TrendsRequest)
    assert request.group_by is group_by


def test_trends_answer_every_field() -> None:
    answer = replace(
        TRENDS,
        window=FEBRUARY,
        compared=Window(date(2026, 1, 1), date(2026, 1, 31)),
        is_backfilled=True,
        series=each([1, 2]),
        compared_dates=[date(2026, 1, 1)],
        compared_series=each([5_000_000_000]),
        totals=each(3),
        changes=each(Measure(3, 0, None, ChangeReason.NEW)),
        groups=GroupedTrends(
            names=["DE", "(not set)"],
            series=each([[1, 1], [0, 1]]),
            compared_series=each([[4], [1]]),
            totals=each([2, 1]),
            changes=each([Measure(2, 4, -50.0, None), Measure(1, 1, 0.0, None)]),
            has_others=False,
            overlaps=True,
        ),
    )
    found = ask(EVERYTHING, FakeServices(FakeViews(others={TrendsRequest: answer})))
    change = {"value": 3, "previous": 0, "changePercent": None, "reason": "NEW"}
    by_group = {
        "value": [2, 1],
        "previous": [4, 1],
        "changePercent": [-50.0, 0.0],
        "reason": [None, None],
    }
    assert found.data["trends"] == {
        "range": {"from": "2026-02-01", "to": "2026-02-28"},
        "comparedRange": {"from": "2026-01-01", "to": "2026-01-31"},
        "isBackfilled": True,
        "series": {
            "dates": ["2026-11-20", "2026-11-21"],
            "isPartial": [False, True],
            **named([1, 2]),
        },
        "comparedSeries": {"dates": ["2026-01-01"], **named([5_000_000_000])},
        "totals": named(3),
        "changes": named(change),
        "groups": {
            "names": ["DE", "(not set)"],
            "hasOthers": False,
            "overlaps": True,
            "series": named([[1, 1], [0, 1]]),
            "comparedSeries": named([[4], [1]]),
            "totals": named([2, 1]),
            "changes": named(by_group),
        },
    }


def test_what_was_not_asked_for_or_cannot_be_known_is_null() -> None:
    unknown = "logins singleEventSessions sessionMilliseconds"
    answer = replace(TRENDS, series={TrendsMeasure.HITS: [1, 2]})
    query = f"""{{ trends {{
      comparedRange {{ from }} comparedSeries {{ dates }} changes {{ hits {CHANGE} }}
      groups {{ names }} series {{ hits {unknown} }} totals {{ {unknown} }}
    }} }}"""
    nothing = dict.fromkeys(unknown.split())
    found = ask(query, FakeServices(FakeViews(others={TrendsRequest: answer})))
    assert found.data["trends"] == {
        "comparedRange": None,
        "comparedSeries": None,
        "changes": None,
        "groups": None,
        "series": {"hits": [1, 2], **nothing},
        "totals": nothing,
    }


def test_the_heat_map_answers_every_field() -> None:
    hours = [0] * 167 + [7]
    answer = HeatMapAnswer(
        proof=PROOF,
        first_weekday=6,
        hits=hours,
        people=hours,
        peaks=[167],
        zones=ZoneHours(["Asia/Tokyo"], [7], [hours], [[167]], has_others=False),
        total_people=7,
        without_zone=1,
        unknown_zones=2,
        unknown_names=["Mars"],
        is_backfilled=False,
        overlaps=True,
        no_data_days=[date(2026, 11, 3)],
    )
    services = FakeServices(FakeViews(others={HeatMapRequest: answer}))
    query = """{ heatMap(preset: LAST_MONTH, filter: {team: ["north"]}, includeToday: true) {
      timeZone range { from to } firstWeekday hits activeUsers peakHours totalUsers withoutZone
      unknownZones unknownZoneNames isBackfilled overlaps noDataDays
      zones { names people hits peakHours hasOthers }
    } }"""
    assert ask(query, services).data["heatMap"] == {
        "timeZone": "Europe/Berlin",
        "range": {"from": "2026-10-23", "to": "2026-11-21"},
        "firstWeekday": "SUNDAY",
        "hits": hours,
        "activeUsers": hours,
        "peakHours": [167],
        "totalUsers": 7,
        "withoutZone": 1,
        "unknownZones": 2,
        "unknownZoneNames": ["Mars"],
        "isBackfilled": False,
        "overlaps": True,
        "noDataDays": ["2026-11-03"],
        "zones": {
            "names": ["Asia/Tokyo"],
            "people": [7],
            "hits": [hours],
            "peakHours": [[167]],
            "hasOthers": False,
        },
    }
    (request,) = services.views.asked
    assert request.people == PeopleFilter(team=("north",))
    assert request.include_today


@pytest.mark.parametrize("role", ["admin", "manager", "rep"])
def test_everyone_may_ask_for_plain_numbers(role: str) -> None:
    reply = ask("{ trends { asOf } }", authorization=f"Bearer {token(role=role)}")
    assert reply.data["trends"]


def test_logins_per_active_user_are_those_of_each_point() -> None:
    series = {TrendsMeasure.LOGINS: [6, 0], TrendsMeasure.ACTIVE_USERS: [4, 0]}
    services = FakeServices(FakeViews(others={TrendsRequest: replace(TRENDS, series=series)}))
    data = ask("{ trends { series { loginsPerActiveUser } } }", services).data
    assert data == {"trends": {"series": {"loginsPerActiveUser": [1.5, None]}}}
    (request,) = services.views.asked
    assert isinstance(request, TrendsRequest)
    assert request.measures == frozenset(series)


def test_a_selection_has_no_logins_per_active_user() -> None:
    assert replace(TRENDS, series={TrendsMeasure.ACTIVE_USERS: [4]}).logins_per_active_user is None
