"""What is asked of Trends: any measures, of all or a selection, of groups, compared or not; and
worlds whose hits are of many paths and records, or in long sessions.
"""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from shared.metrics.domain.events import HEARTBEAT, LOGIN, LOGOUT, Event
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import ALL_MODULES, EVERYTHING, FeatureSelection
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.requests import (
    Interval,
    PeopleAttribute,
    PeopleFilter,
    TrendsRequest,
)
from tests.builders import DAY_MS, HOUR_MS, event
from tests.oracles.history import is_directory
from tests.oracles.local_days import day_start_ms
from tests.unit.domain.strategies import USERS, places
from tests.unit.engine.hub_strategies import PATHS, SELECTIONS, used_worlds
from tests.unit.engine.stack import TENANT
from tests.unit.engine.strategies import World, directory_events, people_filters


@st.composite
def recorded_worlds(draw: st.DrawFn) -> World:
    """A world in which hits are of a few records."""
    world = draw(used_worlds())
    record = st.sampled_from(["", "r1", "r1", "r2", "Ö#3"])

    def with_record(event: Event) -> Event:
        return event if is_directory(event) else event._replace(record_id=draw(record))

    deliveries = [[with_record(event) for event in delivery] for delivery in world.deliveries]
    return replace(world, deliveries=deliveries)


@st.composite
def long_sessions(draw: st.DrawFn) -> World:
    """Two people who do something every few hours, some of it hits: where the timeout is long,
    their sessions go on over midnights, and over whole days.
    """
    place = draw(places)
    start_ms = day_start_ms(place.zone, place.day)
    now_ms = start_ms + draw(st.sampled_from([33, 57, 57, 72, 960])) * HOUR_MS
    changes = st.integers(start_ms - 3 * DAY_MS, start_ms + DAY_MS)
    found = draw(st.lists(directory_events(changes), max_size=4))
    gaps = st.sampled_from([1, 5, 8, 11, 12, 12, 13])
    kinds = [*["hit"] * 3, *[HEARTBEAT] * 5, LOGIN, LOGOUT]
    for user_id in USERS[:2]:
        at_ms = start_ms - draw(st.integers(0, 72)) * HOUR_MS
        for gap in draw(st.lists(gaps, min_size=4, max_size=16)):
            at_ms += gap * HOUR_MS + draw(st.sampled_from([-1, 0, 0, 0, 1]))
            kind = draw(st.sampled_from(kinds))
            path = draw(st.sampled_from(PATHS)) if kind == "hit" else ("", "", "", kind)
            feature, property_, attribute, action = path
            found.append(
                event(
                    min(at_ms, now_ms),
                    user_id,
                    feature,
                    property=property_,
                    attribute=attribute,
                    action=action,
                    record_id=draw(st.sampled_from(["", "r1", "r2"])) if feature else "",
                    name=len(found),
                )
            )
    return World(place, now_ms, [found[at : at + 20] for at in range(0, len(found), 20)])


@st.composite
def trends_requests(draw: st.DrawFn, world: World, today: date) -> TrendsRequest:
    """Trends over the default days, or over some days around the place or up to today."""
    around = world.place.day + timedelta(days=draw(st.integers(-2, 3)))
    last = min(draw(st.sampled_from([around, around, today])), today)
    window = Window(last - timedelta(days=draw(st.sampled_from([0, 0, 1, 1, 2, 6, 12]))), last)
    every = st.just(frozenset(TrendsMeasure))
    return draw(
        st.builds(
            TrendsRequest,
            tenant=st.just(TENANT),
            window=st.just(window) | st.just(window) | st.none(),
            interval=st.sampled_from(Interval),
            people=st.just(PeopleFilter()) | people_filters(),
            include_today=st.booleans(),
            selection=st.sampled_from([*SELECTIONS, FeatureSelection(feature="Leads")]),
            measures=every | every | st.frozensets(st.sampled_from(TrendsMeasure)),
            group_by=st.none() | st.sampled_from([*PeopleAttribute, *Part]),
            comparison=st.none() | st.sampled_from(Comparison),
            totals=st.booleans(),
        )
    )


@st.composite
def session_requests(draw: st.DrawFn, world: World, today: date) -> TrendsRequest:
    """Sessions that contain something, over a day or two near the place, or up to today."""
    around = world.place.day + timedelta(days=draw(st.integers(-2, 2)))
    last = min(draw(st.sampled_from([around, around, today])), today)
    return draw(
        st.builds(
            TrendsRequest,
            tenant=st.just(TENANT),
            window=st.just(Window(last - timedelta(days=draw(st.integers(0, 1))), last)),
            people=st.just(PeopleFilter()) | people_filters(),
            selection=st.sampled_from([EVERYTHING, FeatureSelection(feature=ALL_MODULES)]),
            measures=st.just(frozenset({TrendsMeasure.SESSIONS, TrendsMeasure.RECORDS})),
            group_by=st.sampled_from([None, Part.FEATURE, Part.CATEGORY, PeopleAttribute.COUNTRY]),
            comparison=st.sampled_from([None, Comparison.PREVIOUS_PERIOD]),
        )
    )
