"""What is asked of the hub, of the members behind figures and of the catalogue; and worlds whose
hits have properties, attributes and actions.
"""

from collections.abc import Callable

from hypothesis import strategies as st

from shared.metrics.domain.buckets import Bucket
from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.events import Event
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.hub import Unit
from shared.metrics.domain.views.members import Figure
from shared.metrics.engine.figure_requests import MembersRequest, Row
from shared.metrics.engine.hub_requests import (
    FeaturesRequest,
    FrequencyByFeatureRequest,
    FrequencyRequest,
    PopularityRequest,
)
from shared.metrics.engine.requests import PeopleAttribute, PeopleFilter
from tests.oracles.history import is_directory
from tests.unit.engine.stack import TENANT, AnyRequest
from tests.unit.engine.strategies import World, worlds

PATHS = (
    ("Leads", "", "", "use"),
    ("Leads", "Views", "List View", "open"),
    ("Leads", "Views", "Kanban View", "open"),
    ("Leads", "Buttons", "Ünlisted", "press"),
    ("Deals", "Views", "List View", "use"),
    ("Deals", "", "", "press"),
    ("Rockets", "Views", "", "launch"),
    ("Pipeline", "", "", "use"),
)
"""Features in and out of the catalogue, with parts that several of them have."""

SELECTIONS = (
    FeatureSelection(),
    FeatureSelection(),
    FeatureSelection(feature="Leads"),
    FeatureSelection(feature="ALL_MODULES"),
    FeatureSelection(category=Category.MODULES),
    FeatureSelection(category=Category.AUTOMATIONS),
    FeatureSelection(property="Views"),
    FeatureSelection(feature="Leads", property="Views"),
    FeatureSelection(feature="ALL_MODULES", property="Views", attribute="List View"),
)
"""All of them are in the catalogue, so that they can be asked for whatever was used."""

OF_EVERYTHING = (
    Figure.LOGINS,
    Figure.SINGLE_EVENT_SESSIONS,
    Figure.SESSION_MILLISECONDS,
)


@st.composite
def used_worlds(draw: st.DrawFn) -> World:
    """A world in which hits are of many paths."""
    world = draw(worlds())
    path, record = st.sampled_from(PATHS), st.sampled_from(["", "r1", "r2", "Ö"])

    def with_path(event: Event) -> Event:
        if event.action != "use" or is_directory(event):
            return event
        feature, property_, attribute, action = draw(path)
        return event._replace(
            feature=feature,
            property=property_,
            attribute=attribute,
            action=action,
            record_id=draw(record),
        )

    deliveries = [[with_path(event) for event in delivery] for delivery in world.deliveries]
    return World(world.place, world.now_ms, deliveries)


@st.composite
def edges(draw: st.DrawFn) -> tuple[int, ...] | None:
    """Ascending edges among the numbers of hits that people have in small worlds."""
    found = draw(st.sets(st.integers(1, 6), min_size=1, max_size=4))
    return draw(st.none() | st.just(tuple(sorted(found))))


@st.composite
def buckets(draw: st.DrawFn, least: int) -> Bucket:
    """A bucket with a chance to have someone in it."""
    first = draw(st.integers(least, 4))
    return Bucket(first, draw(st.none() | st.integers(first, 6)))


@st.composite
def hub_requests(
    draw: st.DrawFn, window: Window | None, people: PeopleFilter, *, include_today: bool
) -> AnyRequest:
    """Popularity or frequency."""
    about = {
        "tenant": st.just(TENANT),
        "window": st.just(window),
        "people": st.just(people),
        "include_today": st.just(include_today),
        "selection": st.sampled_from(SELECTIONS),
    }
    group_by = st.none() | st.sampled_from(PeopleAttribute)
    return draw(
        st.one_of(
            st.builds(
                PopularityRequest,
                **about,
                part=st.sampled_from(Part),
                comparison=st.sampled_from(Comparison),
                with_unused=st.booleans(),
                top=st.sampled_from([1, 3, 2_000]),
                group_by=group_by,
            ),
            st.builds(FrequencyRequest, **about, edges=edges(), with_zero=st.booleans()),
            st.builds(
                FrequencyRequest,
                **about,
                edges=edges(),
                unit=st.sampled_from(Unit),
                group_by=group_by,
            ),
            st.builds(FrequencyByFeatureRequest, **about, edges=edges(), with_zero=st.booleans()),
        )
    )


@st.composite
def members_requests(
    draw: st.DrawFn, window: Window | None, people: PeopleFilter, *, include_today: bool
) -> MembersRequest:
    """A page of the members of any figure."""
    figure = draw(st.sampled_from(Figure))
    selection = draw(st.sampled_from(SELECTIONS))
    bucket = row = None
    if figure in OF_EVERYTHING:
        selection = FeatureSelection()
    if figure in (Figure.FREQUENCY, Figure.FREQUENCY_OF_PAIRS):
        bucket = draw(buckets(least=0 if figure is Figure.FREQUENCY else 1))
    if figure is Figure.POPULARITY and draw(st.booleans()):
        selection = FeatureSelection()
        row = draw(st.sampled_from([*_rows(lambda name: name in {"Leads", "Deals"})]))
    return MembersRequest(
        tenant=TENANT,
        window=window,
        people=people,
        include_today=include_today,
        figure=figure,
        selection=selection,
        bucket=bucket,
        row=row,
        first=draw(st.sampled_from([1, 2, 50])),
        after=draw(st.none() | st.sampled_from(["", "ann", "bob", "c", "Leads", "r1"])),
    )


def _rows(catalogued: Callable[[str], bool]) -> list[Row]:
    """Rows that the catalogue has, so that they can be opened whatever was used."""
    found = {Row(Part.FEATURE, path[0]) for path in PATHS if catalogued(path[0])}
    return [
        *sorted(found, key=lambda row: row.name),
        Row(Part.PROPERTY, "Views"),
        Row(Part.ATTRIBUTE, "List View"),
        Row(Part.CATEGORY, "Modules"),
    ]


def features_requests(window: Window) -> st.SearchStrategy[FeaturesRequest]:
    """The catalogue, or a part of it."""
    return st.builds(
        FeaturesRequest,
        tenant=st.just(TENANT),
        window=st.just(window),
        search=st.sampled_from([None, "", " lEADS", "view", "launch", "Ü", "nothing of it"]),
        category=st.none() | st.sampled_from(Category),
    )
