"""The members behind every figure come to the figure, and are those of plain loops."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.buckets import Bucket
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import HomeAnswer, Measure
from shared.metrics.domain.views.hub import Unit
from shared.metrics.domain.views.members import Figure, Member, MembersAnswer
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.figure_requests import MembersRequest, Row
from shared.metrics.engine.hub_requests import FrequencyRequest, PopularityRequest
from shared.metrics.engine.requests import HomeRequest, PeopleFilter, TrendsRequest
from tests.builders import event, login, upserted
from tests.unit.engine.hub_strategies import SELECTIONS, edges, members_requests, used_worlds
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.strategies import World, people_filters
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder, today

WEEK = Window(date(2026, 3, 9), date(2026, 3, 15))


@st.composite
def windows_about(draw: st.DrawFn, world: World) -> Window:
    """Some days around the place."""
    last = min(world.place.day + timedelta(days=draw(st.integers(-1, 4))), today(world))
    return Window(last - timedelta(days=draw(st.integers(0, 6))), last)


people_asked = st.just(PeopleFilter()) | people_filters()


@in_one_folder
@given(st.data(), used_worlds())
def test_members_are_those_of_plain_loops_whatever_is_folded(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        window = data.draw(st.none() | windows_about(world))
        people, include_today = data.draw(people_asked), data.draw(st.booleans())
        page = members_requests(window, people, include_today=include_today)
        asked = data.draw(st.lists(page, min_size=1, max_size=3))
        for delivery in world.deliveries:
            one.send(*delivery)
        one.check(*asked)
        if world.deliveries:
            fold_some(data, one)
            one.check(*asked)
        one.fold()
        one.check(*asked)


def all_members(one: Stack, request: MembersRequest) -> MembersAnswer:
    """Every page of the members of a figure, as one."""
    answer = one.ask(replace(request, first=3))
    found, more = [*answer.members], answer.has_next
    while more:
        page = one.ask(replace(request, first=3, after=found[-1].id))
        found += page.members
        more = page.has_next
    return replace(answer, members=found)


def come_to(one: Stack, request: MembersRequest) -> int:
    """What the members of a figure come to."""
    answer = all_members(one, request)
    assert answer.member_count == len(answer.members)
    assert [member.id for member in answer.members] == sorted({m.id for m in answer.members})
    total = len(answer.members)
    if request.figure.is_sum():
        assert all(member.value for member in answer.members)
        total = sum(member.value or 0 for member in answer.members)
    assert answer.total == total
    return total


@in_one_folder
@given(st.data(), used_worlds())
def test_members_come_to_every_figure_of_home_and_of_its_earlier_period(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        if data.draw(st.booleans()):
            one.fold()
        window, people = data.draw(windows_about(world)), data.draw(people_asked)
        home = one.ask(
            HomeRequest(
                tenant=TENANT, window=window, people=people, include_today=data.draw(st.booleans())
            )
        )
        compared = Window(home.compared_first, home.compared_last)
        cut_ms = home.proof.as_of_ms if home.proof.is_partial else None
        for figure, measure in figures_of(home).items():
            members = MembersRequest(
                tenant=TENANT, window=home.proof.window, people=people, figure=figure
            )
            assert come_to(one, members) == measure.value
            before = replace(members, window=compared, same_hours_as_ms=cut_ms)
            assert come_to(one, before) == measure.previous


def figures_of(home: HomeAnswer) -> dict[Figure, Measure]:
    return {
        Figure.TOTAL_HITS: home.total_hits,
        Figure.FEATURES_USED: home.features_used,
        Figure.ATTENDANCE: home.attendance.measure,
        Figure.ACTIVE_USERS: home.active_users,
        Figure.INACTIVE_USERS: home.inactive_users,
    }


@in_one_folder
@given(st.data(), used_worlds())
def test_members_come_to_every_row_and_bucket_of_the_hub(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        if data.draw(st.booleans()):
            one.fold()
        about: dict[str, Any] = {
            "tenant": TENANT,
            "window": data.draw(windows_about(world)),
            "people": data.draw(people_asked),
            "selection": data.draw(st.sampled_from(SELECTIONS)),
        }
        part = data.draw(st.sampled_from(Part))
        popularity = one.ask(PopularityRequest(**about, part=part))
        for name, people in zip(popularity.names, popularity.people, strict=True):
            row = Row(part, name)
            assert people == come_to(
                one, MembersRequest(**about, figure=Figure.POPULARITY, row=row)
            )
        unit = data.draw(st.sampled_from(Unit))
        frequency = one.ask(
            FrequencyRequest(
                **about, unit=unit, edges=data.draw(edges()), with_zero=unit is Unit.PEOPLE
            )
        )
        figure = Figure.FREQUENCY if unit is Unit.PEOPLE else Figure.FREQUENCY_OF_PAIRS
        for first, last, count in zip(
            frequency.from_hits, frequency.to_hits, frequency.counts, strict=True
        ):
            bucket = Bucket(first, last)
            assert count == come_to(one, MembersRequest(**about, figure=figure, bucket=bucket))


@in_one_folder
@given(st.data(), used_worlds())
def test_members_come_to_the_points_of_trends(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        window, people = data.draw(windows_about(world)), data.draw(people_asked)
        one.fold()
        selection = data.draw(st.sampled_from(SELECTIONS))
        trends = one.ask(
            TrendsRequest(
                tenant=TENANT,
                window=window,
                people=people,
                selection=selection,
                measures=frozenset(TrendsMeasure),
            )
        )
        at = data.draw(st.integers(0, len(trends.dates) - 1))
        day = Window(trends.dates[at], trends.dates[at])
        for which, values in trends.series.items():
            name = "TOTAL_HITS" if which is TrendsMeasure.HITS else which.name
            members = MembersRequest(
                tenant=TENANT,
                window=day,
                people=people,
                selection=selection,
                figure=Figure[name],
            )
            assert come_to(one, members) == values[at]


def ask(one: Stack, figure: Figure, **asked: Any) -> MembersAnswer:  # noqa: ANN401 - of any kind
    return one.ask(MembersRequest(tenant=TENANT, window=WEEK, figure=figure, **asked))


def test_a_member_is_named_as_the_directory_does(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", "ann", name="Ann", email="ann@example.org"))
    utc.send(event("2026-03-10 09:00", "ann"), event("2026-03-11 09:00", "ann"))
    assert ask(utc, Figure.TOTAL_HITS).members == [Member("ann", "Ann", "ann@example.org", 2)]
    assert ask(utc, Figure.ACTIVE_USERS).members == [Member("ann", "Ann", "ann@example.org", None)]
    assert ask(utc, Figure.FEATURES_USED).members == [Member("Leads", "Leads", None, 2)]


def test_who_only_logged_in_is_active_and_has_used_nothing(utc: Stack) -> None:
    utc.send(login("2026-03-10 09:00", "bob"), event("2026-03-10 09:00", "ann"))
    assert [each.id for each in ask(utc, Figure.ACTIVE_USERS).members] == ["ann", "bob"]
    assert [each.id for each in ask(utc, Figure.POPULARITY).members] == ["ann"]
    leads = FeatureSelection(feature="Leads")
    assert [each.id for each in ask(utc, Figure.INACTIVE_USERS, selection=leads).members] == ["bob"]


def test_attendance_of_a_selection_is_the_days_on_which_it_was_used(utc: Stack) -> None:
    utc.send(event("2026-03-10 09:00"), event("2026-03-10 10:00"), event("2026-03-12 09:00"))
    utc.send(event("2026-03-11 09:00", feature="Deals"))
    leads = FeatureSelection(feature="Leads")
    assert ask(utc, Figure.ATTENDANCE, selection=leads).total == 2
    assert ask(utc, Figure.ATTENDANCE).total == 3


def test_the_members_of_a_row_that_nobody_used_are_none(utc: Stack) -> None:
    utc.send(event("2026-03-03 09:00", feature="Rockets"))
    popularity = utc.ask(PopularityRequest(tenant=TENANT, window=WEEK))
    assert (popularity.names, popularity.people) == (["Rockets"], [0])
    for name in ("Rockets", "Quotes"):
        answer = ask(utc, Figure.POPULARITY, row=Row(Part.FEATURE, name))
        assert (answer.members, answer.total) == ([], 0)


@pytest.mark.parametrize(
    ("figure", "asked", "field", "right"),
    [
        (Figure.FREQUENCY, {}, "figure.hits", "needs hits"),
        (Figure.TOTAL_HITS, {"bucket": Bucket(1, 2)}, "figure.hits", "FREQUENCY"),
        (Figure.FREQUENCY, {"bucket": Bucket(3, 2)}, "figure.hits", "from <= to"),
        (Figure.FREQUENCY, {"bucket": Bucket(3, 0)}, "figure.hits", "from <= to"),
        (Figure.FREQUENCY, {"bucket": Bucket(-1, None)}, "figure.hits", "from <= to"),
        (Figure.FREQUENCY_OF_PAIRS, {"bucket": Bucket(0, 0)}, "figure.hits.from", "1 or more"),
        (Figure.TOTAL_HITS, {"row": Row(Part.FEATURE, "Leads")}, "figure.row", "POPULARITY"),
        (
            Figure.LOGINS,
            {"selection": FeatureSelection(feature="Leads")},
            "figure.selection",
            "TOTAL_HITS",
        ),
        (
            Figure.TOTAL_HITS,
            {"selection": FeatureSelection(feature="Lead")},
            "figure.selection.feature",
            "Leads",
        ),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused(
    utc: Stack, figure: Figure, asked: dict[str, Any], field: str, right: str
) -> None:
    with pytest.raises(BadInputError, match=right) as refused:
        ask(utc, figure, **asked)
    assert refused.value.field == field
