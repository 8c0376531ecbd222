"""The three views through the schema: arguments to requests, answers to fields."""

from datetime import date

import pytest

from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.engine.requests import (
    AttributeValues,
    HomeRequest,
    Interval,
    PeopleFilter,
    TrendsRequest,
    UserAnalyticsRequest,
)
from tests.unit.graphql.fakes import FakeServices, FakeViews, ask, get, person

EVERYTHING_OF_HOME = """
query Home($range: RangeInput, $filter: PeopleFilterInput) {
  home(range: $range, comparison: CALENDAR_MONTH, filter: $filter, includeToday: true, top: 3) {
    asOf watermark isPartial finality definitionVersion timeZone
    range { from to } comparedRange { from to }
    totalHits { ...measure } featuresUsed { ...measure } activeUsers { ...measure }
    inactiveUsers { ...measure }
    attendance { value previous changePercent reason orgDays averagePerActiveUser }
    hitsByWeek { dates hits isPeak isPartial }
    attendanceByDay { dates activeUsers logins }
    topByHits { rank userId name email value previous }
    topByAttendance { rank userId name email value previous }
  }
}
fragment measure on Measure { value previous changePercent reason }
"""


def test_home_asks_its_view_for_what_was_asked() -> None:
    services = FakeServices()
    ask(
        EVERYTHING_OF_HOME,
        services,
        {
            "range": {"from": "2026-11-01", "to": "2026-11-21"},
            "filter": {"country": ["DE", "(not set)"], "attributeValues": "CURRENT"},
        },
    )
    assert services.views.asked == [
        HomeRequest(
            tenant="acme",
            window=Window(date(2026, 11, 1), date(2026, 11, 21)),
            comparison=Comparison.CALENDAR_MONTH,
            people=PeopleFilter(
                country=("DE", "(not set)"), attribute_values=AttributeValues.CURRENT
            ),
            include_today=True,
            top=3,
        )
    ]


def test_arguments_have_defaults() -> None:
    services = FakeServices()
    ask("{ home { asOf } trends { asOf } userAnalytics { asOf } }", services)
    assert services.views.asked == [
        HomeRequest(tenant="acme"),
        TrendsRequest(tenant="acme", measures=frozenset()),
        UserAnalyticsRequest(tenant="acme", first=50),
    ]


def test_home_answers_every_field() -> None:
    home = ask(EVERYTHING_OF_HOME).data["home"]
    person_by_hits = {"userId": "u1", "name": "Ada", "email": "ada@example.com"}
    nobody = {"userId": "u2", "name": None, "email": None}
    assert home == {
        "asOf": "2026-11-22T06:32:05.678Z",
        "watermark": "2026-11-22T06:32:04.678Z",
        "isPartial": False,
        "finality": "PROVISIONAL",
        "definitionVersion": "1",
        "timeZone": "Europe/Berlin",
        "range": {"from": "2026-10-23", "to": "2026-11-21"},
        "comparedRange": {"from": "2026-09-23", "to": "2026-10-22"},
        "totalHits": _measure(5_000_000_000, 0, None, "NEW"),
        "featuresUsed": _measure(97, 100, -3.0),
        "attendance": _measure(6, 3, 100.0) | {"orgDays": 3, "averagePerActiveUser": 3.0},
        "activeUsers": _measure(2, 1, 100.0),
        "inactiveUsers": _measure(0, 0, 0.0),
        "hitsByWeek": {
            "dates": ["2026-11-09", "2026-11-16"],
            "hits": [3, 7],
            "isPeak": [False, True],
            "isPartial": [False, True],
        },
        "attendanceByDay": {"dates": ["2026-11-21"], "activeUsers": [2], "logins": [1]},
        "topByHits": [{"rank": 1, **person_by_hits, "value": 7, "previous": 3}],
        "topByAttendance": [{"rank": 1, **nobody, "value": 3, "previous": 0}],
    }


def _measure(
    value: int, previous: int, change: float | None, reason: str | None = None
) -> dict[str, object]:
    return {"value": value, "previous": previous, "changePercent": change, "reason": reason}


def test_trends_answers_parallel_lists() -> None:
    services = FakeServices()
    query = """{ trends(interval: WEEK, range: {from: "2026-11-20", to: "2026-11-21"}) {
      timeZone
      series { dates isPartial hits activeUsers attendance logins sessions singleEventSessions
               sessionMilliseconds }
    } }"""
    assert ask(query, services).data["trends"] == {
        "timeZone": "Europe/Berlin",
        "series": {
            "dates": ["2026-11-20", "2026-11-21"],
            "isPartial": [False, True],
            "hits": [3, 7],
            "activeUsers": [1, 2],
            "attendance": [1, 2],
            "logins": [1, 1],
            "sessions": [1, 3],
            "singleEventSessions": [0, 1],
            "sessionMilliseconds": [60_000, 5_000_000_000],
        },
    }
    window = Window(date(2026, 11, 20), date(2026, 11, 21))
    assert services.views.asked == [
        TrendsRequest(tenant="acme", window=window, interval=Interval.WEEK)
    ]


def test_user_analytics_answers_every_metric_of_a_person() -> None:
    services = FakeServices(FakeViews([person("u1")]))
    query = """{ userAnalytics { totalCount nodes {
      userId name email hits attendance sessions singleEventSessions sessionMilliseconds
      featuresUsed lastSeen lastLogin
    } } }"""
    assert ask(query, services).data["userAnalytics"] == {
        "totalCount": 1,
        "nodes": [
            {
                "userId": "u1",
                "name": None,
                "email": None,
                "hits": 7,
                "attendance": 3,
                "sessions": 4,
                "singleEventSessions": 1,
                "sessionMilliseconds": 60_000,
                "featuresUsed": 2,
                "lastSeen": "2026-11-22T06:32:00.678Z",
                "lastLogin": None,
            }
        ],
    }


def test_a_query_can_be_sent_as_a_get() -> None:
    reply = get(query="query A { home { timeZone } } query B { __typename }", operationName="A")
    assert reply.data == {"home": {"timeZone": "Europe/Berlin"}}


@pytest.mark.parametrize(
    ("arguments", "field", "right"),
    [
        ('range: {from: "2026-11-22", to: "2026-11-21"}', "range", "reversed"),
        ('range: {from: "0001-01-01", to: "2026-11-21"}', "range.from", "1970-01-01"),
        ('range: {from: "2026-11-01", to: "9999-12-31"}', "range.to", "2999-12-31"),
        ('range: {from: "2026-02-30", to: "2026-11-21"}', "from", "no such day"),
        ('range: {from: "20261101", to: "2026-11-21"}', "from", "YYYY-MM-DD"),
        ('range: {from: "2026-11-01", to: 7}', "to", "YYYY-MM-DD"),
        ("filter: {timeZone: []}", "filter.timeZone", "at least one"),
        ("top: 0", "top", "1 to 100"),
        ("top: -5", "top", "1 to 100"),
        ('top: "ten"', "top", "Int"),
        ("comparison: NEXT_PERIOD", "comparison", "Comparison"),
    ],
)
def test_a_wrong_argument_is_named_and_the_right_one_described(
    arguments: str, field: str, right: str
) -> None:
    reply = ask(f"{{ home({arguments}) {{ asOf }} }}")
    assert reply.code == "BAD_USER_INPUT"
    assert reply.error["extensions"]["field"] == field
    assert right in reply.error["message"]


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"range": {"from": "2026-13-01", "to": "2026-11-21"}}, "range.from"),
        ({"range": {"from": "2026-11-01", "to": "2026-10-01"}}, "range"),
        ({"filter": {"country": ["DE", 7]}}, "filter.country[1]"),
        ({"filter": 7}, "filter"),
    ],
)
def test_a_wrong_variable_is_named(variables: dict[str, object], field: str) -> None:
    reply = ask(EVERYTHING_OF_HOME, variables=variables)
    assert reply.code == "BAD_USER_INPUT"
    assert reply.error["extensions"]["field"] == field


def test_a_null_where_none_may_be_is_the_client_s_mistake() -> None:
    reply = ask("query ($top: Int) { home(top: $top) { asOf } }", variables={"top": None})
    assert reply.code == "BAD_USER_INPUT"
