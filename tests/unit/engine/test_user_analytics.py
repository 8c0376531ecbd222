"""User analytics: the examples and edges of its definition, each by name."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.metrics.domain.conditions import (
    Comparator,
    Condition,
    ConditionMetric,
    SessionTime,
    Threshold,
)
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import ChangeReason
from shared.metrics.domain.views.people_answers import PersonSort, UserAnalyticsAnswer
from shared.metrics.engine.requests import AttributeValues, PeopleFilter, UserAnalyticsRequest
from tests.builders import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    deactivated,
    event,
    heartbeat,
    instant_ms,
    login,
    upserted,
)
from tests.unit.engine.stack import TENANT, Stack, stack

Metric = ConditionMetric
OCTOBER = Window(date(2025, 10, 2), date(2025, 10, 31))
"""The 30 days to Oct 31."""

THAT_DAY = Window(date(2026, 3, 9), date(2026, 3, 9))
NINE = instant_ms("2026-03-09 09:00")


def condition(
    metric: Metric,
    comparator: Comparator,
    value: float,
    up_to: float | None = None,
    **more: SessionTime | FeatureSelection,
) -> Condition:
    return Condition(metric, Threshold(comparator, value, up_to), **more)  # type: ignore[arg-type]


def asked(
    stack: Stack, *conditions: Condition, window: Window | None = OCTOBER, **more: object
) -> UserAnalyticsAnswer:
    """The answer, the same before and after folding, and what the definitions say."""
    request = UserAnalyticsRequest(
        tenant=TENANT,
        window=window,
        conditions=conditions,
        **more,  # type: ignore[arg-type]
    )
    stack.check(request)
    live = stack.ask(request)
    stack.fold()
    stack.check(request)
    assert stack.ask(request) == live
    return live


def found(
    stack: Stack, *conditions: Condition, window: Window | None = OCTOBER, **more: object
) -> list[str]:
    return [row.user_id for row in asked(stack, *conditions, window=window, **more).people]


def send_active(stack: Stack, user_id: str, days: range, month: str = "2025-10") -> None:
    stack.send(*(event(f"{month}-{day:02} 10:00", user_id) for day in days))


def test_activity_on_october_4_8_12_and_14_is_an_attendance_of_4_in_the_30_days_to_october_31(
    utc: Stack,
) -> None:
    for day in (4, 8, 12, 14):
        utc.send(event(f"2025-10-{day:02} 10:00"), login(f"2025-10-{day:02} 11:00"))
    four = condition(Metric.ATTENDANCE, Comparator.EQUAL, 4)
    (row,) = asked(utc, four).people
    assert row.attendance == 4
    assert found(utc, condition(Metric.ATTENDANCE, Comparator.GREATER_THAN, 4)) == []
    assert found(utc, condition(Metric.ATTENDANCE, Comparator.LESS_THAN, 4)) == []


def test_from_10_days_to_15_is_an_increase_of_50_percent(utc: Stack) -> None:
    send_active(utc, "ann", range(2, 12), "2025-09")
    send_active(utc, "ann", range(2, 17))
    (row,) = asked(utc).people
    assert (row.previous_attendance, row.attendance) == (10, 15)
    assert row.attendance_change_percent == 50.0
    assert found(utc, condition(Metric.ATTENDANCE_INCREASE, Comparator.EQUAL, 50)) == ["ann"]
    assert found(utc, condition(Metric.ATTENDANCE_INCREASE, Comparator.GREATER_THAN, 50)) == []
    assert found(utc, condition(Metric.ATTENDANCE_DECREASE, Comparator.EQUAL, 0)) == ["ann"]


def test_from_30_days_to_15_is_a_decrease_of_50_percent(utc: Stack) -> None:
    send_active(utc, "ann", range(2, 31), "2025-09")
    send_active(utc, "ann", range(1, 2))
    send_active(utc, "ann", range(2, 17))
    (row,) = asked(utc).people
    assert (row.previous_attendance, row.attendance) == (30, 15)
    assert row.attendance_change_percent == -50.0
    assert found(utc, condition(Metric.ATTENDANCE_DECREASE, Comparator.AT_LEAST, 50)) == ["ann"]
    assert found(utc, condition(Metric.ATTENDANCE_DECREASE, Comparator.GREATER_THAN, 50)) == []
    assert found(utc, condition(Metric.ATTENDANCE_INCREASE, Comparator.EQUAL, 0)) == ["ann"]


def test_a_change_is_rounded_once_so_that_28_percent_is_not_more_than_28(utc: Stack) -> None:
    """7 / 25 x 100 would be 28.000000000000004."""
    days = [date(2025, 8, 1) + timedelta(days=number) for number in range(64)]
    active = [*days[:25], *days[32:]]
    utc.send(*(event(f"{day.isoformat()} 10:00") for day in active))
    window = Window(days[32], days[63])
    (row,) = asked(utc, window=window).people
    assert (row.previous_attendance, row.attendance) == (25, 32)
    assert row.attendance_change_percent == 28.0
    exactly = condition(Metric.ATTENDANCE_INCREASE, Comparator.EQUAL, 28)
    assert found(utc, exactly, window=window) == ["ann"]


def test_from_nothing_to_something_is_no_percentage_and_matches_no_threshold(utc: Stack) -> None:
    send_active(utc, "ann", range(4, 6))
    (row,) = asked(utc).people
    assert (row.attendance_change_percent, row.attendance_change_reason) == (
        None,
        ChangeReason.NEW,
    )
    for metric in (Metric.ATTENDANCE_INCREASE, Metric.ATTENDANCE_DECREASE):
        for comparator in (Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.LESS_THAN):
            assert found(utc, condition(metric, comparator, 0)) == []
            assert found(utc, condition(metric, comparator, 1_000_000)) == []


def test_nothing_twice_is_a_change_of_0(utc: Stack) -> None:
    utc.send(upserted("2025-01-01 00:00"))
    (row,) = asked(utc).people
    assert (row.attendance_change_percent, row.attendance_change_reason) == (0.0, None)
    assert found(utc, condition(Metric.ATTENDANCE_INCREASE, Comparator.AT_MOST, 0)) == ["ann"]


def test_a_calendar_month_is_compared_with_the_same_days_of_the_month_before(utc: Stack) -> None:
    send_active(utc, "ann", range(1, 5), "2025-09")
    send_active(utc, "ann", range(20, 25), "2025-09")
    send_active(utc, "ann", range(1, 7))
    answer = asked(
        utc,
        window=Window(date(2025, 10, 10), date(2025, 10, 14)),
        comparison=Comparison.CALENDAR_MONTH,
    )
    assert answer.proof.window == Window(date(2025, 10, 1), date(2025, 10, 14))
    assert answer.compared == Window(date(2025, 9, 1), date(2025, 9, 14))
    (row,) = answer.people
    assert (row.attendance, row.previous_attendance) == (6, 4)


@pytest.mark.parametrize(
    ("ago_ms", "matches"), [(DAY_MS - 1, True), (DAY_MS, False), (DAY_MS + 1, False)]
)
def test_less_than_1_day_is_strictly_less_than_24_hours(
    utc: Stack,
    ago_ms: int,
    matches: bool,  # noqa: FBT001
) -> None:
    utc.send(upserted("2025-01-01 00:00"), event(utc.clock.now_ms + 1 - ago_ms))
    day = condition(Metric.LAST_SEEN, Comparator.LESS_THAN, 1)
    assert (found(utc, day, window=None) == ["ann"]) == matches
    at_least = condition(Metric.LAST_SEEN, Comparator.AT_LEAST, 1)
    assert (found(utc, at_least, window=None) == ["ann"]) != matches


def test_a_day_of_last_seen_has_24_hours_also_when_the_local_one_has_23(tmp_path: Path) -> None:
    with stack(tmp_path, zone="Europe/Berlin", now="2026-03-29 12:00") as one:
        one.send(upserted("2025-01-01 00:00"), event(one.clock.now_ms + 1 - 24 * HOUR_MS))
        wall_clock = one.services.tenancy.open(TENANT).calendar.wall_clock(
            one.clock.now_ms - 24 * HOUR_MS
        )
        assert (wall_clock.day, wall_clock.hour) == (28, 11)
        assert found(one, condition(Metric.LAST_SEEN, Comparator.LESS_THAN, 1), window=None) == []


def test_last_seen_looks_beyond_the_range_and_the_filter(utc: Stack) -> None:
    """The default range ends yesterday; ann was there this morning, and moved in between."""
    utc.send(
        upserted("2025-01-01 00:00", country="DE"),
        event("2026-03-10 10:00"),
        upserted("2026-03-20 07:00", country="AT"),
        event("2026-03-20 08:00"),
    )
    recently = condition(Metric.LAST_SEEN, Comparator.LESS_THAN, 1)
    answer = asked(utc, recently, window=None, people=PeopleFilter(country=("DE",)))
    (row,) = answer.people
    assert row.last_seen_ms == instant_ms("2026-03-10 10:00")


def test_who_was_never_seen_is_in_no_comparison_and_has_a_condition_of_its_own(utc: Stack) -> None:
    utc.send(
        *(upserted("2024-01-01 00:00", user_id) for user_id in ("old", "never", "bot")),
        upserted("2024-01-01 00:00", "bot", is_integration="true"),
        event("2025-01-05 10:00", "old"),
        event("2025-01-05 10:00", "bot"),
    )
    for comparator in (Comparator.GREATER_THAN, Comparator.AT_LEAST):
        assert found(utc, condition(Metric.LAST_SEEN, comparator, 30), window=None) == ["old"]
    assert found(utc, condition(Metric.LAST_SEEN, Comparator.LESS_THAN, 1830), window=None) == [
        "old"
    ]
    assert found(utc, Condition(Metric.NEVER_SEEN), window=None) == ["never"]


def send_minutes(stack: Stack, start_ms: int, minutes: float) -> None:
    end_ms = start_ms + round(minutes * MINUTE_MS)
    beats = range(start_ms + 10 * MINUTE_MS, end_ms, 10 * MINUTE_MS)
    stack.send(event(start_ms), *(heartbeat(at_ms) for at_ms in beats), heartbeat(end_ms))


@pytest.mark.parametrize(("minutes", "matches"), [(300, False), (300 + 1 / 60_000, True)])
def test_more_than_300_minutes_is_strictly_more_than_300(
    utc: Stack,
    minutes: float,
    matches: bool,  # noqa: FBT001
) -> None:
    send_minutes(utc, NINE, minutes)
    more = condition(Metric.SESSION_MINUTES, Comparator.GREATER_THAN, 300)
    assert (found(utc, more, window=THAT_DAY) == ["ann"]) == matches
    exactly = condition(Metric.SESSION_MINUTES, Comparator.EQUAL, 300)
    assert (found(utc, exactly, window=THAT_DAY) == ["ann"]) != matches


def test_session_time_is_of_the_range_or_of_an_active_day_or_of_any_day(utc: Stack) -> None:
    """60 minutes on one day, none on another."""
    send_minutes(utc, NINE, 60)
    utc.send(event(NINE + DAY_MS))
    window = Window(THAT_DAY.first, THAT_DAY.first + timedelta(days=1))

    def matches(how: SessionTime, comparator: Comparator, value: float) -> bool:
        minutes = condition(Metric.SESSION_MINUTES, comparator, value, session_time=how)
        return found(utc, minutes, window=window) == ["ann"]

    assert matches(SessionTime.TOTAL, Comparator.EQUAL, 60)
    assert matches(SessionTime.PER_ACTIVE_DAY, Comparator.EQUAL, 30)
    assert matches(SessionTime.ANY_DAY, Comparator.EQUAL, 60)
    assert matches(SessionTime.ANY_DAY, Comparator.EQUAL, 0)
    assert not matches(SessionTime.ANY_DAY, Comparator.EQUAL, 30)


def test_who_had_no_active_day_has_no_session_time_a_day(utc: Stack) -> None:
    utc.send(upserted("2025-01-01 00:00"))
    for how, matches in (
        (SessionTime.TOTAL, True),
        (SessionTime.PER_ACTIVE_DAY, False),
        (SessionTime.ANY_DAY, False),
    ):
        less = condition(Metric.SESSION_MINUTES, Comparator.LESS_THAN, 5, session_time=how)
        assert (found(utc, less) == ["ann"]) == matches


def test_people_without_any_activity_satisfy_what_asks_for_little(utc: Stack) -> None:
    utc.send(upserted("2025-01-01 00:00", "idle"), event("2025-10-04 10:00", "ann"))
    leads = FeatureSelection(feature="Leads")
    few = condition(Metric.ATTENDANCE, Comparator.LESS_THAN, 5)
    assert found(utc, few) == ["ann", "idle"]
    assert found(utc, Condition(Metric.FEATURE_NOT_USED, selection=leads)) == ["idle"]
    (row,) = asked(utc, condition(Metric.HITS, Comparator.EQUAL, 0)).people
    assert (row.attendance, row.sessions, row.last_seen_ms, row.last_login_ms) == (0, 0, None, None)


def test_everyone_of_the_roster_is_listed_without_conditions(utc: Stack) -> None:
    utc.send(
        upserted("2025-01-01 00:00", "idle"),
        upserted("2025-01-01 00:00", "gone"),
        deactivated("2025-10-20 00:00", "gone"),
        upserted("2025-01-01 00:00", "bot", is_integration="true"),
        event("2025-10-04 10:00", "bot"),
        event("2025-10-04 10:00", "unknown"),
    )
    answer = asked(utc)
    assert [row.user_id for row in answer.people] == ["idle", "unknown"]
    assert (answer.size, answer.roster_size, answer.share_of_roster) == (2, 2, 1.0)


def test_using_a_feature_at_least_n_times_and_not_using_it_so_often(utc: Stack) -> None:
    for user_id, times in (("ann", 3), ("bob", 2), ("cyd", 0)):
        utc.send(upserted("2025-01-01 00:00", user_id))
        utc.send(
            *(
                event(
                    f"2025-10-04 10:{minute:02}", user_id, property="Views", attribute="List View"
                )
                for minute in range(times)
            )
        )
    views = FeatureSelection(feature="Leads", property="Views", attribute="List View")
    three = Threshold(Comparator.AT_LEAST, 3)
    used = Condition(Metric.FEATURE_USED, three, selection=views)
    not_used = Condition(Metric.FEATURE_NOT_USED, three, selection=views)
    assert found(utc, used) == ["ann"]
    assert found(utc, not_used) == ["bob", "cyd"]
    assert found(utc, Condition(Metric.FEATURE_USED, selection=views)) == ["ann", "bob"]


def test_a_feature_that_is_possible_but_was_never_used_is_used_by_nobody(utc: Stack) -> None:
    utc.send(event("2025-10-04 10:00"))
    kanban = FeatureSelection(feature="Deals", property="Views", attribute="Kanban View")
    assert found(utc, Condition(Metric.FEATURE_USED, selection=kanban)) == []
    answer = asked(utc, features=(kanban,))
    assert (answer.people[0].feature_hits, answer.feature_users) == ([0], [0])


def test_an_impossible_feature_is_named_with_the_condition(utc: Stack) -> None:
    utc.send(event("2025-10-04 10:00"))
    fine = Condition(Metric.FEATURE_USED, selection=FeatureSelection(feature="Leads"))
    wrong = Condition(Metric.FEATURE_USED, selection=FeatureSelection(feature="Ledas"))
    with pytest.raises(BadInputError, match="no feature 'Ledas'") as caught:
        asked(utc, fine, wrong)
    assert caught.value.field == "conditions[1].feature.feature"
    with pytest.raises(BadInputError) as caught:
        asked(utc, features=(FeatureSelection(feature="Leads", property="Vews"),))
    assert caught.value.field == "features[0].property"
    with pytest.raises(BadInputError, match="at most 20"):
        asked(utc, features=(FeatureSelection(),) * 21)


def test_totals_of_a_segment_and_of_an_empty_one(utc: Stack) -> None:
    leads, deals = FeatureSelection(feature="Leads"), FeatureSelection(feature="Deals")
    for user_id in ("ann", "bob", "cyd", "dan"):
        utc.send(upserted("2025-01-01 00:00", user_id))
    utc.send(
        event("2025-10-04 10:00", "ann"),
        event("2025-10-05 10:00", "ann", "Deals"),
        event("2025-10-04 10:00", "bob"),
    )
    seen = condition(Metric.ATTENDANCE, Comparator.AT_LEAST, 1)
    answer = asked(utc, seen, features=(leads, deals))
    assert (answer.size, answer.roster_size, answer.share_of_roster) == (2, 4, 0.5)
    assert (answer.feature_users, answer.feature_shares) == ([2, 1], [1.0, 0.5])
    assert [row.feature_hits for row in answer.people] == [[1, 1], [1, 0]]
    nobody = condition(Metric.ATTENDANCE, Comparator.GREATER_THAN, 31)
    answer = asked(utc, nobody, features=(leads,))
    assert (answer.size, answer.share_of_roster) == (0, 0.0)
    assert (answer.feature_users, answer.feature_shares) == ([0], [None])


def test_nobody_at_all_has_no_share_of_a_roster(utc: Stack) -> None:
    answer = asked(utc)
    assert (answer.people, answer.roster_size, answer.share_of_roster) == ([], 0, None)


def test_conditions_hold_all_together(utc: Stack) -> None:
    send_active(utc, "ann", range(4, 10))
    send_active(utc, "bob", range(4, 6))
    between = condition(Metric.ATTENDANCE, Comparator.BETWEEN, 2, 6)
    assert found(utc, between) == ["ann", "bob"]
    many = condition(Metric.HITS, Comparator.GREATER_THAN, 2)
    assert found(utc, between, many) == ["ann"]


def test_people_are_ordered_either_way_with_ties_by_id_and_null_at_the_end(utc: Stack) -> None:
    send_active(utc, "bob", range(4, 6))
    send_active(utc, "ann", range(4, 6))
    send_active(utc, "cyd", range(4, 5))
    utc.send(upserted("2025-01-01 00:00", "idle"))
    by = PersonSort.LAST_SEEN
    assert found(utc, sort=by) == ["cyd", "ann", "bob", "idle"]
    assert found(utc, sort=by, descending=True) == ["ann", "bob", "cyd", "idle"]
    assert found(utc, sort=PersonSort.HITS, descending=True) == ["ann", "bob", "cyd", "idle"]
    assert found(utc, descending=True) == ["idle", "cyd", "bob", "ann"]


def test_an_attribute_that_changed_in_the_range_counts_day_by_day_or_as_it_is_now(
    utc: Stack,
) -> None:
    utc.send(
        upserted("2025-01-01 00:00", country="DE"),
        upserted("2025-10-10 06:00", country="AT"),
        *(event(f"2025-10-{day:02} 10:00") for day in (8, 9, 10, 11, 12)),
    )

    def attendance(country: str, how: AttributeValues) -> list[int]:
        people = PeopleFilter(country=(country,), attribute_values=how)
        return [row.attendance for row in asked(utc, people=people).people]

    assert attendance("DE", AttributeValues.ON_DAY) == [2]
    assert attendance("AT", AttributeValues.ON_DAY) == [3]
    assert attendance("DE", AttributeValues.CURRENT) == []
    assert attendance("AT", AttributeValues.CURRENT) == [5]


def test_today_is_compared_with_the_same_hours_of_the_last_day_before(utc: Stack) -> None:
    """At noon; yesterday's only activity was in the afternoon."""
    utc.send(event("2026-03-19 13:00"), event("2026-03-20 09:00"))
    today = Window(date(2026, 3, 20), date(2026, 3, 20))
    (row,) = asked(utc, window=today).people
    assert (row.attendance, row.previous_attendance) == (1, 0)
    assert row.attendance_change_reason is ChangeReason.NEW
