"""Activity: figures as Home's, every module, every day, and searched lists of people."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.activity import ModuleOrder
from shared.metrics.engine.activity import ActivityRequest
from shared.metrics.engine.activity_people import ActivityPeopleRequest
from shared.metrics.engine.requests import HomeRequest, PeopleFilter
from tests.builders import event, login, upserted
from tests.oracles import activity as oracle
from tests.unit.domain.strategies import USERS
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.strategies import World, people_filters, worlds
from tests.unit.engine.test_views_against_oracle import fold_some, today

DAY = date(2026, 3, 19)
WEEK = Window(date(2026, 3, 13), DAY)
LEADS = FeatureSelection(feature="Leads")
selections = st.sampled_from([FeatureSelection(), LEADS, FeatureSelection(feature="Deals")])


@st.composite
def activity_requests(draw: st.DrawFn, window: Window | None) -> ActivityRequest:
    return ActivityRequest(
        tenant=TENANT,
        window=window,
        people=draw(st.just(PeopleFilter()) | people_filters()),
        include_today=draw(st.booleans()),
        comparison=draw(st.sampled_from(Comparison)),
        selection=draw(selections),
        module_order=draw(st.sampled_from(ModuleOrder)),
    )


@st.composite
def people_requests(draw: st.DrawFn, window: Window) -> ActivityPeopleRequest:
    since = st.integers(0, window.length - 1).map(lambda at: window.first + timedelta(days=at))
    return ActivityPeopleRequest(
        tenant=TENANT,
        window=window,
        people=draw(st.just(PeopleFilter()) | people_filters()),
        is_active=draw(st.booleans()),
        search=draw(st.sampled_from(["", "ANN", " bob ", "EXAMPLE.ORG", "ö", "nobody"])),
        used=draw(selections),
        without_since=draw(st.none() | since),
        first=draw(st.sampled_from([1, 2, 50])),
        after=draw(st.none() | st.sampled_from(USERS)),
    )


def check(one: Stack, request: ActivityRequest) -> None:
    answer = one.views.ask(request)
    home = one.views.ask(
        HomeRequest(
            tenant=TENANT,
            window=request.window,
            people=request.people,
            include_today=request.include_today,
            comparison=request.comparison,
        )
    )
    figures = answer.figures
    assert figures.total_hits == home.total_hits
    assert figures.features_used == home.features_used
    assert figures.attendance == home.attendance
    assert (figures.active_users, figures.inactive_users) == (
        home.active_users,
        home.inactive_users,
    )
    now_ms = one.clock.now_ms
    shown = oracle.shown_window(one.history, request, answer.proof.window)
    assert answer.modules == oracle.modules(one.history, request, now_ms, shown)
    assert answer.timeline.dates == shown.days()
    assert answer.timeline.hits == oracle.hits_by_day(one.history, request, now_ms, shown)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), worlds())
def test_activity_is_what_the_definitions_say(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
            if data.draw(st.booleans()):
                fold_some(data, one)
        last = min(today(world), world.place.day + timedelta(days=1))
        window = Window(last - timedelta(days=data.draw(st.integers(0, 4))), last)
        # Whatever is selected has been used.
        one.send(event(one.clock.now_ms, "ann"), event(one.clock.now_ms, "ann", "Deals"))
        request = data.draw(activity_requests(data.draw(st.sampled_from([None, window]))))
        lists = data.draw(people_requests(window))
        check(one, request)
        one.check(lists)
        one.fold()
        check(one, request)
        one.check(lists)


def test_the_lists_of_people_are_as_long_as_the_figures_say(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", "idle"),
        event("2026-03-18 10:00"),
        login("2026-03-19 09:00", "bob"),
    )
    figures = utc.views.ask(ActivityRequest(tenant=TENANT)).figures
    for is_active, figure in ((True, figures.active_users), (False, figures.inactive_users)):
        listed = utc.views.ask(ActivityPeopleRequest(tenant=TENANT, is_active=is_active))
        assert len(listed.people) == listed.size == figure.value


def test_modules_without_hits_are_listed(utc: Stack) -> None:
    utc.send(event("2026-03-18 10:00"))
    modules = utc.views.ask(ActivityRequest(tenant=TENANT)).modules
    assert (modules.names[0], modules.hits[0]) == ("Leads", 1)
    assert sum(hits == 0 for hits in modules.hits) == len(modules.names) - 1 > 20


def test_the_timeline_has_sixty_days(utc: Stack) -> None:
    timeline = utc.views.ask(ActivityRequest(tenant=TENANT)).timeline
    assert len(timeline.dates) == 60
    assert timeline.dates[-1] == DAY


def test_a_doubled_day_is_a_spike_and_today_never_is(utc: Stack) -> None:
    for day in range(59, -1, -1):
        at = date(2026, 3, 20) - timedelta(days=day)
        hits = 80 if day in (0, 10) else 20
        utc.send(
            *(event(f"{at} 10:00:{n % 60:02d}.{n // 60}", name=f"{at} {n}") for n in range(hits))
        )
    timeline = utc.views.ask(ActivityRequest(tenant=TENANT, include_today=True)).timeline
    spikes = [
        day for day, is_spike in zip(timeline.dates, timeline.is_spike, strict=True) if is_spike
    ]
    assert spikes == [date(2026, 3, 10)]


def test_an_annotation_has_the_daily_mean_before_and_after(utc: Stack) -> None:
    library = utc.services.tenancy.open(TENANT).library
    library.annotations.create("ann", day=date(2026, 3, 16), text="Release", category=None)
    library.annotations.create("ann", day=date(2025, 3, 16), text="Long ago", category=None)
    for day in range(13, 20):
        hits = 1 if day < 16 else 3
        utc.send(*(event(f"2026-03-{day} 10:00", name=f"{day} {n}") for n in range(hits)))
    (effect,) = utc.views.ask(ActivityRequest(tenant=TENANT, window=WEEK)).notes
    assert (effect.note.text, effect.mean_before, effect.mean_after) == ("Release", 1.0, 3.0)


def test_who_has_not_used_something_since_a_day(utc: Stack) -> None:
    utc.send(
        event("2026-03-14 10:00", "ann"),
        event("2026-03-17 10:00", "bob"),
        event("2026-03-17 10:00", "cyd", "Deals"),
        upserted("2026-01-01 00:00", "idle"),
    )
    listed = utc.views.ask(
        ActivityPeopleRequest(
            tenant=TENANT, window=WEEK, used=LEADS, without_since=date(2026, 3, 16)
        )
    )
    assert [person.user_id for person in listed.people] == ["ann", "cyd", "idle"]


def test_a_day_outside_of_the_range_is_refused(utc: Stack) -> None:
    request = ActivityPeopleRequest(tenant=TENANT, window=WEEK, without_since=date(2026, 3, 12))
    with pytest.raises(BadInputError, match="2026-03-12 is not in the range 2026-03-13"):
        utc.views.ask(request)


def test_a_search_is_bounded(utc: Stack) -> None:
    with pytest.raises(BadInputError, match="up to 200"):
        utc.views.ask(ActivityPeopleRequest(tenant=TENANT, search="x" * 201))


def test_what_cannot_be_selected_is_refused(utc: Stack) -> None:
    with pytest.raises(BadInputError, match="no feature 'Nonsense'"):
        utc.views.ask(
            ActivityRequest(tenant=TENANT, selection=FeatureSelection(feature="Nonsense"))
        )
