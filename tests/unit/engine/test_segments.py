"""Segments as filters: whoever is a member counts, and nobody else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.conditions import (
    Comparator,
    Condition,
    ConditionMetric,
    SessionTime,
    Threshold,
)
from shared.metrics.domain.errors import BadInputError, NotFoundError
from shared.metrics.domain.periods import Comparison, Preset, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.engine.engagement_requests import StickinessRequest
from shared.metrics.engine.requests import (
    HomeRequest,
    PeopleFilter,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.engine.segment_definition import (
    SegmentDefinition,
    definition_text,
    read_definition,
)
from tests.builders import deactivated, event, upserted
from tests.unit.engine.engagement_strategies import OF_FEATURES, conditions
from tests.unit.engine.stack import TENANT, AnyRequest, Stack, stack
from tests.unit.engine.strategies import people_filters
from tests.unit.engine.test_people_against_oracle import Weeks, weeks

WINDOW = Window(date(2026, 3, 9), date(2026, 3, 10))
BUSY = Condition(ConditionMetric.HITS, Threshold(Comparator.AT_LEAST, 2))
FEW = Condition(ConditionMetric.HITS, Threshold(Comparator.AT_MOST, 1))


def saved(stack: Stack, definition: SegmentDefinition, id_: str | None = None) -> str:
    """The id of a segment with this definition: a new one, or one that is changed."""
    shelf = stack.services.tenancy.open(TENANT).library.segments
    text = definition_text(definition)
    if id_ is None:
        return shelf.create("ann", name="Some", definition=text).id
    (segment,) = [each for each in shelf.all() if each.id == id_]
    return shelf.update(segment, segment.version, definition=text).id


def within(segment: str, **filters: tuple[str, ...]) -> PeopleFilter:
    return PeopleFilter(segment=segment, **filters)  # type: ignore[arg-type]


@pytest.fixture
def busy(utc: Stack) -> str:
    """Ann and bob had two hits each, cyd one, and zoe none."""
    for user_id in ("ann", "bob", "cyd", "zoe"):
        utc.send(upserted("2026-01-01 00:00", user_id, country="DE" if user_id < "b" else "AT"))
    utc.send(
        *(
            event(f"2026-03-{day:02} 10:00", user_id)
            for user_id in ("ann", "bob")
            for day in (9, 10)
        ),
        event("2026-03-10 10:00", "cyd"),
        event("2026-03-16 10:00", "cyd"),
    )
    return saved(utc, SegmentDefinition(window=WINDOW, conditions=(BUSY,)))


def test_only_members_count_on_all_days(utc: Stack, busy: str) -> None:
    for _ in range(2):
        home = utc.ask(HomeRequest(tenant=TENANT, window=WINDOW, people=within(busy)))
        assert home.total_hits.value == 4
        assert (home.active_users.value, home.inactive_users.value) == (2, 0)
        assert [row.user_id for row in home.top_by_hits] == ["ann", "bob"]
        later = Window(date(2026, 3, 11), date(2026, 3, 19))
        home = utc.ask(HomeRequest(tenant=TENANT, window=later, people=within(busy)))
        assert (home.active_users.value, home.inactive_users.value) == (0, 2)
        assert home.total_hits.previous == 4
        utc.fold()


def test_members_and_other_fields_of_a_filter_hold_together(utc: Stack, busy: str) -> None:
    people = within(busy, country=("AT",))
    answer = utc.ask(UserAnalyticsRequest(tenant=TENANT, window=WINDOW, people=people))
    assert [row.user_id for row in answer.people] == ["bob"]
    assert (answer.size, answer.roster_size) == (1, 1)


def test_a_segment_without_members_leaves_nobody(utc: Stack, busy: str) -> None:
    nobody = Condition(ConditionMetric.HITS, Threshold(Comparator.GREATER_THAN, 99))
    empty = saved(utc, SegmentDefinition(window=WINDOW, conditions=(nobody,)))
    home = utc.ask(HomeRequest(tenant=TENANT, window=WINDOW, people=within(empty)))
    assert (home.total_hits.value, home.active_users.value, home.inactive_users.value) == (0, 0, 0)
    assert home.attendance.average_per_active_user is None


def test_a_segment_may_be_part_of_another_up_to_three_deep(utc: Stack, busy: str) -> None:
    germans = SegmentDefinition(window=WINDOW, people=within(busy, country=("DE",)))
    second = saved(utc, germans)
    third = saved(utc, SegmentDefinition(window=WINDOW, people=within(second)))
    home = utc.ask(HomeRequest(tenant=TENANT, window=WINDOW, people=within(third)))
    assert [row.user_id for row in home.top_by_hits] == ["ann"]
    fourth = saved(utc, SegmentDefinition(window=WINDOW, people=within(third)))
    with pytest.raises(BadInputError, match="3 deep") as caught:
        utc.ask(HomeRequest(tenant=TENANT, window=WINDOW, people=within(fourth)))
    assert caught.value.field == "filter.segment"


def test_a_cycle_of_segments_is_an_error(utc: Stack, busy: str) -> None:
    other = saved(utc, SegmentDefinition(window=WINDOW, people=within(busy)))
    saved(utc, SegmentDefinition(window=WINDOW, people=within(other)), busy)
    for id_ in (busy, other):
        with pytest.raises(BadInputError, match="part of itself") as caught:
            utc.ask(HomeRequest(tenant=TENANT, window=WINDOW, people=within(id_)))
        assert caught.value.field == "filter.segment"


def test_a_segment_that_is_not_there_is_not_found(utc: Stack) -> None:
    with pytest.raises(NotFoundError, match="no such segment"):
        utc.ask(HomeRequest(tenant=TENANT, people=within("0" * 24)))


def test_members_who_left_the_roster_are_not_in_it(utc: Stack, busy: str) -> None:
    utc.send(deactivated("2026-03-12 10:00", "bob"))
    later = Window(date(2026, 3, 13), date(2026, 3, 19))
    home = utc.ask(HomeRequest(tenant=TENANT, window=later, people=within(busy)))
    assert (home.active_users.value, home.inactive_users.value) == (0, 1)


def test_a_range_by_name_moves_on_with_the_calendar(utc: Stack, busy: str) -> None:
    recent = saved(
        utc,
        SegmentDefinition(
            preset=Preset.LAST_7_DAYS,
            conditions=(Condition(ConditionMetric.HITS, Threshold(Comparator.AT_LEAST, 1)),),
        ),
    )
    request = HomeRequest(tenant=TENANT, window=WINDOW, people=within(recent))
    assert [row.user_id for row in utc.ask(request).top_by_hits] == ["cyd"]
    utc.clock.now_ms -= 5 * 86_400_000
    assert [row.user_id for row in utc.ask(request).top_by_hits] == ["ann", "bob", "cyd"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), weeks(), st.lists(conditions(), max_size=2), people_filters(), st.booleans())
def test_a_segment_counts_as_if_nobody_else_had_done_anything(
    tmp_path: Path,
    data: st.DataObject,
    world: Weeks,
    some: list[Condition],
    people: PeopleFilter,
    is_folded: bool,  # noqa: FBT001
) -> None:
    """The members, found by asking, are all of whom the tenant beside has heard."""
    window = data.draw(st.sampled_from([None, Window(world.today.replace(day=1), world.today)]))
    definition = SegmentDefinition(window=window, conditions=tuple(some), people=people)
    asked: list[AnyRequest] = [
        HomeRequest(tenant=TENANT, top=3),
        TrendsRequest(tenant=TENANT),
        StickinessRequest(tenant=TENANT),
        UserAnalyticsRequest(tenant=TENANT),
    ]
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        if world.events:
            one.send(*world.events)
        if is_folded:
            one.fold()
        members = {row.user_id for row in one.ask(definition.request(TENANT)).people}
        segment = saved(one, definition)
        answers = [one.ask(replace(each, people=within(segment))) for each in asked]
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as other:
        theirs = [each for each in world.events if each.user_id in members]
        if theirs:
            other.send(*theirs)
        other.clock.now_ms = world.now_ms + bool(world.events)
        assert answers == [other.ask(each) for each in asked]


@st.composite
def definitions(draw: st.DrawFn) -> SegmentDefinition:
    some = draw(st.lists(conditions(), max_size=3))
    plain = [
        replace(
            each,
            threshold=each.threshold
            if each.metric is not ConditionMetric.NEVER_SEEN
            else Condition(ConditionMetric.NEVER_SEEN).threshold,
            session_time=each.session_time
            if each.metric is ConditionMetric.SESSION_MINUTES
            else SessionTime.TOTAL,
        )
        for each in some
    ]
    window = draw(st.none() | st.just(WINDOW))
    return SegmentDefinition(
        window=window,
        preset=None if window else draw(st.none() | st.sampled_from(Preset)),
        include_today=draw(st.booleans()),
        comparison=draw(st.sampled_from(Comparison)),
        conditions=tuple(plain),
        people=draw(people_filters()),
    )


@given(definitions())
def test_a_definition_comes_back_from_its_text(definition: SegmentDefinition) -> None:
    text = definition_text(definition)
    assert read_definition(text) == definition
    assert definition_text(read_definition(text)) == text


def test_the_text_of_a_definition_has_the_names_of_the_schema() -> None:
    leads = FeatureSelection(Category.USERS_AND_CONTROL, "Roles")
    definition = SegmentDefinition(
        window=WINDOW,
        include_today=True,
        conditions=(
            Condition(
                ConditionMetric.SESSION_MINUTES,
                Threshold(Comparator.BETWEEN, 1, 2.5),
                SessionTime.ANY_DAY,
            ),
            Condition(ConditionMetric.FEATURE_USED, selection=leads),
        ),
        people=PeopleFilter(time_zone=("UTC",)),
    )
    assert definition_text(definition) == (
        '{"conditions":[{"comparator":"BETWEEN","metric":"SESSION_MINUTES",'
        '"sessionTime":"ANY_DAY","upTo":2.5,"value":1.0},'
        '{"comparator":"AT_LEAST","feature":{"category":"USERS_AND_CONTROL","feature":"Roles"},'
        '"metric":"FEATURE_USED","value":1.0}],"filter":{"timeZone":["UTC"]},"includeToday":true,'
        '"range":{"from":"2026-03-09","to":"2026-03-10"},"version":1}'
    )
    assert all(metric.value.startswith("FEATURE_") for metric in OF_FEATURES)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "definition"),
        ("[]", "definition"),
        ("{}", "definition"),
        ('{"version":2}', "definition.version"),
        ('{"version":1,"colour":3}', "definition"),
        ('{"version":1,"range":{"from":"2026-03-09","to":"x"}}', "definition.range.to"),
        ('{"version":1,"range":{"from":"2026-03-09","to":"2026-03-08"}}', "definition.range"),
        ('{"version":1,"conditions":[{"metric":"LUCK"}]}', "definition.conditions[0].metric"),
        (
            '{"version":1,"conditions":[{"metric":"HITS","comparator":"EQUAL","value":"3"}]}',
            "definition.conditions[0].value",
        ),
        (
            '{"version":1,"conditions":[{"metric":"NEVER_SEEN"},{"metric":"HITS"}]}',
            "definition.conditions[1].comparator",
        ),
        (
            '{"version":1,"conditions":[{"metric":"FEATURE_USED","feature":{"category":"X"}}]}',
            "definition.conditions[0].feature.category",
        ),
        ('{"version":1,"filter":{"country":"DE"}}', "definition.filter.country"),
    ],
)
def test_a_wrong_text_is_refused_with_its_place(text: str, field: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_definition(text)
    assert caught.value.field == field
