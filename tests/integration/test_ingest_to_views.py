"""From deliveries to Home, on both stores: ingest, dispatch, work, read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from moto import mock_aws

from functions.aggregate.tasks import sweep
from functions.aggregate.tenant_day import FoldOutcome
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import HomeAnswer
from shared.metrics.domain.views.people_answers import UserAnalyticsAnswer
from shared.metrics.domain.views.trends_answer import TrendsAnswer, TrendsMeasure
from shared.metrics.engine.requests import HomeRequest, TrendsRequest, UserAnalyticsRequest
from shared.metrics.services import Services
from shared.metrics.storage.dynamodb import DynamoStore
from shared.metrics.storage.ports import Store
from shared.metrics.storage.sqlite import SqliteStore
from tests.builders import DAY_MS, MINUTE_MS, event, instant_ms, login, logout, row_of, upserted
from tests.faults.published import figures_of, manifests_of, published_figures
from tests.faults.world import TENANT, Clock, World

ZONE = "Europe/Berlin"
TODAY = date(2026, 3, 30)
NOW_MS = instant_ms("2026-03-30 12:00", ZONE)
WINDOW = Window(TODAY - timedelta(days=2), TODAY)
"""Three days; the one in the middle has 23 hours."""

DIRECTORY = (
    upserted(NOW_MS - 40 * DAY_MS, "ann", name="Ann", email="ann@example.com"),
    upserted(NOW_MS - 40 * DAY_MS, "bob", country="DE"),
    upserted(NOW_MS - 40 * DAY_MS, "zoe"),
    upserted(NOW_MS - 40 * DAY_MS, "robot", is_integration="true"),
)
EVENTS = (
    login(instant_ms("2026-03-28 23:50", ZONE)),
    event(instant_ms("2026-03-29 00:05", ZONE)),
    event(instant_ms("2026-03-29 03:00", ZONE), "ann", "deals"),
    logout(instant_ms("2026-03-29 03:10", ZONE)),
    event(instant_ms("2026-03-29 23:59", ZONE), "bob", "naïve 👩‍💻 #|%"),
    event(instant_ms("2026-03-30 00:14", ZONE), "bob", "deals"),
    event(instant_ms("2026-03-30 11:00", ZONE), "robot"),
)
LATE = event(instant_ms("2026-03-28 23:40", ZONE), "cem")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture(params=["sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    if request.param == "sqlite":
        sqlite = SqliteStore(tmp_path / "metrics.db", clock=clock)
        yield sqlite
        sqlite.close()
        return
    with mock_aws():
        dynamodb = DynamoStore("events", "metrics", region="eu-west-1", clock=clock)
        dynamodb.create_tables()
        yield dynamodb


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    return World(store, clock, ZONE)


def home(process: Services) -> HomeAnswer:
    return process.views.ask(HomeRequest(tenant=TENANT, window=WINDOW))


def all_answers(process: Services) -> tuple[HomeAnswer, TrendsAnswer, UserAnalyticsAnswer]:
    return (
        home(process),
        process.views.ask(TrendsRequest(tenant=TENANT, window=WINDOW)),
        process.views.ask(UserAnalyticsRequest(tenant=TENANT, window=WINDOW)),
    )


def test_what_was_acknowledged_is_answered_at_once(world: World) -> None:
    world.send(*DIRECTORY, *EVENTS)
    world.send(*EVENTS[:3])
    reader = world.services()
    answer = home(reader)
    assert answer.total_hits.value == 4
    assert answer.features_used.value == 3
    assert (answer.attendance.measure.value, answer.attendance.org_days) == (4, 3)
    assert (answer.active_users.value, answer.inactive_users.value) == (2, 1)
    assert answer.attendance_by_day.active_users == [1, 2, 1]
    assert answer.attendance_by_day.logins == [1, 0, 0]
    assert [(top.rank, top.user_id, top.name, top.value) for top in answer.top_by_hits] == [
        (1, "ann", "Ann", 2),
        (1, "bob", None, 2),
    ]
    series = reader.views.ask(TrendsRequest(tenant=TENANT, window=WINDOW)).series
    assert series[TrendsMeasure.SESSIONS] == [1, 2, 0]
    assert series[TrendsMeasure.SESSION_MILLISECONDS] == [0, 25 * MINUTE_MS, 15 * MINUTE_MS]


def test_answers_are_the_same_before_and_after_days_are_folded(world: World) -> None:
    world.send(*DIRECTORY, *EVENTS)
    world.send(*EVENTS[:3])
    reader = world.services()
    live = all_answers(reader)
    assert world.fold() == [FoldOutcome.PUBLISHED] * 4
    assert all_answers(reader) == all_answers(world.services()) == live
    assert published_figures(world.data()) == figures_of((*DIRECTORY, *EVENTS), ZONE)
    assert sum(manifest.duplicates for manifest in manifests_of(world.data()).values()) == 3


def test_a_late_event_is_answered_at_once_and_folded_into_its_day(world: World) -> None:
    """Case 11."""
    world.send(*EVENTS)
    world.fold()
    reader = world.services()
    hits = home(reader).total_hits.value
    world.send(LATE)
    answers = all_answers(reader)
    assert answers[0].total_hits.value == hits + 1
    assert world.fold() == [FoldOutcome.PUBLISHED]
    assert all_answers(reader) == all_answers(world.services()) == answers
    assert published_figures(world.data()) == figures_of((*EVENTS, LATE), ZONE)


def test_bad_rows_are_kept_apart_from_good_ones(world: World) -> None:
    bad = {**row_of(EVENTS[0]), "occurred_at": "2026-03-28T23:50:00"}
    response = world.ingest().respond(world.request([bad, row_of(EVENTS[1])]))
    assert response.status == 200
    world.fold()
    assert published_figures(world.data()) == figures_of(EVENTS[1:2], ZONE)
    assert [kept.reason for kept in world.quarantine()] == ["ambiguous_time"]


def test_an_hour_later_only_what_is_published_is_left(world: World, clock: Clock) -> None:
    world.send(*EVENTS)
    world.fold()
    world.send(LATE)
    world.fold()
    before = home(world.services())
    assert len(list(world.data().blocks.attempts())) == 4
    clock.now_ms += 61 * MINUTE_MS
    sweep(world.services())
    assert world.fold() == []
    units = [unit for _, unit in world.data().blocks.attempts()]
    assert sorted(units) == ["2026-03-28", "2026-03-29", "2026-03-30"]
    assert replace(home(world.services()), proof=before.proof) == before


def test_ids_of_any_kind_come_back_byte_for_byte(world: World) -> None:
    names = ["#", "|", "a#b", "a%23b", "👩‍💻", "e\u0301", "\u00e9", " ", "\x00", "x" * 1_024, "''"]
    world.send(*(event(NOW_MS, name, name) for name in names))
    for _ in range(2):
        people = all_answers(world.services())[2].people
        assert [person.user_id for person in people] == sorted(names)
        assert {person.hits for person in people} == {1}
        world.fold()
    assert {feature for _, feature, _ in published_figures(world.data()).hits} == set(names)


def test_two_tenants_with_the_same_people_are_apart(world: World) -> None:
    world.add_tenant("acme#1", "src2", ZONE)
    world.send(EVENTS[0], EVENTS[1])
    world.send(EVENTS[1], source_id="src2")
    for _ in range(2):
        process = world.services()
        assert home(process).total_hits.value == 1
        other = process.views.ask(HomeRequest(tenant="acme#1", window=WINDOW))
        assert (other.total_hits.value, other.attendance.measure.value) == (1, 1)
        world.fold()
