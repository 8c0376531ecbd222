"""Random tenants with several sources, of which something is expected."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from hypothesis import strategies as st

from shared.metrics.domain.events import Event
from shared.metrics.domain.expectations import Expectation, ExpectedSource
from shared.metrics.domain.periods import Window
from shared.metrics.engine.heat_map_request import HeatMapRequest
from shared.metrics.engine.requests import HomeRequest, PeopleFilter
from tests.oracles.local_days import day_of
from tests.unit.domain.strategies import Place
from tests.unit.engine.engagement_strategies import engagement_requests, user_analytics_requests
from tests.unit.engine.hub_strategies import hub_requests
from tests.unit.engine.stack import SOURCES, TENANT, AnyRequest
from tests.unit.engine.strategies import World, people_filters, worlds
from tests.unit.engine.test_people_against_oracle import weeks
from tests.unit.engine.trends_strategies import recorded_worlds, trends_requests


@dataclass(frozen=True)
class Expecting:
    """A tenant, what its sources sent, and what was expected of them."""

    place: Place
    now_ms: int
    deliveries: list[list[Event]]
    expectations: dict[str, ExpectedSource]

    @property
    def today(self) -> date:
        return day_of(self.place.zone, self.now_ms)

    @property
    def world(self) -> World:
        return World(self.place, self.now_ms, self.deliveries)


def sent_by(event: Event) -> Event:
    """The event as sent by one of several sources: always by the same, by its id."""
    return event._replace(source=SOURCES[event.event_id[0] % len(SOURCES)])


@st.composite
def expecting_worlds(draw: st.DrawFn) -> Expecting:
    """Days or weeks around something unusual, sent by up to three sources."""
    if draw(st.booleans()):
        of_days = draw(st.one_of(worlds(), recorded_worlds()))
        place, now_ms, deliveries = of_days.place, of_days.now_ms, of_days.deliveries
    else:
        of_weeks = draw(weeks())
        place, now_ms = of_weeks.place, of_weeks.now_ms
        half = len(of_weeks.events) // 2
        deliveries = [part for part in (of_weeks.events[:half], of_weeks.events[half:]) if part]
    days = st.sampled_from([Expectation.DAILY, Expectation.DAILY, Expectation.WEEKDAYS])
    since = st.sampled_from([-90, -61, -3, -1, 0, 1, 3]).map(lambda n: place.day + timedelta(n))
    expected = st.builds(ExpectedSource, days, since)
    return Expecting(
        place=place,
        now_ms=now_ms,
        deliveries=[[sent_by(event) for event in part] for part in deliveries],
        expectations=draw(st.dictionaries(st.sampled_from(SOURCES), expected, min_size=1)),
    )


class About(Enum):
    """The views on which days without data show."""

    TRENDS = "trends"
    HOME_AND_HUB = "home and hub"
    PEOPLE = "people"


@st.composite
def questions(draw: st.DrawFn, world: Expecting, about: About) -> AnyRequest:
    """About the days around the place."""
    if about is About.TRENDS:
        return draw(trends_requests(world.world, world.today))
    window = None
    if draw(st.integers(0, 2)):
        last = min(world.place.day + timedelta(days=draw(st.integers(-1, 4))), world.today)
        window = Window(last - timedelta(days=draw(st.integers(0, 9))), last)
    people = draw(st.just(PeopleFilter()) | people_filters())
    include_today = draw(st.booleans())
    if about is About.HOME_AND_HUB:
        home = HomeRequest(tenant=TENANT, window=window, people=people, include_today=include_today)
        hub = hub_requests(window, people, include_today=include_today)
        return draw(st.one_of(st.just(home), hub))
    of_hours = HeatMapRequest(
        tenant=TENANT, window=window, people=people, include_today=include_today
    )
    return draw(
        st.one_of(
            st.just(of_hours),
            user_analytics_requests(TENANT, window, people, include_today=include_today),
            engagement_requests(TENANT, window, people, include_today=include_today),
        )
    )
