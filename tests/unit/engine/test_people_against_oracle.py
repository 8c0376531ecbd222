"""Conditions, stickiness, lifecycle, retention and single people of random tenants over weeks equal
the definitions, folded or not.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.metrics.domain.errors import NotFoundError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.views.people_answers import PersonMetrics
from shared.metrics.engine.engagement_requests import PersonRequest
from shared.metrics.engine.requests import PeopleFilter
from tests.builders import DAY_MS, HOUR_MS, MINUTE_MS, event, heartbeat, login, logout
from tests.oracles import person as oracle
from tests.oracles.local_days import day_of, day_start_ms
from tests.unit.domain.strategies import USERS, Place, places
from tests.unit.engine.engagement_strategies import engagement_requests, user_analytics_requests
from tests.unit.engine.stack import TENANT, AnyRequest, Stack, stack
from tests.unit.engine.strategies import directory_events, people_filters

# The folder is shared by the examples of a test, but each has a folder of its own in it.
in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

DAYS = 75
"""So that people come back after thirty days and go quiet again."""


@dataclass(frozen=True)
class Weeks:
    """Some weeks of a small tenant: what happened, and when it is asked about."""

    place: Place
    now_ms: int
    events: list[Event]

    @property
    def today(self) -> date:
        return day_of(self.place.zone, self.now_ms)


@st.composite
def weeks(draw: st.DrawFn) -> Weeks:
    """Few people, here and there active for a day or two, around something unusual."""
    place = draw(places)
    start_ms = day_start_ms(place.zone, place.day) - 40 * DAY_MS
    now_ms = start_ms + DAYS * DAY_MS + draw(st.sampled_from([0, 1, 9 * HOUR_MS, 20 * HOUR_MS]))
    days = st.sampled_from([0, 1, 5, 30, 31, 32, 39, 40, 41, 42, 61, 62, 70, 72, 73, 74, DAYS])
    times = st.builds(
        lambda day, offset: min(start_ms + day * DAY_MS + offset, now_ms),
        days,
        st.sampled_from([0, 1, MINUTE_MS, 9 * HOUR_MS, 12 * HOUR_MS, DAY_MS - 1]),
    )
    found: list[Event] = []
    for at_ms in draw(st.lists(times, max_size=14)):
        found += draw(visits(min(at_ms, now_ms)))
    found += draw(st.lists(directory_events(times), max_size=5))
    found = [each for each in found if each.occurred_at_ms <= now_ms]
    return Weeks(place, now_ms, draw(st.permutations(found)))


@st.composite
def visits(draw: st.DrawFn, at_ms: int) -> list[Event]:
    """What someone does within some minutes."""
    user_id = draw(st.sampled_from(USERS))
    feature = draw(st.sampled_from(["Leads", "Deals", "Cases"]))
    property_ = draw(st.sampled_from(["", "Views"]))
    gap = draw(st.sampled_from([MINUTE_MS, 15 * MINUTE_MS, 16 * MINUTE_MS]))
    kinds = draw(st.lists(st.sampled_from("hhlbo"), min_size=1, max_size=4))
    made = {
        "h": lambda at: event(at, user_id, feature, property=property_),
        "l": lambda at: login(at, user_id),
        "b": lambda at: heartbeat(at, user_id),
        "o": lambda at: logout(at, user_id),
    }
    return [made[kind](at_ms + number * gap) for number, kind in enumerate(kinds)]


@st.composite
def questions(draw: st.DrawFn, world: Weeks) -> AnyRequest:
    """About any of it."""
    window = None
    if draw(st.integers(0, 2)):
        last = world.today - timedelta(days=draw(st.sampled_from([0, 1, 2, 4, 12, 33])))
        window = Window(last - timedelta(days=draw(st.sampled_from([0, 1, 6, 13, 30, 45]))), last)
    people = draw(st.just(PeopleFilter()) | people_filters())
    include_today = draw(st.booleans())
    one_person = st.builds(
        PersonRequest,
        tenant=st.just(TENANT),
        window=st.just(window),
        include_today=st.just(include_today),
        comparison=st.sampled_from(Comparison),
        user_id=st.sampled_from([*USERS, "zoe", "nobody"]),
    )
    return draw(
        st.one_of(
            user_analytics_requests(TENANT, window, people, include_today=include_today),
            user_analytics_requests(TENANT, window, people, include_today=include_today),
            engagement_requests(TENANT, window, people, include_today=include_today),
            one_person,
        )
    )


@in_one_folder
@given(st.data(), weeks())
def test_answers_are_right_whatever_is_folded(
    tmp_path: Path, data: st.DataObject, world: Weeks
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        half = len(world.events) // 2
        requests = data.draw(st.lists(questions(world), min_size=1, max_size=4))
        for part in (world.events[:half], world.events[half:]):
            if part:
                one.send(*part)
            check(one, requests)
            one.fold(data.draw(st.lists(st.sampled_from(one.dirty()), unique=True)) if part else [])
            check(one, requests)
        one.fold()
        one.sweep()
        check(one.restarted(), requests)


def check(one: Stack, requests: list[AnyRequest]) -> None:
    for request in requests:
        if isinstance(request, PersonRequest) and not oracle.is_known(one.history, request.user_id):
            with pytest.raises(NotFoundError):
                one.ask(request)
        else:
            one.check(request)


@in_one_folder
@given(st.data(), weeks())
def test_pages_together_are_the_whole_list(
    tmp_path: Path, data: st.DataObject, world: Weeks
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        if world.events:
            one.send(*world.events)
        request = data.draw(
            user_analytics_requests(TENANT, None, PeopleFilter(), include_today=False)
        )
        whole = one.ask(replace(request, first=None, after=None))
        size = data.draw(st.integers(1, 3))
        after, seen = None, list[PersonMetrics]()
        while True:
            page = one.ask(replace(request, first=size, after=after))
            assert page.people_before == len(seen)
            seen += page.people
            if not page.people:
                break
            after = page.positions[-1]
        assert seen == whole.people
