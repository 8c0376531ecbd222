"""No data is not no use (definitions §6): days on which a source should have sent something and did
not, in every view; against plain loops, and by example.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.conditions import (
    Comparator,
    Condition,
    ConditionMetric,
    Threshold,
)
from shared.metrics.domain.expectations import Expectation, ExpectedSource
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import ChangeReason
from shared.metrics.domain.views.people_answers import UserAnalyticsAnswer
from shared.metrics.domain.views.trends_answer import TrendsAnswer, TrendsMeasure
from shared.metrics.engine.activity import ActivityRequest
from shared.metrics.engine.engagement_requests import (
    LifecycleRequest,
    PersonRequest,
    RetentionRequest,
    Returning,
    StickinessRequest,
)
from shared.metrics.engine.figure_requests import ProofRequest
from shared.metrics.engine.funnel_request import DAY_MS, FunnelRequest, FunnelStep
from shared.metrics.engine.heat_map_request import HeatMapRequest
from shared.metrics.engine.hub_requests import (
    FrequencyByFeatureRequest,
    FrequencyRequest,
    PopularityRequest,
)
from shared.metrics.engine.no_data import no_data_over
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import (
    HomeRequest,
    Interval,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.engine.snapshots import Snapshots
from tests.builders import event, heartbeat
from tests.oracles import no_data as oracle
from tests.unit.engine.no_data_strategies import About, Expecting, expecting_worlds, questions
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.test_people_against_oracle import check
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder

DAILY = ExpectedSource(Expectation.DAILY, date(2026, 1, 1))
WEEKDAYS = ExpectedSource(Expectation.WEEKDAYS, date(2026, 1, 1))
LEADS, DEALS = FeatureSelection(feature="Leads"), FeatureSelection(feature="Deals")
WEEK = Window(date(2026, 3, 9), date(2026, 3, 15))
TUESDAY = date(2026, 3, 10)
GAP = [False, True, False, False, False, False, False]


@pytest.mark.parametrize("about", About)
@in_one_folder
@given(st.data(), expecting_worlds())
def test_views_know_days_without_data_whatever_is_folded(
    tmp_path: Path, about: About, data: st.DataObject, world: Expecting
) -> None:
    with stack(
        tmp_path, zone=world.place.zone, now=world.now_ms, expectations=world.expectations
    ) as one:
        requests = data.draw(st.lists(questions(world, about), min_size=1, max_size=3))
        for delivery in world.deliveries:
            one.send(*delivery)
            if data.draw(st.booleans()):
                fold_some(data, one)
        check(one, requests)
        one.fold()
        check(one, requests)
        check(one.restarted(), requests)


@in_one_folder
@given(
    st.data(), expecting_worlds(), st.sampled_from([LEADS, DEALS, FeatureSelection(action="use")])
)
def test_which_days_are_covered_is_what_plain_loops_say(
    tmp_path: Path, data: st.DataObject, world: Expecting, selection: FeatureSelection
) -> None:
    with stack(
        tmp_path, zone=world.place.zone, now=world.now_ms, expectations=world.expectations
    ) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        if data.draw(st.booleans()):
            one.fold()
        last = world.today - timedelta(days=data.draw(st.integers(-2, 40)))
        span = Window(last - timedelta(days=data.draw(st.integers(0, 40))), last)
        now_ms = one.clock.now_ms
        tenant = one.services.tenancy.open(TENANT)
        found = no_data_over(Question(tenant, now_ms, Snapshots()), span)
        for asked in (FeatureSelection(), selection):
            expected = [oracle.is_missing(one.history, day, now_ms, asked) for day in span.days()]
            assert found.days(span, asked).tolist() == expected
        silent = {
            source
            for day in span.days()
            for source in oracle.silent_sources(one.history, day, now_ms)
        }
        assert found.sources(span) == sorted(silent)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Stack]:
    """Two sources of which something is expected each day: one feeds leads, the other deals. The
    one for deals was silent on a Tuesday.
    """
    with stack(tmp_path, expectations={"src": DAILY, "erp": DAILY}) as one:
        for day in Window(date(2026, 1, 1), date(2026, 3, 19)).days():
            one.send(event(f"{day} 09:00", "ann"))
            if day != TUESDAY:
                one.send(event(f"{day} 10:00", "bob", "Deals", source="erp"))
        yield one


def trends(one: Stack, **asked: object) -> TrendsAnswer:
    request = TrendsRequest(tenant=TENANT, **{"window": WEEK, **asked})  # type: ignore[arg-type]
    one.check(request)
    return one.ask(request)


def test_a_silent_day_of_a_source_that_should_send_is_without_data(two: Stack) -> None:
    home = two.ask(HomeRequest(tenant=TENANT, window=WEEK))
    assert home.attendance_by_day.no_data == GAP
    assert home.hits_by_week.no_data == [True]
    assert trends(two).no_data == GAP


def test_it_touches_only_the_features_that_the_source_feeds(two: Stack) -> None:
    assert trends(two, selection=DEALS).no_data == GAP
    assert trends(two, selection=LEADS).no_data == [False] * 7
    assert trends(two, selection=FeatureSelection(feature="Cases")).no_data == [False] * 7
    modules = FeatureSelection(feature="ALL_MODULES")
    assert trends(two, selection=modules).no_data == GAP


def test_without_expectations_no_day_is_without_data(utc: Stack) -> None:
    utc.send(event("2026-03-09 09:00"))
    assert trends(utc).no_data == [False] * 7
    home = utc.ask(HomeRequest(tenant=TENANT, window=WEEK))
    assert home.total_hits.reason is ChangeReason.NEW
    assert home.total_hits.mean_per_day is None


def test_a_weekend_is_not_expected_of_a_source_that_sends_on_weekdays(tmp_path: Path) -> None:
    for expected, flags in ((WEEKDAYS, [True] * 5 + [False] * 2), (DAILY, [True] * 7)):
        with stack(tmp_path, expectations={"src": expected}) as one:
            assert trends(one).no_data == flags


def test_a_day_is_not_expected_before_it_is_over(tmp_path: Path) -> None:
    """On Friday noon nothing has come since Wednesday: only Thursday is without data."""
    with stack(tmp_path, expectations={"src": DAILY}) as one:
        one.send(event("2026-03-18 09:00"))
        window = Window(date(2026, 3, 18), date(2026, 3, 20))
        assert trends(one, window=window, include_today=True).no_data == [False, True, False]


def test_nothing_is_expected_before_the_first_expected_day(tmp_path: Path) -> None:
    since_friday = ExpectedSource(Expectation.DAILY, date(2026, 3, 13))
    with stack(tmp_path, expectations={"src": since_friday}) as one:
        assert trends(one).no_data == [False] * 4 + [True] * 3


def test_a_day_that_was_skipped_is_not_expected(tmp_path: Path) -> None:
    skipped = date(2011, 12, 30)
    expected = ExpectedSource(Expectation.DAILY, date(2011, 1, 1))
    zone, now = "Pacific/Apia", "2012-01-05 12:00"
    with stack(tmp_path, zone=zone, now=now, expectations={"src": expected}) as one:
        window = Window(skipped - timedelta(days=1), skipped + timedelta(days=1))
        assert trends(one, window=window).no_data == [True, False, True]


def test_a_single_event_of_any_kind_is_data(tmp_path: Path) -> None:
    with stack(tmp_path, expectations={"src": DAILY}) as one:
        one.send(heartbeat("2026-03-10 09:00"))
        assert trends(one).no_data == [True, False] + [True] * 5


def test_a_late_event_fills_the_gap(two: Stack) -> None:
    assert trends(two).no_data == GAP
    two.fold()
    assert trends(two).no_data == GAP
    two.send(event("2026-03-10 11:00", "bob", "Deals", source="erp"))
    assert trends(two).no_data == [False] * 7
    two.fold()
    assert trends(two).no_data == [False] * 7


def test_a_source_that_never_sent_anything_may_feed_everything(tmp_path: Path) -> None:
    with stack(tmp_path, expectations={"erp": DAILY}) as one:
        for day in WEEK.days():
            one.send(event(f"{day} 09:00"))
        assert trends(one, selection=LEADS).no_data == [True] * 7


def test_a_source_feeds_what_it_had_hits_of_on_the_60_days_before(tmp_path: Path) -> None:
    """Its last hit of deals was on 9 January: until 10 March it is known to feed deals alone."""
    with stack(tmp_path, expectations={"erp": DAILY}) as one:
        one.send(event("2026-01-09 09:00", "bob", "Deals", source="erp"), event("2026-03-01 09:00"))
        assert trends(one, selection=DEALS).no_data == [True] * 7
        assert trends(one, selection=LEADS).no_data == [False] * 2 + [True] * 5


def test_a_change_beside_a_day_without_data_is_incomplete_with_means_over_the_others(
    two: Stack,
) -> None:
    """13 hits on seven days, 12 of them on the six with data; two a day the week before."""
    home = two.ask(HomeRequest(tenant=TENANT, window=WEEK))
    hits = home.total_hits
    assert (hits.value, hits.previous) == (13, 14)
    assert (hits.change_percent, hits.reason) == (None, ChangeReason.INCOMPLETE)
    assert (hits.mean_per_day, hits.previous_mean_per_day) == (2.0, 2.0)
    assert home.features_used.mean_per_day == 2.0
    assert home.attendance.measure.mean_per_day == 2.0
    assert (home.active_users.value, home.active_users.mean_per_day) == (2, 2.0)
    assert (home.inactive_users.value, home.inactive_users.mean_per_day) == (0, 0.0)
    later = two.ask(HomeRequest(tenant=TENANT, window=Window(date(2026, 3, 16), date(2026, 3, 18))))
    assert (later.total_hits.change_percent, later.total_hits.reason) == (0.0, None)
    after = two.ask(HomeRequest(tenant=TENANT, window=Window(date(2026, 3, 11), date(2026, 3, 12))))
    assert after.total_hits.reason is ChangeReason.INCOMPLETE  # the earlier side has the gap


def test_a_range_without_any_data_has_no_mean(tmp_path: Path) -> None:
    with stack(tmp_path, expectations={"src": DAILY}) as one:
        hits = one.ask(HomeRequest(tenant=TENANT, window=WEEK)).total_hits
        assert (hits.value, hits.reason, hits.mean_per_day) == (0, ChangeReason.INCOMPLETE, None)


def test_the_change_of_a_selection_that_misses_nothing_is_known(two: Stack) -> None:
    of = {"totals": True, "comparison": None}
    asked = {**of, "comparison": HomeRequest(tenant=TENANT).comparison}
    leads = trends(two, selection=LEADS, **asked).changes[TrendsMeasure.HITS]
    deals = trends(two, selection=DEALS, **asked).changes[TrendsMeasure.HITS]
    assert (leads.change_percent, leads.reason) == (0.0, None)
    assert (deals.change_percent, deals.reason) == (None, ChangeReason.INCOMPLETE)
    assert (deals.mean_per_day, deals.previous_mean_per_day) == (1.0, 1.0)


def test_a_week_with_a_day_without_data_is_flagged_and_its_means_are_by_day(two: Stack) -> None:
    answer = trends(
        two,
        window=Window(date(2026, 3, 2), date(2026, 3, 15)),
        interval=Interval.WEEK,
        totals=True,
        comparison=HomeRequest(tenant=TENANT).comparison,
        group_by=Part.FEATURE,
    )
    assert answer.no_data == [False, True]
    assert answer.compared_no_data == [False, False]
    active = answer.changes[TrendsMeasure.ACTIVE_USERS]
    assert (active.mean_per_day, active.previous_mean_per_day) == (2.0, 2.0)
    assert answer.groups is not None
    assert answer.groups.names == ["Leads", "Deals"]
    hits = answer.groups.changes[TrendsMeasure.HITS]
    assert [each.mean_per_day for each in hits] == [1.0, 1.0]


def test_days_without_data_are_neither_quiet_nor_spikes_nor_part_of_means(tmp_path: Path) -> None:
    """Without expectations the same silent week is a quiet run."""
    silent = Window(date(2026, 3, 2), date(2026, 3, 6))
    for expectations in ({}, {"src": DAILY}):
        with stack(tmp_path, expectations=expectations) as one:
            for day in Window(date(2026, 1, 19), date(2026, 3, 19)).days():
                if day not in silent:
                    one.send(event(f"{day} 09:00"), event(f"{day} 10:00"))
            one.services.tenancy.open(TENANT).library.annotations.create(
                "ada", day=date(2026, 3, 9), text="Release", category=None
            )
            answer = one.ask(ActivityRequest(tenant=TENANT))
            timeline, (note,) = answer.timeline, answer.notes
            gaps = [day for day, gap in zip(timeline.dates, timeline.no_data, strict=True) if gap]
            if expectations:
                assert (gaps, timeline.quiet_runs) == (silent.days(), [])
                assert note.mean_before == 2.0
            else:
                assert (gaps, timeline.quiet_runs) == ([], [silent])
                assert note.mean_before == 2 * 9 / 14


def test_stickiness_is_over_the_days_with_data(two: Stack) -> None:
    """Two people on each of six days, and a day on which one of two sources was silent."""
    answer = two.ask(StickinessRequest(tenant=TENANT, window=WEEK))
    assert (answer.total.mean_daily_active, answer.total.stickiness) == (2.0, 1.0)
    assert answer.by_day.no_data == GAP
    assert answer.by_month.no_data == [True]
    assert answer.by_day.stickiness[-1] == 1.0
    lifecycle = two.ask(LifecycleRequest(tenant=TENANT, window=WEEK, interval=Interval.DAY))
    assert lifecycle.no_data == GAP


def test_retention_leaves_weeks_with_days_without_data_out_of_its_means(two: Stack) -> None:
    """Cyd begins a week before the gap and comes back in it; bob and dan come back, dan unseen."""
    two.send(event("2026-03-02 09:00", "cyd"), event("2026-03-09 09:00", "cyd"))
    two.send(event("2026-03-09 10:00", "dan", "Deals", source="erp"))
    window = Window(date(2026, 3, 2), date(2026, 3, 22))
    request = RetentionRequest(tenant=TENANT, window=window, weeks=2)
    two.clock.now_ms += 7 * DAY_MS
    two.send(
        *(event(f"2026-03-{day} 09:00", "cyd") for day in (20, 21, 22)),
        *(event(f"2026-03-{day} 09:00", "dan", "Deals", source="erp") for day in (20, 21, 22)),
    )
    two.check(request)
    answer = two.ask(request)
    assert answer.sizes == [1, 1, 0]
    assert answer.returned[0] == [1, 1]
    assert answer.cohort_no_data == [False, True, False]
    assert answer.no_data == [[False, True], [True, False], [False, False]]
    assert answer.mean_rates == [1.0, None]
    of_leads = replace(request, selection=LEADS, returning=Returning.USED)
    two.check(of_leads)
    answer = two.ask(of_leads)
    assert answer.cohort_no_data == [False] * 3
    assert answer.mean_rates == [1.0, 1.0]
    back = replace(of_leads, returning=Returning.ACTIVE)
    two.check(back)
    assert two.ask(back).cohort_no_data == [False] * 3
    assert two.ask(back).no_data[0] == [False, True]


def test_the_heat_map_names_its_days_without_data(two: Stack) -> None:
    request = HeatMapRequest(tenant=TENANT, window=WEEK)
    two.check(request)
    assert two.ask(request).no_data_days == [TUESDAY]


def test_frequency_names_days_and_features_without_data(two: Stack) -> None:
    for selection, gaps in ((FeatureSelection(), [TUESDAY]), (DEALS, [TUESDAY]), (LEADS, [])):
        request = FrequencyRequest(tenant=TENANT, window=WEEK, selection=selection)
        two.check(request)
        assert two.ask(request).no_data_days == gaps
    by_feature = FrequencyByFeatureRequest(tenant=TENANT, window=WEEK)
    two.check(by_feature)
    answer = two.ask(by_feature)
    assert dict(zip(answer.features, answer.no_data, strict=True)) == {
        "Leads": False,
        "Deals": True,
    }


def test_a_funnel_names_the_days_without_data_of_its_steps_and_the_window_after(
    two: Stack,
) -> None:
    monday = Window(date(2026, 3, 9), date(2026, 3, 9))
    leads, deals, cases = (
        FunnelStep(each) for each in (LEADS, DEALS, FeatureSelection(feature="Cases"))
    )
    for steps, within_ms, gaps in (
        ((leads, deals), DAY_MS, [TUESDAY]),
        ((leads, deals), None, [TUESDAY]),
        ((deals, leads), 1, [TUESDAY]),
        ((leads, cases), DAY_MS, []),
    ):
        request = FunnelRequest(tenant=TENANT, window=monday, steps=steps, within_ms=within_ms)
        two.check(request)
        assert two.ask(request).no_data_days == gaps


def people(one: Stack, window: Window, metric: ConditionMetric) -> UserAnalyticsAnswer:
    threshold = Threshold(Comparator.AT_LEAST, 0)
    condition = Condition(metric, threshold)
    return one.ask(UserAnalyticsRequest(tenant=TENANT, window=window, conditions=(condition,)))


@pytest.mark.parametrize(
    "metric", [ConditionMetric.ATTENDANCE_DECREASE, ConditionMetric.ATTENDANCE_INCREASE]
)
def test_who_came_less_often_is_not_known_beside_a_day_without_data(
    two: Stack, metric: ConditionMetric
) -> None:
    """Bob came on six of seven days; on the seventh it is not known whether he did."""
    assert people(two, WEEK, metric).size == 0
    assert people(two, Window(date(2026, 3, 11), date(2026, 3, 12)), metric).size == 0
    assert people(two, Window(date(2026, 3, 16), date(2026, 3, 18)), metric).size == 2
    everyone = two.ask(UserAnalyticsRequest(tenant=TENANT, window=WEEK)).people
    assert [each.attendance for each in everyone] == [7, 6]
    assert {each.attendance_change_reason for each in everyone} == {ChangeReason.INCOMPLETE}
    assert {each.attendance_change_percent for each in everyone} == {None}


def test_a_persons_changes_are_not_known_either(two: Stack) -> None:
    request = PersonRequest(tenant=TENANT, window=WEEK, user_id="bob")
    two.check(request)
    bob = two.ask(request)
    assert (bob.attendance.value, bob.attendance.reason) == (6, ChangeReason.INCOMPLETE)
    assert bob.days.no_data == GAP


def test_the_change_of_a_features_popularity_is_not_known_if_it_misses_data(two: Stack) -> None:
    answer = two.ask(PopularityRequest(tenant=TENANT, window=WEEK))
    reasons = dict(zip(answer.names, answer.change_reasons, strict=True))
    assert reasons == {"Leads": None, "Deals": ChangeReason.INCOMPLETE}
    for selection, reason in (
        (FeatureSelection(), ChangeReason.INCOMPLETE),
        (DEALS, ChangeReason.INCOMPLETE),
        (LEADS, None),
    ):
        by_property = PopularityRequest(
            tenant=TENANT, window=WEEK, part=Part.PROPERTY, selection=selection
        )
        assert two.ask(by_property).change_reasons == [reason]


def test_the_proof_names_the_sources_that_were_silent(two: Stack) -> None:
    assert two.ask(ProofRequest(tenant=TENANT, window=WEEK)).no_data_sources == ["erp"]
    after = Window(date(2026, 3, 11), date(2026, 3, 15))
    assert two.ask(ProofRequest(tenant=TENANT, window=after)).no_data_sources == []


def test_what_is_expected_counts_from_the_next_question_on(utc: Stack) -> None:
    from shared.metrics.storage.source_expectations import expect

    utc.send(event("2026-03-09 09:00"))
    request = TrendsRequest(tenant=TENANT, window=WEEK)
    assert utc.ask(request).no_data == [False] * 7
    expect(utc.services.tenants, "src", Expectation.DAILY)
    assert utc.ask(request).no_data == [False] + [True] * 6
    expect(utc.services.tenants, "src", Expectation.NONE)
    assert utc.ask(request).no_data == [False] * 7
