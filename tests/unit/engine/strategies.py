"""Random tenants: what they send, how it is split into deliveries, and what is asked of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.engine.requests import (
    AttributeValues,
    HomeRequest,
    Interval,
    PeopleFilter,
    TrendsRequest,
)
from tests.builders import DAY_MS, HOUR_MS, MINUTE_MS, deactivated, event, heartbeat, upserted
from tests.oracles.local_days import day_start_ms
from tests.oracles.sessions import FIFTEEN_MINUTES_MS
from tests.unit.domain.strategies import USERS, Place, event_lists, instants_near, places
from tests.unit.engine.engagement_strategies import engagement_requests, user_analytics_requests
from tests.unit.engine.funnel_strategies import funnel_requests
from tests.unit.engine.stack import TENANT, AnyRequest

COUNTRIES = ("DE", "AT", "(not set)")
STATUSES = ("active", "inactive")


@dataclass(frozen=True)
class World:
    """A tenant near a place: the deliveries it gets, and the instant at which it is asked."""

    place: Place
    now_ms: int
    deliveries: list[list[Event]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A few days around something unusual, asked about during or after them."""
    place = draw(places)
    start_ms = day_start_ms(place.zone, place.day)
    now_ms = start_ms + draw(
        st.sampled_from([2 * DAY_MS + 9 * HOUR_MS, 3 * DAY_MS + 30 * MINUTE_MS, 40 * DAY_MS])
        | st.integers(2 * DAY_MS, 4 * DAY_MS)
    )
    times = st.one_of(
        instants_near(place), st.integers(start_ms - 5 * DAY_MS, start_ms + 3 * DAY_MS)
    ).map(lambda at_ms: min(at_ms, now_ms))
    events = draw(event_lists(times))
    events += draw(st.lists(directory_events(times), max_size=6))
    if draw(st.booleans()):
        events += draw(window_left_open(place, now_ms))
    events = draw(st.permutations(events))
    cuts = sorted(draw(st.lists(st.integers(0, len(events)), max_size=4)))
    parts = zip([0, *cuts], [*cuts, len(events)], strict=True)
    return World(place, now_ms, [events[start:end] for start, end in parts if start < end])


@st.composite
def directory_events(draw: st.DrawFn, times: st.SearchStrategy[int]) -> Event:
    """What a directory states of someone, who may never have done anything."""
    at_ms, user_id = draw(times), draw(st.sampled_from([*USERS, "zoe"]))
    if draw(st.integers(0, 4)) == 0:
        return deactivated(at_ms, user_id)
    stated = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "country": st.sampled_from(["DE", "AT", ""]),
                "language": st.sampled_from(["de", "en"]),
                "time_zone": st.sampled_from(["Europe/Berlin", "UTC"]),
                "account_status": st.sampled_from(["active", "Active", "inactive"]),
                "role": st.sampled_from(["admin", "rep"]),
                "team": st.sampled_from(["north", ""]),
                "is_integration": st.sampled_from(["true", "false"]),
                "name": st.sampled_from(["Ann", "Öde 😀"]),
                "email": st.just("a@example.org"),
            },
        )
    )
    return upserted(at_ms, user_id, **stated)


@st.composite
def window_left_open(draw: st.DrawFn, place: Place, now_ms: int) -> list[Event]:
    """One click, then heartbeats over midnights; sometimes the click is of someone else."""
    at_ms = draw(instants_near(place, days=0))
    user_id = draw(st.sampled_from(USERS))
    beats = draw(st.integers(1, 220))
    found = [event(at_ms, user_id)]
    found += [heartbeat(at_ms + beat * FIFTEEN_MINUTES_MS, user_id) for beat in range(1, beats)]
    return [each for each in found if each.occurred_at_ms <= now_ms]


@st.composite
def people_filters(draw: st.DrawFn) -> PeopleFilter:
    """Any of the fields, or none; the value on the day, or the current one."""

    def some(*values: str) -> tuple[str, ...] | None:
        if not draw(st.booleans()):
            return None
        return tuple(draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)))

    return PeopleFilter(
        country=some(*COUNTRIES),
        language=some("de", "en", "(not set)") if draw(st.booleans()) else None,
        time_zone=some("UTC", "(not set)") if draw(st.booleans()) else None,
        account_status=some(*STATUSES, "(not set)") if draw(st.booleans()) else None,
        role=some("rep", "(not set)") if draw(st.booleans()) else None,
        team=some("north", "(not set)") if draw(st.booleans()) else None,
        attribute_values=draw(st.sampled_from(AttributeValues)),
    )


@st.composite
def requests_about(draw: st.DrawFn, world: World, today: date) -> AnyRequest:
    """Any view, over the default days or over some days around the place."""
    # It draws worlds from here itself.
    from tests.unit.engine.hub_strategies import hub_requests, members_requests

    window = None
    if draw(st.integers(0, 2)):
        last = min(world.place.day + timedelta(days=draw(st.integers(-3, 4))), today)
        window = Window(last - timedelta(days=draw(st.integers(0, 5))), last)
    people = draw(st.just(PeopleFilter()) | people_filters())
    include_today = draw(st.booleans())
    return draw(
        st.one_of(
            st.builds(
                HomeRequest,
                tenant=st.just(TENANT),
                window=st.just(window),
                comparison=st.sampled_from(Comparison),
                people=st.just(people),
                include_today=st.just(include_today),
                top=st.sampled_from([1, 2, 10]),
            ),
            st.builds(
                TrendsRequest,
                tenant=st.just(TENANT),
                window=st.just(window),
                interval=st.sampled_from(Interval),
                people=st.just(people),
                include_today=st.just(include_today),
            ),
            user_analytics_requests(TENANT, window, people, include_today=include_today),
            engagement_requests(TENANT, window, people, include_today=include_today),
            funnel_requests(window, people, people_filters(), include_today=include_today),
            hub_requests(window, people, include_today=include_today),
            members_requests(window, people, include_today=include_today),
        )
    )
