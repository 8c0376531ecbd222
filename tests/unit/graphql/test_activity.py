"""The root field `activity`: what it asks its view for, and what it answers."""

from datetime import date
from typing import Any

import pytest

from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.activity import (
    ActivePerson,
    ActivityAnswer,
    ActivityPeopleAnswer,
    ModuleOrder,
    Modules,
    Note,
    NoteEffect,
    Timeline,
)
from shared.metrics.domain.views.figures import Figures
from shared.metrics.engine.activity import ActivityRequest
from shared.metrics.engine.activity_people import ActivityPeopleRequest
from tests.unit.graphql.fakes import HOME, NOW_MS, PROOF, FakeServices, FakeViews, ask, token

TO = date(2026, 11, 21)
ACTIVITY = ActivityAnswer(
    proof=PROOF,
    compared=Window(HOME.compared_first, HOME.compared_last),
    figures=Figures(
        HOME.total_hits,
        HOME.features_used,
        HOME.attendance,
        HOME.active_users,
        HOME.inactive_users,
    ),
    modules=Modules(["Leads", "Deals"], [5_000_000_000, 0]),
    timeline=Timeline([TO], [7], [3.5], [1], [6], [True], [False], [Window(TO, TO)]),
    notes=[NoteEffect(Note("n1", TO, "Release", None), 2.0, None)],
)
PEOPLE = ActivityPeopleAnswer(
    proof=PROOF,
    people=[
        ActivePerson("u1", "Ada", None, 7, 3, NOW_MS),
        ActivePerson("u2", None, None, 0, 0, None),
    ],
    people_before=0,
    size=3,
)


@pytest.fixture
def services() -> FakeServices:
    return FakeServices(
        views=FakeViews(others={ActivityRequest: ACTIVITY, ActivityPeopleRequest: PEOPLE})
    )


def activity(services: FakeServices, fields: str, arguments: str = "") -> dict[str, Any]:
    found = ask(f"{{ activity{arguments} {{ {fields} }} }}", services).data["activity"]
    assert isinstance(found, dict)
    return found


def test_it_asks_for_what_was_asked(services: FakeServices) -> None:
    activity(
        services,
        "asOf",
        "(preset: LAST_7_DAYS, comparison: CALENDAR_MONTH, moduleOrder: NAME, "
        'selection: {feature: "Leads", property: "Views"})',
    )
    (request,) = services.views.asked
    assert isinstance(request, ActivityRequest)
    assert request.comparison is Comparison.CALENDAR_MONTH
    assert request.module_order is ModuleOrder.NAME
    assert request.selection == FeatureSelection(feature="Leads", property="Views")


def test_it_answers_every_series(services: FakeServices) -> None:
    found = activity(
        services,
        "totalHits { value } inactiveUsers { value } modules { names hits } timeline { dates hits "
        "expected low high isSpike noData quietFrom quietTo } annotations { ids days texts "
        "categories meanBefore meanAfter }",
    )
    assert found == {
        "totalHits": {"value": 5_000_000_000},
        "inactiveUsers": {"value": 0},
        "modules": {"names": ["Leads", "Deals"], "hits": [5_000_000_000, 0]},
        "timeline": {
            "dates": ["2026-11-21"],
            "hits": [7],
            "expected": [3.5],
            "low": [1],
            "high": [6],
            "isSpike": [True],
            "noData": [False],
            "quietFrom": ["2026-11-21"],
            "quietTo": ["2026-11-21"],
        },
        "annotations": {
            "ids": ["n1"],
            "days": ["2026-11-21"],
            "texts": ["Release"],
            "categories": [None],
            "meanBefore": [2.0],
            "meanAfter": [None],
        },
    }


def test_people_are_pages_that_go_on(services: FakeServices) -> None:
    fields = "{ totalCount pageInfo { hasNextPage endCursor } nodes { userId lastSeen hits } }"
    people = activity(services, f'activePeople(search: "a", first: 2) {fields}')["activePeople"]
    assert people["totalCount"] == 3
    assert people["pageInfo"]["hasNextPage"]
    assert [node["lastSeen"] is None for node in people["nodes"]] == [False, True]
    cursor = people["pageInfo"]["endCursor"]
    activity(services, f'activePeople(search: "a", first: 2, after: "{cursor}") {fields}')
    request = services.views.asked[-1]
    assert isinstance(request, ActivityPeopleRequest)
    assert (request.after, request.search, request.is_active) == ("u2", "a", True)


def test_a_cursor_of_another_search_is_refused(services: FakeServices) -> None:
    query = (
        "{{ activity {{ activePeople(search: {} first: 1{}) {{ pageInfo {{ endCursor }} }} }} }}"
    )
    first = ask(query.format('"a"', ""), services).data["activity"]["activePeople"]
    after = f', after: "{first["pageInfo"]["endCursor"]}"'
    assert ask(query.format('"b"', after), services).code == "BAD_USER_INPUT"


def test_who_has_not_used_something_since_a_day(services: FakeServices) -> None:
    activity(
        services,
        'peopleWithoutHit(since: "2026-11-20", of: {feature: "Leads"}) { totalCount } '
        "inactivePeople { totalCount }",
    )
    without, inactive = services.views.asked[1:]
    assert isinstance(without, ActivityPeopleRequest)
    assert isinstance(inactive, ActivityPeopleRequest)
    assert without.without_since == date(2026, 11, 20)
    assert without.used == FeatureSelection(feature="Leads")
    assert not inactive.is_active


@pytest.mark.parametrize(
    "field",
    ["activePeople", "inactivePeople", 'peopleWithoutHit(since: "2026-11-20")'],
)
def test_a_rep_sees_no_lists_of_people(services: FakeServices, field: str) -> None:
    reply = ask(
        f"{{ activity {{ {field} {{ totalCount }} }} }}",
        services,
        authorization=f"Bearer {token(role='rep')}",
    )
    assert reply.code == "FORBIDDEN"
