"""When people work, by their own clocks: random worlds, and the edges of clocks by name."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.events import USER_UPSERTED, Event
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.heat_map_answer import HeatMapAnswer
from shared.metrics.engine.heat_map_request import HeatMapRequest
from shared.metrics.engine.requests import EVERYONE, AttributeValues, PeopleFilter
from tests.builders import canonical_json, event, login, upserted
from tests.oracles.history import is_directory
from tests.unit.engine.hub_strategies import used_worlds
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.strategies import World, people_filters
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder, today

ZONES = (
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Mars/Olympus Mons",
    "Europe",
    "../UTC",
    "",
)
MONDAY = date(2026, 3, 9)
THAT_WEEK = Window(MONDAY, MONDAY + timedelta(days=6))
ALL_HOURS = 168


@st.composite
def zoned_worlds(draw: st.DrawFn) -> World:
    """A world whose people have all kinds of time zones."""
    world = draw(used_worlds())

    def with_zone(event: Event) -> Event:
        stated = json.loads(event.context) if event.context else {}
        if not is_directory(event) or event.action != USER_UPSERTED or "time_zone" not in stated:
            return event
        stated["time_zone"] = draw(st.sampled_from(ZONES))
        return event._replace(context=canonical_json(stated))

    deliveries = [[with_zone(event) for event in delivery] for delivery in world.deliveries]
    return World(world.place, world.now_ms, deliveries)


@in_one_folder
@given(st.data(), zoned_worlds(), st.integers(0, 6))
def test_heat_maps_are_what_the_definitions_say(
    tmp_path: Path, data: st.DataObject, world: World, first_weekday: int
) -> None:
    place = world.place
    with stack(tmp_path, zone=place.zone, now=world.now_ms, first_weekday=first_weekday) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        last = min(place.day + timedelta(days=data.draw(st.integers(-3, 4))), today(world))
        window = Window(last - timedelta(days=data.draw(st.integers(0, 5))), last)
        request = HeatMapRequest(
            tenant=TENANT,
            window=data.draw(st.none() | st.just(window)),
            people=data.draw(st.just(PeopleFilter()) | people_filters()),
            include_today=data.draw(st.booleans()),
        )
        one.check(request)
        if one.dirty():
            fold_some(data, one)
            one.check(request)
        one.fold()
        one.check(request)


def heat_map(
    stack: Stack, window: Window = THAT_WEEK, people: PeopleFilter = EVERYONE
) -> HeatMapAnswer:
    """The heat map, after it was compared with the definitions."""
    request = HeatMapRequest(tenant=TENANT, window=window, people=people)
    stack.check(request)
    return stack.ask(request)


def hours(hits: list[int]) -> dict[int, int]:
    """The hours that have any hits."""
    assert len(hits) == ALL_HOURS
    return {hour: count for hour, count in enumerate(hits) if count}


def test_monday_midnight_comes_first_and_every_hour_of_the_week_is_there(utc: Stack) -> None:
    utc.send(event("2026-03-09 00:00"), event("2026-03-10 13:59:59.999"), event("2026-03-15 23:59"))
    assert hours(heat_map(utc).hits) == {0: 1, 24 + 13: 1, 167: 1}


def test_the_week_begins_on_the_tenants_first_weekday(tmp_path: Path) -> None:
    with stack(tmp_path, first_weekday=6) as sunday:
        sunday.send(event("2026-03-15 00:00"), event("2026-03-09 01:00"))
        answer = heat_map(sunday)
        assert answer.first_weekday == 6
        assert hours(answer.hits) == {0: 1, 24 + 1: 1}


def test_hours_are_those_of_each_persons_own_clock(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", "ann", time_zone="Asia/Tokyo"),
        upserted("2026-01-01 00:00", "bob", time_zone="America/New_York"),
        upserted("2026-01-01 00:00", "cyd", time_zone="Asia/Kathmandu"),
        *(event("2026-03-09 02:20", user_id) for user_id in ("ann", "bob", "cyd")),
    )
    answer = heat_map(utc)
    assert hours(answer.hits) == {11: 1, 6 * 24 + 22: 1, 8: 1}
    assert answer.zones.names == ["America/New_York", "Asia/Kathmandu", "Asia/Tokyo"]
    assert answer.zones.peaks == [[6 * 24 + 22], [8], [11]]


def test_a_person_is_counted_once_in_an_hour_and_hits_all(utc: Stack) -> None:
    for day in ("2026-03-09", "2026-03-16"):
        utc.send(event(f"{day} 09:10"), event(f"{day} 09:50"), event(f"{day} 09:10", "bob"))
    answer = heat_map(utc, Window(MONDAY, MONDAY + timedelta(days=7)))
    assert hours(answer.hits) == {9: 6}
    assert hours(answer.people) == {9: 2}
    assert answer.peaks == [9]
    assert answer.total_people == 2


def test_logins_are_no_hits(utc: Stack) -> None:
    utc.send(login("2026-03-09 09:00"))
    answer = heat_map(utc)
    assert (answer.peaks, answer.zones.names, answer.total_people) == ([], [], 0)


def test_people_without_a_zone_and_with_one_that_is_none_are_in_the_tenants(
    tmp_path: Path,
) -> None:
    with stack(tmp_path, zone="Asia/Tokyo") as tokyo:
        tokyo.send(
            upserted("2026-01-01 00:00", "bob", time_zone="Mars/Olympus Mons"),
            upserted("2026-01-01 00:00", "cyd", time_zone="Asia/Tokyo"),
            *(event("2026-03-09 00:30", user_id) for user_id in ("ann", "bob", "cyd")),
        )
        answer = heat_map(tokyo)
    assert hours(answer.hits) == {9: 3}
    assert answer.zones.names == ["Asia/Tokyo"]
    assert (answer.without_zone, answer.unknown_zones) == (1, 1)
    assert answer.unknown_names == ["Mars/Olympus Mons"]


@pytest.mark.parametrize(
    ("at", "hour"),
    [
        ("2026-03-29 00:59", 6 * 24 + 1),
        ("2026-03-29 01:00", 6 * 24 + 3),
        ("2026-10-25 00:30", 6 * 24 + 2),
        ("2026-10-25 01:30", 6 * 24 + 2),
        ("2026-10-25 02:00", 6 * 24 + 3),
    ],
)
def test_clocks_that_are_changed_show_what_they_show(tmp_path: Path, at: str, hour: int) -> None:
    """In spring no clock shows a quarter past two, in autumn it does twice."""
    with stack(tmp_path, now="2026-11-20 12:00") as one:
        one.send(upserted("2026-01-01 00:00", time_zone="Europe/Berlin"), event(at))
        day = date.fromisoformat(at[:10])
        assert hours(heat_map(one, Window(day, day)).hits) == {hour: 1}


def test_a_day_of_the_tenant_has_hours_of_two_days_elsewhere(utc: Stack) -> None:
    """The zone is that of the tenant's day, even where it is tomorrow already."""
    utc.send(
        upserted("2026-01-01 00:00", time_zone="Pacific/Auckland"),
        upserted("2026-03-10 12:00", time_zone="UTC"),
        event("2026-03-09 23:30"),
        event("2026-03-10 00:30"),
    )
    answer = heat_map(utc)
    assert hours(answer.hits) == {24 + 12: 1, 24: 1}
    assert answer.zones.people == [1, 1]
    assert (answer.total_people, answer.overlaps) == (1, True)
    current = PeopleFilter(attribute_values=AttributeValues.CURRENT)
    answer = heat_map(utc, people=current)
    assert hours(answer.hits) == {23: 1, 24: 1}
    assert not answer.overlaps


def test_a_zone_that_was_known_only_later_is_said(utc: Stack) -> None:
    utc.send(event("2026-03-09 09:00"), upserted("2026-03-10 00:00", time_zone="Asia/Tokyo"))
    answer = heat_map(utc)
    assert answer.is_backfilled
    assert hours(answer.hits) == {18: 1}


def test_the_zones_beyond_the_fiftieth_are_one(utc: Stack) -> None:
    names = [f"Etc/GMT{hours:+d}" for hours in range(-14, 13) if hours]
    names += ["Asia/Tokyo", "Asia/Seoul", "Asia/Manila", "Asia/Macau", "Asia/Kolkata", "Asia/Dubai"]
    names += [f"Europe/{city}" for city in ("Berlin", "Paris", "Rome", "Vienna", "Zurich", "Oslo")]
    names += [f"Africa/{city}" for city in ("Accra", "Cairo", "Dakar", "Lagos", "Tunis", "Tripoli")]
    names += [f"America/{city}" for city in ("Lima", "Bogota", "Denver", "Chicago", "Panama")]
    names += [f"Australia/{city}" for city in ("Perth", "Sydney", "Hobart")]
    utc.send(*(upserted("2026-01-01 00:00", name, time_zone=name) for name in names))
    utc.send(*(event("2026-03-09 09:00", name) for name in names))
    zones = heat_map(utc).zones
    assert len(names) == 52
    assert zones.has_others
    assert zones.names == [*sorted(names)[:50], "(other groups)"]
    assert zones.people[-1] == 2


def test_a_range_of_more_than_a_year_is_refused(utc: Stack) -> None:
    window = Window(date(2025, 3, 8), date(2026, 3, 9))
    with pytest.raises(BadInputError, match="at most 366"):
        utc.ask(HeatMapRequest(tenant=TENANT, window=window))
