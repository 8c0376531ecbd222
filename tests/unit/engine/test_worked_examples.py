"""The examples that the definitions work out, each from events to the number it must give."""

from datetime import date, timedelta

import pytest

from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.views.answers import ChangeReason, HomeAnswer
from shared.metrics.domain.views.people_answers import PersonMetrics
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.requests import (
    HomeRequest,
    Interval,
    TrendsRequest,
    UserAnalyticsRequest,
)
from tests.builders import DAY_MS, MINUTE_MS, event, heartbeat, instant_ms, login, upserted
from tests.unit.engine.stack import TENANT, Stack

MONDAY = date(2026, 3, 9)
THAT_DAY = Window(MONDAY, MONDAY)
THAT_WEEK = Window(MONDAY, MONDAY + timedelta(days=6))
NINE = instant_ms("2026-03-09 09:00")


def home(stack: Stack, window: Window | None = None, top: int = 10) -> HomeAnswer:
    """Home, the same before and after folding."""
    request = HomeRequest(tenant=TENANT, window=window, top=top)
    live = stack.views.ask(request)
    stack.fold()
    assert stack.views.ask(request) == live
    return live


def person(stack: Stack, window: Window) -> PersonMetrics:
    """The only person of a window."""
    (found,) = stack.views.ask(UserAnalyticsRequest(tenant=TENANT, window=window)).people
    return found


def test_one_login_three_clicks_a_duplicate_click_and_a_heartbeat_are_three_hits(
    utc: Stack,
) -> None:
    clicks = [event(NINE + minute * MINUTE_MS) for minute in (1, 2, 3)]
    utc.send(login(NINE), *clicks, clicks[0], heartbeat(NINE + 4 * MINUTE_MS))
    assert home(utc, THAT_DAY).total_hits.value == 3


def test_activity_from_nine_to_ten_and_from_eight_to_ten_is_two_sessions_and_180_minutes(
    utc: Stack,
) -> None:
    morning = [event(NINE + minute * MINUTE_MS) for minute in range(0, 61, 15)]
    evening = [
        event(instant_ms("2026-03-09 20:00") + minute * MINUTE_MS) for minute in range(0, 121, 15)
    ]
    utc.send(*evening, *morning)
    found = person(utc, THAT_DAY)
    assert (found.sessions, found.session_milliseconds // MINUTE_MS) == (2, 180)


def test_two_people_on_the_same_three_days_are_six_user_days_three_days_and_three_each(
    utc: Stack,
) -> None:
    for user_id in ("ann", "bob"):
        utc.send(*(event(NINE + day * DAY_MS, user_id) for day in (0, 2, 4)))
    attendance = home(utc, THAT_WEEK).attendance
    assert attendance.measure.value == 6
    assert attendance.org_days == 3
    assert attendance.average_per_active_user == 3.0


def test_one_hundred_features_to_ninety_seven_is_minus_three_percent(utc: Stack) -> None:
    utc.send(*(event(NINE - DAY_MS, feature=f"f{number}") for number in range(100)))
    utc.send(*(event(NINE, feature=f"f{number}") for number in range(97)))
    features = home(utc, THAT_DAY).features_used
    assert (features.value, features.previous, features.change_percent) == (97, 100, -3.0)


def test_properties_do_not_count_as_features(utc: Stack) -> None:
    utc.send(event(NINE), event(NINE, property="Views"), event(NINE, property="Calls"))
    assert home(utc, THAT_DAY).features_used.value == 1


def test_activity_on_october_4_8_12_and_14_is_an_attendance_of_four(utc: Stack) -> None:
    for day in (4, 8, 12, 14):
        utc.send(event(f"2025-10-{day:02} 10:00"), event(f"2025-10-{day:02} 11:00"))
    thirty_days = Window(date(2025, 10, 2), date(2025, 10, 31))
    assert person(utc, thirty_days).attendance == 4


def test_what_was_nothing_before_is_new_and_nothing_twice_is_no_change(utc: Stack) -> None:
    utc.send(event(NINE))
    answer = home(utc, THAT_DAY)
    assert answer.total_hits.change_percent is None
    assert answer.total_hits.reason is ChangeReason.NEW
    assert answer.inactive_users.change_percent == 0.0


def test_nobody_has_no_average(utc: Stack) -> None:
    answer = home(utc, THAT_DAY)
    assert answer.attendance.average_per_active_user is None
    assert answer.top_by_hits == []


def test_active_and_inactive_make_up_the_roster(utc: Stack) -> None:
    utc.send(*(upserted("2026-01-01 00:00", user_id) for user_id in ("ann", "bob", "cyd")))
    utc.send(event(NINE, "ann"), event(NINE, "not in the directory"))
    answer = home(utc, THAT_DAY)
    assert (answer.active_users.value, answer.inactive_users.value) == (2, 2)


def test_identical_rows_of_one_delivery_are_all_counted_and_a_resending_adds_none(
    utc: Stack,
) -> None:
    row: dict[str, object] = {"user_id": "ann", "occurred_at": NINE, "feature": "Leads"}
    for _ in range(2):
        utc.deliver([row] * 127)
    assert home(utc, THAT_DAY).total_hits.value == 127


def test_a_resending_long_afterwards_adds_nothing(utc: Stack) -> None:
    utc.send(event(NINE, name="order-1"))
    utc.fold()
    utc.clock.now_ms += 400 * DAY_MS
    utc.send(event(NINE, name="order-1"))
    assert home(utc, THAT_DAY).total_hits.value == 1


def test_the_default_windows_are_the_last_thirty_complete_days_and_the_thirty_before(
    utc: Stack,
) -> None:
    answer = home(utc)
    assert (answer.first, answer.last) == (date(2026, 2, 18), date(2026, 3, 19))
    assert (answer.compared_first, answer.compared_last) == (date(2026, 1, 19), date(2026, 2, 17))


def test_the_default_tables_are_five_iso_weeks_and_thirty_five_dense_days(utc: Stack) -> None:
    utc.send(event("2026-02-20 09:00"), login("2026-02-20 09:00"), event("2026-03-19 09:00"))
    answer = home(utc)
    weeks, days = answer.hits_by_week, answer.attendance_by_day
    assert weeks.dates == [date(2026, 2, 16) + timedelta(weeks=week) for week in range(5)]
    assert weeks.hits == [1, 0, 0, 0, 1]
    assert weeks.is_peak == [True, False, False, False, True]
    assert weeks.is_partial == [False, False, False, False, True]
    assert days.dates == [date(2026, 2, 13) + timedelta(days=day) for day in range(35)]
    assert (sum(days.active_users), sum(days.logins)) == (2, 1)


def test_an_explicit_range_is_what_the_tables_cover(utc: Stack) -> None:
    answer = home(utc, Window(date(2026, 3, 4), date(2026, 3, 10)))
    assert answer.hits_by_week.dates == [date(2026, 3, 2), MONDAY]
    assert answer.hits_by_week.is_partial == [True, True]
    assert len(answer.attendance_by_day.dates) == 7


def test_a_top_list_has_exactly_so_many_rows_and_ties_share_a_rank(utc: Stack) -> None:
    for user_id, hits in (("ann", 2), ("bob", 3), ("cyd", 2), ("dan", 2)):
        utc.send(*(event(NINE + hit, user_id) for hit in range(hits)))
    rows = home(utc, THAT_DAY, top=3).top_by_hits
    assert [(row.rank, row.user_id, row.value) for row in rows] == [
        (1, "bob", 3),
        (2, "ann", 2),
        (2, "cyd", 2),
    ]


def test_distinct_people_of_a_week_are_not_the_sum_of_its_days(utc: Stack) -> None:
    utc.send(event(NINE), event(NINE + DAY_MS), event(NINE + DAY_MS, "bob"))
    by_day = utc.views.ask(TrendsRequest(tenant=TENANT, window=THAT_WEEK))
    by_week = utc.views.ask(TrendsRequest(tenant=TENANT, window=THAT_WEEK, interval=Interval.WEEK))
    assert sum(by_day.series[TrendsMeasure.ACTIVE_USERS]) == 3
    assert by_week.series[TrendsMeasure.ACTIVE_USERS] == [2]
    assert by_week.series[TrendsMeasure.ATTENDANCE] == [3]


def test_last_seen_is_the_latest_activity_and_last_login_a_field_of_its_own(utc: Stack) -> None:
    utc.send(login(NINE), event(NINE + 5), heartbeat(NINE + 9))
    found = person(utc, THAT_WEEK)
    assert (found.last_seen_ms, found.last_login_ms) == (NINE + 5, NINE)


def test_who_never_logged_in_has_no_last_login(utc: Stack) -> None:
    utc.send(event(NINE))
    assert person(utc, THAT_WEEK).last_login_ms is None


@pytest.mark.parametrize(
    ("now", "compared_last"),
    [("2026-04-01 12:00", date(2026, 2, 28)), ("2026-03-16 12:00", date(2026, 2, 15))],
)
def test_a_calendar_month_is_compared_with_the_whole_one_before_or_its_same_days(
    utc: Stack, now: str, compared_last: date
) -> None:
    utc.clock.now_ms = instant_ms(now)
    answer = utc.views.ask(HomeRequest(tenant=TENANT, comparison=Comparison.CALENDAR_MONTH))
    assert answer.first == date(2026, 3, 1)
    assert (answer.compared_first, answer.compared_last) == (date(2026, 2, 1), compared_last)


def test_the_use_of_a_feature_counts_whatever_its_action_is_called(utc: Stack) -> None:
    """Even like a directory event's, with anything in its context: it must not spoil the roster."""
    row: dict[str, object] = {
        "user_id": "ann",
        "occurred_at": NINE,
        "feature": "Users",
        "action": "user.upserted",
        "context": {"country": ["DE"], "nested": {"n": 1}},
    }
    utc.deliver([row])
    assert home(utc, THAT_DAY).total_hits.value == 1
