"""Worlds with few units, few kinds of hits and few instants: hits are often at one time, or exactly
a window apart.
"""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.engine.requests import EVERYONE
from tests.builders import DAY_MS, HOUR_MS, event
from tests.oracles.local_days import day_start_ms
from tests.unit.domain.strategies import instants_near, places
from tests.unit.engine.funnel_strategies import funnel_members_requests, funnel_requests
from tests.unit.engine.stack import AnyRequest
from tests.unit.engine.strategies import World, directory_events, people_filters

PEOPLE = ("ann", "bob", "cyd")
PATHS = (("Leads", ""), ("Leads", "Views"), ("Deals", ""), ("Deals", "Views"), ("Cases", ""))


@st.composite
def funnel_worlds(draw: st.DrawFn) -> World:
    """Some hits and a few changes of the directory around an unusual day."""
    place = draw(places)
    start_ms = day_start_ms(place.zone, place.day)
    now_ms = start_ms + draw(st.sampled_from([2 * DAY_MS + HOUR_MS, 40 * DAY_MS]))
    instants = draw(
        st.lists(
            st.integers(start_ms - DAY_MS, start_ms + 2 * DAY_MS) | instants_near(place),
            min_size=1,
            max_size=3,
        )
    )
    later = [at_ms + gap_ms for at_ms in instants for gap_ms in (1, HOUR_MS, DAY_MS)]
    times = st.sampled_from([at_ms for at_ms in [*instants, *later] if at_ms <= now_ms] or [now_ms])
    events = draw(st.lists(hits(times), min_size=1, max_size=14))
    events += draw(st.lists(directory_events(times), max_size=4))
    events = draw(st.permutations(events))
    cut = draw(st.integers(0, len(events)))
    parts = [part for part in (events[:cut], events[cut:]) if part]
    return World(place, now_ms, parts)


@st.composite
def hits(draw: st.DrawFn, times: st.SearchStrategy[int]) -> Event:
    """A hit of one of a few paths, sometimes another one like it at the same time."""
    feature, prop = draw(st.sampled_from(PATHS))
    return event(
        draw(times),
        draw(st.sampled_from(PEOPLE)),
        feature,
        property=prop,
        record_id=draw(st.sampled_from(["r1", "r1", "r2", "Ö#%", ""])),
        account_id=draw(st.sampled_from(["", "acme", "r1"])),
        context=draw(st.sampled_from(["", '{"a":"1"}'])),
    )


@st.composite
def funnels_of(draw: st.DrawFn, world: World, today: date) -> list[AnyRequest]:
    """A few questions about days around the place."""
    last = min(world.place.day + timedelta(days=draw(st.integers(-1, 2))), today)
    window = Window(last - timedelta(days=draw(st.integers(0, 2))), last)
    people = draw(st.just(EVERYONE) | people_filters())
    asked: list[Callable[..., st.SearchStrategy[AnyRequest]]]
    asked = [funnel_requests, funnel_members_requests]
    return [
        draw(
            draw(st.sampled_from(asked))(
                draw(st.sampled_from([window, window, None])),
                people,
                people_filters(),
                include_today=draw(st.booleans()),
            )
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
