"""A person, stickiness, lifecycle and retention through the schema."""

from datetime import date

import pytest

from shared.metrics.domain.errors import NotFoundError
from shared.metrics.domain.periods import Comparison, Preset
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.engagement_answers import (
    LifecycleAnswer,
    LifecycleState,
    MonthlyActives,
    RetentionAnswer,
    RetentionGroups,
    RollingActives,
    Stickiness,
    StickinessAnswer,
    StickinessGroups,
)
from shared.metrics.domain.views.person import (
    PersonAnswer,
    PersonAttributes,
    PersonDays,
    PersonFeatures,
    PersonMeasure,
)
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance
from shared.metrics.engine.engagement_requests import (
    LifecycleRequest,
    PersonRequest,
    RetentionRequest,
    Returning,
    StickinessRequest,
)
from shared.metrics.engine.requests import Interval, PeopleAttribute, PeopleFilter
from tests.unit.graphql.fakes import NOW_MS, PROOF, FakeServices, FakeViews, ask, token

DAY = date(2026, 11, 21)
STICKINESS = StickinessAnswer(
    proof=PROOF,
    total=Stickiness(10, 2.5, 0.25, 3),
    by_day=RollingActives([DAY], [2], [4], [10], [None], [1], [True]),
    by_month=MonthlyActives([date(2026, 11, 1)], [True], [9], [None], [2 / 9], [5], [True]),
    groups=StickinessGroups(
        names=["DE", "(not set)"],
        active=[6, 4],
        mean_daily_active=[2.0, 0.5],
        stickiness=[1 / 3, 0.125],
        consistent=[2, 1],
        overlaps=True,
        is_backfilled=False,
    ),
)
LIFECYCLE = LifecycleAnswer(PROOF, [DAY], [True], [1], [2], [3], [4], [5], [True])
RETENTION = RetentionAnswer(
    proof=PROOF,
    dates=[date(2026, 11, 9), date(2026, 11, 16)],
    cohort_is_partial=[False, True],
    sizes=[4, 0],
    returned=[[4, 1], [0, None]],
    rates=[[1.0, 0.25], [None, None]],
    is_partial=[[False, True], [True, False]],
    cohort_no_data=[True, False],
    no_data=[[True, False], [False, False]],
    mean_rates=[1.0, None],
    groups=RetentionGroups(["north"], [4], [[1.0, None]], is_backfilled=True),
)
MEASURE = PersonMeasure(3, 2, 50.0, None)
PERSON = PersonAnswer(
    proof=PROOF,
    compared=PROOF.window.previous(),
    user_id="u7",
    name="Ann",
    email=None,
    language="de",
    country=None,
    time_zone="Europe/Berlin",
    account_status="active",
    role=None,
    team=None,
    manager=None,
    licence=None,
    is_integration=False,
    attributes=PersonAttributes(["country", "name"], [None, "Ann"], [NOW_MS - 5, NOW_MS - 9]),
    state=LifecycleState.RESURRECTED,
    first_active=date(2024, 1, 2),
    last_seen_ms=NOW_MS - 1_000,
    last_login_ms=None,
    hits=MEASURE,
    attendance=MEASURE,
    working_day_attendance=WorkingDayAttendance(4, 5, 1, 0.8, is_default_calendar=True),
    logins=MEASURE,
    features_used=MEASURE,
    sessions=PersonMeasure(3, None, None, None),
    single_event_sessions=MEASURE,
    session_milliseconds=MEASURE,
    features=PersonFeatures(["Leads"], [3], 1),
    days=PersonDays([DAY], [True], [3], [1], [2], [5_000_000_000], [True]),
)


@pytest.fixture
def services() -> FakeServices:
    others = {
        StickinessRequest: STICKINESS,
        LifecycleRequest: LIFECYCLE,
        RetentionRequest: RETENTION,
        PersonRequest: PERSON,
    }
    return FakeServices(FakeViews(others=dict(others)))


def test_stickiness(services: FakeServices) -> None:
    query = """{ stickiness(
      preset: LAST_90_DAYS, filter: {team: ["north"]}, minActiveDays: 8, groupBy: COUNTRY
    ) {
      timeZone range { from to } activeUsers meanDailyActive stickiness consistentUsers
      byDay { dates dailyActive weeklyActive monthlyActive stickiness consistent noData }
      byMonth { dates isPartial monthlyActive meanDailyActive stickiness consistent noData }
      groups { names activeUsers meanDailyActive stickiness consistentUsers overlaps isBackfilled }
    } }"""
    assert ask(query, services).data["stickiness"] == {
        "timeZone": "Europe/Berlin",
        "range": {"from": "2026-10-23", "to": "2026-11-21"},
        "activeUsers": 10,
        "meanDailyActive": 2.5,
        "stickiness": 0.25,
        "consistentUsers": 3,
        "byDay": {
            "dates": ["2026-11-21"],
            "dailyActive": [2],
            "weeklyActive": [4],
            "monthlyActive": [10],
            "stickiness": [None],
            "consistent": [1],
            "noData": [True],
        },
        "byMonth": {
            "dates": ["2026-11-01"],
            "isPartial": [True],
            "monthlyActive": [9],
            "meanDailyActive": [None],
            "stickiness": [2 / 9],
            "consistent": [5],
            "noData": [True],
        },
        "groups": {
            "names": ["DE", "(not set)"],
            "activeUsers": [6, 4],
            "meanDailyActive": [2.0, 0.5],
            "stickiness": [1 / 3, 0.125],
            "consistentUsers": [2, 1],
            "overlaps": True,
            "isBackfilled": False,
        },
    }
    assert services.views.asked == [
        StickinessRequest(
            tenant="acme",
            preset=Preset.LAST_90_DAYS,
            people=PeopleFilter(team=("north",)),
            min_active_days=8,
            group_by=PeopleAttribute.COUNTRY,
        )
    ]


def test_lifecycle(services: FakeServices) -> None:
    query = """{ lifecycle(interval: DAY, includeToday: true) {
      range { to } series { dates isPartial new returning resurrected dormant becameDormant noData }
    } }"""
    assert ask(query, services).data["lifecycle"] == {
        "range": {"to": "2026-11-21"},
        "series": {
            "dates": ["2026-11-21"],
            "isPartial": [True],
            "new": [1],
            "returning": [2],
            "resurrected": [3],
            "dormant": [4],
            "becameDormant": [5],
            "noData": [True],
        },
    }
    assert services.views.asked == [
        LifecycleRequest(tenant="acme", interval=Interval.DAY, include_today=True)
    ]


def test_retention(services: FakeServices) -> None:
    query = """{ retention(weeks: 2, feature: {feature: "Leads"}, returning: USED, groupBy: TEAM) {
      cohorts cohortIsPartial sizes returned rates isPartialWeek meanRates range { from }
      cohortNoData noData
      groups { names sizes meanRates isBackfilled }
    } }"""
    assert ask(query, services).data["retention"] == {
        "cohorts": ["2026-11-09", "2026-11-16"],
        "cohortIsPartial": [False, True],
        "sizes": [4, 0],
        "returned": [[4, 1], [0, None]],
        "rates": [[1.0, 0.25], [None, None]],
        "isPartialWeek": [[False, True], [True, False]],
        "cohortNoData": [True, False],
        "noData": [[True, False], [False, False]],
        "meanRates": [1.0, None],
        "range": {"from": "2026-10-23"},
        "groups": {
            "names": ["north"],
            "sizes": [4],
            "meanRates": [[1.0, None]],
            "isBackfilled": True,
        },
    }
    assert services.views.asked == [
        RetentionRequest(
            tenant="acme",
            weeks=2,
            selection=FeatureSelection(feature="Leads"),
            returning=Returning.USED,
            group_by=PeopleAttribute.TEAM,
        )
    ]


PERSON_QUERY = """query ($id: ID!) { person(id: $id, comparison: CALENDAR_MONTH) {
  userId name email language country personTimeZone accountStatus role team manager licence
  isIntegration state firstActive lastSeen lastLogin range { from } comparedRange { from }
  attributes { names values since }
  workingDayAttendance { rate attendedWorkingDays workingDays attendedOtherDays isDefaultCalendar }
  hits { ...m } attendance { ...m } logins { ...m } featuresUsed { ...m } sessions { ...m }
  singleEventSessions { ...m } sessionMilliseconds { ...m }
  features { names hits totalCount }
  byDay { dates isActive hits logins sessions sessionMilliseconds noData }
} }
fragment m on PersonMeasure { value previous changePercent reason }
"""


def test_a_person(services: FakeServices) -> None:
    measure = {"value": 3, "previous": 2, "changePercent": 50.0, "reason": None}
    alone = {"value": 3, "previous": None, "changePercent": None, "reason": None}
    assert ask(PERSON_QUERY, services, {"id": "u7"}).data["person"] == {
        "userId": "u7",
        "name": "Ann",
        "email": None,
        "language": "de",
        "country": None,
        "personTimeZone": "Europe/Berlin",
        "accountStatus": "active",
        "role": None,
        "team": None,
        "manager": None,
        "licence": None,
        "isIntegration": False,
        "state": "RESURRECTED",
        "firstActive": "2024-01-02",
        "lastSeen": "2026-11-22T06:32:04.678Z",
        "lastLogin": None,
        "range": {"from": "2026-10-23"},
        "comparedRange": {"from": "2026-09-23"},
        "attributes": {
            "names": ["country", "name"],
            "values": [None, "Ann"],
            "since": ["2026-11-22T06:32:05.673Z", "2026-11-22T06:32:05.669Z"],
        },
        "hits": measure,
        "attendance": measure,
        "workingDayAttendance": {
            "rate": 0.8,
            "attendedWorkingDays": 4,
            "workingDays": 5,
            "attendedOtherDays": 1,
            "isDefaultCalendar": True,
        },
        "logins": measure,
        "featuresUsed": measure,
        "sessions": alone,
        "singleEventSessions": measure,
        "sessionMilliseconds": measure,
        "features": {"names": ["Leads"], "hits": [3], "totalCount": 1},
        "byDay": {
            "dates": ["2026-11-21"],
            "isActive": [True],
            "hits": [3],
            "logins": [1],
            "sessions": [2],
            "sessionMilliseconds": [5_000_000_000],
            "noData": [True],
        },
    }
    assert services.views.asked == [
        PersonRequest(tenant="acme", user_id="u7", comparison=Comparison.CALENDAR_MONTH)
    ]


@pytest.mark.parametrize(
    ("role", "subject", "may"),
    [
        ("admin", "u1", True),
        ("manager", "u1", True),
        ("rep", "u1", False),
        ("rep", "u7", True),
        ("rep", "U7", False),
    ],
)
def test_people_may_ask_about_themselves_and_others_must_be_managers(
    services: FakeServices,
    role: str,
    subject: str,
    may: bool,  # noqa: FBT001
) -> None:
    own = token(role=role, sub=subject)
    reply = ask(PERSON_QUERY, services, {"id": "u7"}, authorization=f"Bearer {own}")
    assert ("errors" not in reply.body) == may == bool(services.views.asked)
    assert may or reply.code == "FORBIDDEN"


def test_nobody_of_that_id_is_not_found(services: FakeServices) -> None:
    services.views.failure = NotFoundError("there is no such person")
    assert ask(PERSON_QUERY, services, {"id": "u8"}).code == "NOT_FOUND"


@pytest.mark.parametrize(
    "field", ["stickiness { asOf }", "lifecycle { asOf }", "retention { asOf }"]
)
def test_plain_numbers_are_for_everyone(services: FakeServices, field: str) -> None:
    assert ask(f"{{ {field} }}", services, authorization=f"Bearer {token(role='rep')}").data
