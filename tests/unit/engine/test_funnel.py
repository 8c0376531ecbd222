"""The funnel: worked examples of the definitions, and every answer against trying all attempts."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.aggregate import hit_months
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import Finality
from shared.metrics.domain.views.funnel_answer import (
    FunnelAnswer,
    FunnelState,
    FunnelUnit,
    StepOrder,
)
from shared.metrics.engine.funnel_request import (
    DAY_MS,
    FunnelMembersRequest,
    FunnelRequest,
    FunnelStep,
)
from shared.metrics.engine.requests import PeopleAttribute, PeopleFilter
from tests.builders import HOUR_MS, event, instant_ms, upserted
from tests.unit.engine.funnel_worlds import funnel_worlds, funnels_of
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.strategies import World
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder, today

DAY = date(2026, 3, 9)
THAT_DAY = Window(DAY, DAY)
NINE = instant_ms("2026-03-09 09:00")
LEADS, DEALS, QUOTES = (
    FunnelStep(FeatureSelection(feature=name)) for name in ("Leads", "Deals", "Quotes")
)
STEPS = (LEADS, DEALS, QUOTES)


@in_one_folder
@given(st.data(), funnel_worlds())
def test_answers_are_those_of_trying_all_attempts_whatever_is_folded_and_gathered(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with (
        pytest.MonkeyPatch.context() as patched,
        stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one,
    ):
        patched.setattr(hit_months, "NEW_DAYS", 1)
        patched.setattr(hit_months, "CHANGED_DAYS", data.draw(st.integers(1, 2)))
        asked = data.draw(funnels_of(world, today(world)))
        for delivery in world.deliveries:
            one.send(*delivery)
            one.check(*asked)
            fold_some(data, one)
            one.sweep()
            one.check(*asked)
        one.fold()
        one.sweep()
        one.check(*asked)
        one.restarted().check(*asked)


def funnel(one: Stack, *steps: FunnelStep, **asked: object) -> FunnelAnswer:
    """The funnel of a day, which is as the definitions have it."""
    request = FunnelRequest(
        tenant=TENANT,
        steps=steps or STEPS,
        **{"window": THAT_DAY} | asked,  # type: ignore[arg-type]
    )
    one.check(request)
    return one.ask(request)


def hit(after_ms: int, feature: str = "Leads", user_id: str = "ann", **fields: object) -> Event:
    """A hit so long after nine."""
    return event(NINE + after_ms, user_id, feature, **fields)


def test_100_then_60_then_30_drop_40_and_50_percent_and_complete_30_percent(utc: Stack) -> None:
    counts = {"Leads": 100, "Deals": 60, "Quotes": 30}
    utc.send(
        *(
            hit(at * HOUR_MS, feature, record_id=f"r{number}")
            for at, (feature, count) in enumerate(counts.items())
            for number in range(count)
        )
    )
    answer = funnel(utc)
    assert answer.unit is FunnelUnit.RECORD
    assert answer.steps.counts == [100, 60, 30]
    assert answer.steps.drop_offs == [None, 0.4, 0.5]
    assert answer.steps.shares == [1.0, 0.6, 0.3]
    assert answer.completion_rate == 0.3
    assert answer.bottleneck_step == 3
    assert answer.steps.median_ms == [0, HOUR_MS, 2 * HOUR_MS]
    assert (answer.median_ms, answer.p90_ms) == (2 * HOUR_MS, 2 * HOUR_MS)
    assert (answer.converted, answer.dropped, answer.in_progress) == (30, 0, 70)


def test_of_equal_drop_offs_the_first_is_the_bottleneck(utc: Stack) -> None:
    utc.send(*(hit(0, user_id=user) for user in "abcd"), *(hit(1, "Deals", user) for user in "ab"))
    utc.send(hit(2, "Quotes", "a"))
    answer = funnel(utc)
    assert answer.steps.drop_offs == [None, 0.5, 0.5]
    assert answer.bottleneck_step == 2


def test_nobody_who_enters_gives_no_rates(utc: Stack) -> None:
    utc.send(hit(0, "Deals"))
    answer = funnel(utc)
    assert answer.steps.counts == [0, 0, 0]
    assert answer.steps.drop_offs == answer.steps.shares == answer.steps.median_ms == [None] * 3
    assert answer.completion_rate is answer.matured_rate is answer.bottleneck_step is None


def test_a_step_exactly_at_the_end_of_the_window_is_in_it(utc: Stack) -> None:
    utc.send(hit(0), hit(HOUR_MS, "Deals"), hit(0, user_id="bob"))
    utc.send(hit(HOUR_MS + 1, "Deals", "bob"))
    assert funnel(utc, LEADS, DEALS, within_ms=HOUR_MS).steps.counts == [2, 1]


def test_the_window_is_measured_from_step_1_and_not_from_the_step_before(utc: Stack) -> None:
    utc.send(hit(0), hit(HOUR_MS, "Deals"), hit(HOUR_MS + 1, "Quotes"))
    assert funnel(utc, within_ms=HOUR_MS).steps.counts == [1, 1, 0]


def test_the_entry_must_lie_in_the_range_and_later_steps_may_fall_after_it(utc: Stack) -> None:
    utc.send(event("2026-03-08 23:59", "early"), event("2026-03-09 10:00", "early", "Deals"))
    utc.send(event("2026-03-09 23:59", "in time"), event("2026-03-10 23:59", "in time", "Deals"))
    utc.send(event("2026-03-10 00:00", "late"), event("2026-03-10 10:00", "late", "Deals"))
    answer = funnel(utc, LEADS, DEALS, within_ms=DAY_MS)
    assert answer.steps.counts == [1, 1]
    assert answer.median_ms == DAY_MS
    assert funnel(utc, LEADS, DEALS, within_ms=DAY_MS - 1).steps.counts == [1, 0]


def test_a_step_of_today_counts_though_today_is_not_in_the_range(utc: Stack) -> None:
    utc.send(hit(0), event("2026-03-20 11:59", "ann", "Deals"))
    for within_ms in (11 * DAY_MS + 3 * HOUR_MS, None):
        assert funnel(utc, LEADS, DEALS, within_ms=within_ms).steps.counts == [1, 1]


def test_the_best_attempt_of_a_unit_counts(utc: Stack) -> None:
    utc.send(hit(0), hit(2 * HOUR_MS), hit(3 * HOUR_MS, "Deals"))
    assert funnel(utc, LEADS, DEALS, within_ms=HOUR_MS).steps.counts == [1, 1]


def test_of_attempts_that_get_as_far_the_shortest_counts(utc: Stack) -> None:
    utc.send(hit(0), hit(HOUR_MS), hit(3 * HOUR_MS, "Deals"))
    assert funnel(utc, LEADS, DEALS).median_ms == 2 * HOUR_MS


def test_one_event_fills_one_step(utc: Stack) -> None:
    views = FunnelStep(FeatureSelection(feature="Leads", property="Views"))
    utc.send(hit(0, property="Views"))
    assert funnel(utc, views, LEADS).steps.counts == [1, 0]
    utc.send(hit(0, name="another at the same time"))
    for order in StepOrder:
        assert funnel(utc, views, LEADS, order=order).steps.counts == [1, 1]
        assert funnel(utc, LEADS, views, order=order).steps.counts == [1, 1]


def test_steps_at_the_same_timestamp_count_as_in_order(utc: Stack) -> None:
    utc.send(hit(0, "Quotes"), hit(0, "Deals"), hit(0, "Leads"))
    answer = funnel(utc)
    assert answer.steps.counts == [1, 1, 1]
    assert answer.median_ms == 0


def test_strict_allows_no_other_hit_of_the_unit_between_two_steps(utc: Stack) -> None:
    utc.send(hit(0), hit(1, "Cases"), hit(2, "Deals"))
    utc.send(hit(0, user_id="bob"), hit(2, "Deals", "bob"), hit(3, "Cases", "bob"))
    assert funnel(utc, LEADS, DEALS).steps.counts == [2, 2]
    assert funnel(utc, LEADS, DEALS, order=StepOrder.STRICT).steps.counts == [2, 1]


def test_a_hit_at_the_instant_of_a_step_is_not_between_two(utc: Stack) -> None:
    utc.send(hit(0), hit(0, "Cases"), hit(1, "Deals"), hit(1, "Cases"), hit(2, "Quotes"))
    assert funnel(utc, order=StepOrder.STRICT).steps.counts == [1, 1, 1]


def test_strict_looks_only_at_hits_of_whom_the_filter_counts_and_of_the_unit(utc: Stack) -> None:
    utc.send(upserted(NINE - 1, "bob", country="AT"), upserted(NINE - 1, "ann", country="DE"))
    utc.send(hit(0, record_id="r"), hit(2, "Deals", record_id="r"))
    utc.send(hit(1, "Cases", "bob", record_id="r"), hit(1, "Cases", record_id="other"))
    strict = {"order": StepOrder.STRICT, "unit": FunnelUnit.RECORD}
    german = PeopleFilter(country=("DE",))
    assert funnel(utc, LEADS, DEALS, **strict).steps.counts == [1, 0]
    assert funnel(utc, LEADS, DEALS, **strict, people=german).steps.counts == [1, 1]


def test_in_any_order_the_window_starts_at_the_earliest_step_which_is_in_the_range(
    utc: Stack,
) -> None:
    utc.send(hit(0, "Quotes"), hit(HOUR_MS, "Leads"), hit(2 * HOUR_MS, "Deals"))
    in_any = {"order": StepOrder.ANY}
    assert funnel(utc, **in_any, within_ms=2 * HOUR_MS).steps.counts == [1, 1, 1]
    assert funnel(utc, **in_any, within_ms=2 * HOUR_MS - 1).steps.counts == [1, 1, 0]
    utc.send(event("2026-03-08 23:59", "bob", "Deals"), hit(0, user_id="bob"))
    assert funnel(utc, LEADS, DEALS, **in_any).steps.counts == [2, 1]


def test_what_anyone_does_on_an_account_is_the_account_s(utc: Stack) -> None:
    utc.send(hit(0, account_id="acme"), hit(1, "Deals", "bob", account_id="acme"))
    utc.send(hit(2, account_id="other"), hit(3, "Deals"))
    assert funnel(utc, LEADS, DEALS, unit=FunnelUnit.ACCOUNT).steps.counts == [2, 1]


def test_units_are_people_as_soon_as_a_hit_of_a_step_has_no_record(utc: Stack) -> None:
    utc.send(hit(0, record_id="r1"), hit(1, "Deals", "bob", record_id="r1"), hit(2, "Cases"))
    assert funnel(utc, LEADS, DEALS).unit is FunnelUnit.RECORD
    assert funnel(utc, LEADS, DEALS).steps.counts == [1, 1]
    utc.send(hit(3, "Deals", "bob"))
    assert funnel(utc, LEADS, DEALS).unit is FunnelUnit.USER
    assert funnel(utc, LEADS, DEALS).steps.counts == [1, 0]
    assert funnel(utc, LEADS, DEALS, unit=FunnelUnit.RECORD).steps.counts == [1, 1]
    assert funnel(utc, QUOTES, QUOTES).unit is FunnelUnit.USER


@pytest.mark.parametrize(
    ("since_ms", "state"), [(0, FunnelState.IN_PROGRESS), (1, FunnelState.DROPPED)]
)
def test_a_unit_has_dropped_when_the_window_is_over(
    utc: Stack, since_ms: int, state: FunnelState
) -> None:
    utc.send(hit(0))
    utc.clock.now_ms = NINE + HOUR_MS + since_ms
    window = {"window": THAT_DAY, "within_ms": HOUR_MS, "steps": (LEADS, DEALS)}
    request = FunnelMembersRequest(tenant=TENANT, **window, step=1)  # type: ignore[arg-type]
    utc.check(request)
    assert [member.state for member in utc.ask(request).members] == [state]
    is_over = state is FunnelState.DROPPED
    assert funnel(utc, LEADS, DEALS, within_ms=HOUR_MS).matured_rate == (0 if is_over else None)


def test_the_matured_rate_is_over_the_converted_and_the_dropped(utc: Stack) -> None:
    utc.send(hit(0, user_id="a"), hit(1, "Deals", "a"), hit(0, user_id="b"))
    utc.send(event("2026-03-20 11:30", "c"), event("2026-03-20 11:30", "d"))
    utc.send(event("2026-03-20 11:40", "d", "Deals"))
    window = Window(DAY, date(2026, 3, 20))
    answer = funnel(utc, LEADS, DEALS, window=window, within_ms=HOUR_MS)
    assert (answer.converted, answer.dropped, answer.in_progress) == (2, 1, 1)
    assert (answer.completion_rate, answer.matured_rate) == (0.5, 2 / 3)


def test_without_a_window_none_is_dropped(utc: Stack) -> None:
    utc.send(hit(0), hit(0, user_id="bob"), event("2026-03-20 11:00", "bob", "Deals"))
    answer = funnel(utc, LEADS, DEALS, within_ms=None)
    assert (answer.converted, answer.dropped, answer.in_progress) == (1, 0, 1)
    assert answer.matured_rate is None
    assert answer.completion_rate == 0.5


def test_a_unit_is_in_the_group_that_who_started_it_was_in_on_that_day(utc: Stack) -> None:
    utc.send(upserted("2026-03-01 00:00", "ann", country="DE"))
    utc.send(upserted("2026-03-10 00:00", "ann", country="AT"))
    utc.send(hit(0, record_id="r1"), event("2026-03-10 09:00", "ann", record_id="r2"))
    utc.send(hit(1, "Deals", "bob", record_id="r1"), hit(2, "Leads", "bob", record_id="r3"))
    two_days = Window(DAY, date(2026, 3, 10))
    groups = funnel(utc, LEADS, DEALS, window=two_days, group_by=PeopleAttribute.COUNTRY).groups
    assert groups is not None
    assert groups.names == ["(not set)", "AT", "DE"]
    assert groups.counts == [[1, 0], [1, 0], [1, 1]]
    assert groups.completion_rates == [0.0, 0.0, 1.0]


def test_of_two_who_start_a_unit_at_once_the_first_by_user_id_gives_the_group(utc: Stack) -> None:
    utc.send(upserted(NINE, "zoe", country="AT"), upserted(NINE, "bob", country="DE"))
    utc.send(hit(0, user_id="zoe", record_id="r"), hit(0, user_id="bob", record_id="r"))
    groups = funnel(utc, LEADS, LEADS, group_by=PeopleAttribute.COUNTRY).groups
    assert groups is not None
    assert (groups.names, groups.counts) == (["DE"], [[1, 1]])


def test_a_step_may_have_a_filter_of_its_own(utc: Stack) -> None:
    utc.send(upserted(NINE - 1, "ann", team="north"), upserted(NINE - 1, "bob", team="south"))
    utc.send(*(hit(0, record_id=record) for record in ("r1", "r2")))
    utc.send(hit(1, "Deals", "bob", record_id="r1"), hit(1, "Deals", record_id="r2"))
    southern = FunnelStep(DEALS.selection, PeopleFilter(team=("south",)))
    assert funnel(utc, LEADS, southern).steps.counts == [2, 1]


def test_an_answer_is_provisional_while_the_window_of_the_last_day_may_get_late_hits(
    utc: Stack,
) -> None:
    request = FunnelRequest(tenant=TENANT, steps=STEPS, window=THAT_DAY, within_ms=2 * DAY_MS)
    utc.send(hit(0))
    utc.clock.now_ms = instant_ms("2026-03-18 23:59")
    assert utc.ask(request).proof.finality is Finality.PROVISIONAL
    utc.clock.now_ms = instant_ms("2026-03-19 00:00")
    assert utc.ask(request).proof.finality is Finality.FINAL
    assert utc.ask(request).proof.window == THAT_DAY


@pytest.mark.parametrize(
    ("asked", "field", "message"),
    [
        ({"steps": (LEADS,)}, "steps", "2 to 10 steps, not 1"),
        ({"steps": (LEADS,) * 11}, "steps", "2 to 10 steps, not 11"),
        ({"within_ms": 0}, "windowDays", "more than 0"),
        ({"within_ms": -1}, "windowDays", "more than 0"),
        ({"within_ms": 366 * DAY_MS + 1}, "windowDays", "up to 366"),
        (
            {"steps": (LEADS, FunnelStep(DEALS.selection, PeopleFilter(segment="s1")))},
            "steps[1].filter.segment",
            "cannot be filtered by a segment",
        ),
        (
            {"steps": (LEADS, FunnelStep(FeatureSelection(feature="Rockets")))},
            "steps[1].feature",
            "no feature 'Rockets'",
        ),
        (
            {"steps": (FunnelStep(FeatureSelection(feature="Calendar", property="Views")), LEADS)},
            "steps[0].property",
            "property 'Views' is not possible",
        ),
    ],
)
def test_what_is_no_funnel_is_refused_with_the_field_that_is_wrong(
    utc: Stack, asked: dict[str, object], field: str, message: str
) -> None:
    request = FunnelRequest(tenant=TENANT, **{"steps": STEPS} | asked)  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match=message) as refused:
        utc.ask(request)
    assert refused.value.field == field


def test_ten_steps_and_a_window_of_366_days_are_a_funnel(utc: Stack) -> None:
    utc.send(*(hit(number) for number in range(12)))
    assert funnel(utc, *[LEADS] * 10, within_ms=366 * DAY_MS).steps.counts == [1] * 10


def test_there_is_no_step_beyond_the_last(utc: Stack) -> None:
    for step in (0, 4):
        with pytest.raises(BadInputError, match=f"no step {step}") as refused:
            utc.ask(FunnelMembersRequest(tenant=TENANT, steps=STEPS, step=step))
        assert refused.value.field == "step"


def test_the_units_at_each_step_are_as_many_as_its_count(utc: Stack) -> None:
    utc.send(*(hit(0, record_id=f"r{number}") for number in range(4)))
    utc.send(event("2026-03-20 09:00", "bob", "Deals", record_id="r2"))  # of a day that is open
    request = FunnelRequest(tenant=TENANT, steps=(LEADS, DEALS), window=THAT_DAY)
    answer = utc.ask(request)
    listed = [
        utc.ask(request.units(answer, step=step, state=None, furthest=furthest))
        for step, furthest in ((1, False), (2, False), (1, True))
    ]
    assert [page.member_count for page in listed] == [*answer.steps.counts, 3]
    assert [[member.id for member in page.members] for page in listed] == [
        ["r0", "r1", "r2", "r3"],
        ["r2"],
        ["r0", "r1", "r3"],
    ]
    assert listed[1].members[0].name == "r2"
    pages = request.units(answer, step=1, state=FunnelState.IN_PROGRESS, furthest=False)
    assert [member.id for member in utc.ask(pages).members] == ["r0", "r1", "r3"]


def test_people_are_listed_with_their_name_and_email(utc: Stack) -> None:
    utc.send(upserted(NINE, "ann", name="Ann", email="ann@example.org"), hit(0))
    request = FunnelMembersRequest(tenant=TENANT, steps=STEPS, window=THAT_DAY, step=1)
    (member,) = utc.ask(request).members
    assert (member.id, member.name, member.email) == ("ann", "Ann", "ann@example.org")
    assert (member.step, member.started_ms, member.reached_ms) == (1, NINE, NINE)


def test_late_hits_count_when_they_occurred(utc: Stack) -> None:
    utc.send(hit(HOUR_MS, "Deals"))
    utc.fold()
    assert funnel(utc, LEADS, DEALS).steps.counts == [0, 0]
    utc.send(hit(0))
    assert funnel(utc, LEADS, DEALS).steps.counts == [1, 1]
    utc.fold()
    assert funnel(utc, LEADS, DEALS).steps.counts == [1, 1]
