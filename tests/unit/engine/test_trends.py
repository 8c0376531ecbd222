"""Trends: the examples and edges of its definition, each by name."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import ALL_MODULES, FeatureSelection
from shared.metrics.domain.views.trends_answer import GroupedTrends, TrendsAnswer, TrendsMeasure
from shared.metrics.engine import trend_events
from shared.metrics.engine.requests import (
    AttributeValues,
    Interval,
    PeopleAttribute,
    PeopleFilter,
    TrendsRequest,
)
from shared.metrics.storage.blocks import Blocks
from tests.builders import DAY_MS, HOUR_MS, MINUTE_MS, event, instant_ms, login, upserted
from tests.unit.engine.stack import TENANT, Stack, stack

M = TrendsMeasure
MONDAY = date(2026, 3, 9)
TUESDAY = MONDAY + timedelta(days=1)
NINE = instant_ms("2026-03-09 09:00")
THAT_WEEK = Window(MONDAY, MONDAY + timedelta(days=6))
TWO_DAYS = Window(MONDAY, TUESDAY)
EVERYTHING = frozenset(TrendsMeasure)
LEADS = FeatureSelection(feature="Leads")


def trends(stack: Stack, window: Window = THAT_WEEK, **fields: object) -> TrendsAnswer:
    """Every measure with totals, compared with the definitions before and after folding."""
    given = {"measures": EVERYTHING, "totals": True, **fields}
    request = TrendsRequest(tenant=TENANT, window=window, **given)  # type: ignore[arg-type]
    stack.check(request)
    stack.fold()
    stack.check(request)
    return stack.ask(request)


def groups(answer: TrendsAnswer) -> GroupedTrends:
    assert answer.groups is not None
    return answer.groups


def by_name(answer: TrendsAnswer, which: TrendsMeasure) -> dict[str, int]:
    """A measure of each group over the whole range."""
    found = groups(answer)
    return dict(zip(found.names, found.totals[which], strict=True))


def test_distinct_people_of_a_range_are_the_sum_neither_of_its_weeks_nor_of_its_days(
    utc: Stack,
) -> None:
    for days in (0, 1, 7):
        utc.send(event(NINE + days * DAY_MS), event(NINE + days * DAY_MS, f"guest {days}"))
    two_weeks = Window(MONDAY, MONDAY + timedelta(days=13))
    utc.clock.now_ms += 30 * DAY_MS
    answer = trends(utc, two_weeks, interval=Interval.WEEK)
    assert answer.series[M.ACTIVE_USERS] == [3, 2]
    assert answer.totals[M.ACTIVE_USERS] == 4
    assert answer.totals[M.ATTENDANCE] == 6
    assert sum(trends(utc, two_weeks).series[M.ACTIVE_USERS]) == 6


def test_the_fifty_third_week_of_a_year_goes_on_in_the_next(tmp_path: Path) -> None:
    with stack(tmp_path, now="2027-01-20 12:00") as one:
        one.send(event("2026-12-27 23:59"), event("2026-12-28 00:00"), event("2027-01-03 23:59"))
        one.send(event("2027-01-04 00:00", "bob"))
        window = Window(date(2026, 12, 21), date(2027, 1, 10))
        answer = trends(one, window, interval=Interval.WEEK)
        by_month = trends(one, window, interval=Interval.MONTH)
    assert answer.dates == [date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 4)]
    assert answer.series[M.HITS] == [1, 2, 1]
    assert answer.is_partial == [False, False, False]
    assert by_month.dates == [date(2026, 12, 1), date(2027, 1, 1)]
    assert by_month.is_partial == [True, True]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_days_of_23_and_25_hours_have_all_their_hits_and_sessions(
    tmp_path: Path, day: date
) -> None:
    zone = "Europe/Berlin"
    with stack(tmp_path, zone=zone, now="2026-11-20 12:00") as berlin:
        start = instant_ms(f"{day} 00:00", zone)
        end = instant_ms(f"{day + timedelta(days=1)} 00:00", zone)
        berlin.send(*(event(at, record_id=str(at)) for at in range(start, end, HOUR_MS)))
        answer = trends(berlin, Window(day, day), selection=LEADS)
    hours = (end - start) // HOUR_MS
    assert hours in (23, 25)
    assert answer.series[M.HITS] == answer.series[M.SESSIONS] == [hours]
    assert answer.series[M.RECORDS] == [hours]


def test_a_group_has_what_people_did_while_they_were_in_it_and_hits_are_partitioned(
    utc: Stack,
) -> None:
    utc.send(
        upserted("2026-01-01 00:00", country="DE"),
        upserted("2026-03-10 12:00", country="AT"),
        event(NINE),
        event(NINE + MINUTE_MS),
        event(NINE + DAY_MS),
        login(NINE, "bob"),
    )
    answer = trends(utc, group_by=PeopleAttribute.COUNTRY)
    assert by_name(answer, M.HITS) == {"DE": 2, "AT": 1, "(not set)": 0}
    assert by_name(answer, M.ACTIVE_USERS) == {"DE": 1, "AT": 1, "(not set)": 1}
    assert sum(groups(answer).totals[M.HITS]) == answer.totals[M.HITS] == 3
    assert answer.totals[M.ACTIVE_USERS] == 2
    assert groups(answer).overlaps
    assert not answer.is_backfilled
    assert not groups(
        trends(utc, Window(MONDAY, MONDAY), group_by=PeopleAttribute.COUNTRY)
    ).overlaps


def test_current_groups_do_not_overlap(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", team="north"),
        upserted("2026-03-10 12:00", team="south"),
        event(NINE),
        event(NINE + DAY_MS),
    )
    assert groups(trends(utc, group_by=PeopleAttribute.TEAM)).overlaps
    now = PeopleFilter(attribute_values=AttributeValues.CURRENT)
    answer = trends(utc, group_by=PeopleAttribute.TEAM, people=now)
    assert by_name(answer, M.HITS) == {"south": 2}
    assert not groups(answer).overlaps


def test_a_group_by_a_value_that_was_known_only_later_is_said(utc: Stack) -> None:
    utc.send(event(NINE), upserted("2026-03-12 00:00", country="DE"))
    assert trends(utc, group_by=PeopleAttribute.COUNTRY).is_backfilled
    assert trends(utc, people=PeopleFilter(country=("DE",))).is_backfilled
    assert not trends(utc).is_backfilled
    assert not trends(utc, group_by=PeopleAttribute.LANGUAGE).is_backfilled


def test_a_person_who_used_two_features_of_a_group_counts_once_in_it(utc: Stack) -> None:
    utc.send(event(NINE), event(NINE, feature="Deals"), event(NINE, feature="Rockets"))
    by_category = trends(utc, group_by=Part.CATEGORY)
    assert by_name(by_category, M.HITS) == {"Modules": 2, "(uncatalogued)": 1}
    assert by_name(by_category, M.ACTIVE_USERS) == {"Modules": 1, "(uncatalogued)": 1}
    assert by_name(by_category, M.ATTENDANCE) == {"Modules": 1, "(uncatalogued)": 1}
    assert groups(by_category).overlaps
    assert M.LOGINS not in groups(by_category).series
    assert by_category.series[M.LOGINS][0] == 0


def test_a_session_with_a_feature_on_both_sides_of_midnight_counts_once_on_the_first(
    utc: Stack,
) -> None:
    utc.send(event("2026-03-09 23:55"), event("2026-03-10 00:05"), event("2026-03-10 00:15"))
    assert trends(utc, TWO_DAYS, selection=LEADS).series[M.SESSIONS] == [1, 0]
    assert groups(trends(utc, TWO_DAYS, group_by=Part.FEATURE)).series[M.SESSIONS] == [[1, 0]]
    second_day = trends(utc, Window(TUESDAY, TUESDAY), selection=LEADS)
    assert second_day.series[M.SESSIONS] == [0]
    assert second_day.series[M.HITS] == [2]


def test_a_session_counts_on_the_day_the_feature_first_occurs_and_not_on_that_it_starts(
    utc: Stack,
) -> None:
    utc.send(event("2026-03-09 23:55", feature="Deals"), event("2026-03-10 00:05"))
    assert trends(utc, TWO_DAYS, selection=LEADS).series[M.SESSIONS] == [0, 1]
    assert trends(utc, TWO_DAYS).series[M.SESSIONS] == [1, 0]
    by_feature = groups(trends(utc, TWO_DAYS, group_by=Part.FEATURE))
    assert dict(zip(by_feature.names, by_feature.series[M.SESSIONS], strict=True)) == {
        "Deals": [1, 0],
        "Leads": [0, 1],
    }


def test_a_feature_that_occurred_days_ago_in_the_same_session_is_remembered(
    tmp_path: Path,
) -> None:
    """Deals keep the session alive for three days; the range begins with the last."""
    with stack(tmp_path, session_timeout_minutes=720) as one:
        start = instant_ms("2026-03-09 22:00")
        one.send(
            event(start), *(event(start + h * HOUR_MS, feature="Deals") for h in range(0, 60, 6))
        )
        one.send(event(start + 55 * HOUR_MS))
        last = Window(date(2026, 3, 12), date(2026, 3, 12))
        answer = trends(one, last, selection=LEADS)
        assert (answer.series[M.HITS], answer.series[M.SESSIONS]) == ([1], [0])
        one.send(event(start - 1, feature="Deals"), event(start, action="logout", feature=""))
        assert trends(one, last, selection=LEADS).series[M.SESSIONS] == [1]


def test_a_feature_that_occurred_only_before_the_range_is_in_no_group(utc: Stack) -> None:
    utc.send(event("2026-03-09 23:55"), event("2026-03-10 00:05", feature="Deals"))
    by_feature = groups(trends(utc, Window(TUESDAY, TUESDAY), group_by=Part.FEATURE))
    assert (by_feature.names, by_feature.series[M.SESSIONS]) == (["Deals"], [[1]])


def test_a_session_counts_only_if_its_person_does_on_the_day_it_counts_on(utc: Stack) -> None:
    """Else filters by the one value and by the other would both count it."""
    utc.send(
        upserted("2026-01-01 00:00", country="DE"),
        upserted("2026-03-10 12:00", country="AT"),
        event("2026-03-09 23:55"),
        event("2026-03-10 00:05"),
    )
    for country, sessions in (("DE", [1, 0]), ("AT", [0, 0])):
        people = PeopleFilter(country=(country,))
        answer = trends(utc, TWO_DAYS, selection=LEADS, people=people)
        assert answer.series[M.SESSIONS] == sessions


def test_records_are_distinct_in_each_point_and_over_the_range(utc: Stack) -> None:
    for days, record in ((0, "r1"), (0, "r1"), (0, "r2"), (1, "r1"), (1, "")):
        utc.send(
            event(NINE + days * DAY_MS, record_id=record, feature="Deals" if days else "Leads")
        )
    answer = trends(utc, TWO_DAYS, group_by=Part.FEATURE)
    assert answer.series[M.RECORDS] == [2, 1]
    assert answer.totals[M.RECORDS] == 2
    assert by_name(answer, M.RECORDS) == {"Deals": 1, "Leads": 2}


def test_a_selection_has_no_logins_and_no_minutes_of_sessions(utc: Stack) -> None:
    utc.send(login(NINE), event(NINE), event(NINE, feature="Deals"))
    answer = trends(utc, selection=LEADS)
    assert answer.series.keys() == EVERYTHING - {
        M.LOGINS,
        M.SINGLE_EVENT_SESSIONS,
        M.SESSION_MILLISECONDS,
    }
    assert answer.totals[M.HITS] == 1


def test_all_modules_are_a_union_with_people_counted_once(utc: Stack) -> None:
    utc.send(event(NINE), event(NINE, feature="Deals"), event(NINE, "bob", feature="Reports"))
    answer = trends(utc, selection=FeatureSelection(feature=ALL_MODULES))
    assert (answer.totals[M.HITS], answer.totals[M.ACTIVE_USERS]) == (2, 1)


def test_an_impossible_selection_is_an_error_that_lists_the_possible(utc: Stack) -> None:
    request = TrendsRequest(
        tenant=TENANT, selection=FeatureSelection(feature="Leads", property="Pipeline")
    )
    with pytest.raises(BadInputError, match="possible are Buttons, Calls") as error:
        utc.ask(request)
    assert error.value.field == "selection.property"


def test_the_point_of_a_compared_range_stands_beside_that_as_far_from_its_first_day(
    utc: Stack,
) -> None:
    """Wednesday to Tuesday, by week: five days and two, in both ranges."""
    utc.send(*(event(NINE + days * DAY_MS) for days in (-5, -4, 0, 6)))
    window = Window(date(2026, 3, 11), date(2026, 3, 17))
    answer = trends(utc, window, interval=Interval.WEEK, comparison=Comparison.PREVIOUS_PERIOD)
    assert answer.dates == [MONDAY, date(2026, 3, 16)]
    assert answer.compared == Window(date(2026, 3, 4), date(2026, 3, 10))
    assert answer.compared_dates == [date(2026, 3, 4), date(2026, 3, 9)]
    assert answer.series[M.HITS] == [1, 0]
    assert answer.compared_series[M.HITS] == [2, 1]
    change = answer.changes[M.HITS]
    assert (change.value, change.previous, change.change_percent) == (1, 3, (1 - 3) / 3 * 100)


def test_compared_months_of_different_length_have_all_their_days(utc: Stack) -> None:
    utc.send(*(event(f"2026-{day} 09:00") for day in ("01-29", "01-31", "02-28")))
    february = Window(date(2026, 2, 10), date(2026, 2, 28))
    by_day = trends(utc, february, comparison=Comparison.CALENDAR_MONTH)
    assert (len(by_day.dates), len(by_day.compared_dates)) == (28, 31)
    assert by_day.compared_series[M.HITS][-3:] == [1, 0, 1]
    by_week = trends(utc, february, comparison=Comparison.CALENDAR_MONTH, interval=Interval.WEEK)
    assert [day.day for day in by_week.compared_dates] == [1, 2, 9, 16, 23, 30]
    by_month = trends(utc, february, comparison=Comparison.CALENDAR_MONTH, interval=Interval.MONTH)
    assert by_month.compared_series[M.HITS] == [2]
    assert by_month.changes[M.HITS].change_percent == -50.0


def test_a_compared_range_that_is_shorter_has_fewer_points(utc: Stack) -> None:
    utc.clock.now_ms = instant_ms("2026-04-20 12:00")
    march = Window(date(2026, 3, 31), date(2026, 3, 31))
    answer = trends(utc, march, comparison=Comparison.CALENDAR_MONTH)
    assert (len(answer.dates), len(answer.compared_dates)) == (31, 28)


def test_today_is_compared_with_the_same_hours_by_every_measure(utc: Stack) -> None:
    """At noon. The session of yesterday morning began the day before."""
    utc.send(
        event("2026-03-18 23:55", record_id="r0"),
        event("2026-03-19 00:05", record_id="r1"),
        login("2026-03-19 11:59", "bob"),
        event("2026-03-19 12:30", "bob", record_id="r2"),
        event("2026-03-20 09:00", record_id="r3"),
    )
    today = Window(date(2026, 3, 20), date(2026, 3, 20))
    answer = trends(utc, today, comparison=Comparison.PREVIOUS_PERIOD)
    assert answer.is_partial == [True]
    assert {which: previous[0] for which, previous in answer.compared_series.items()} == {
        M.HITS: 1,
        M.ACTIVE_USERS: 2,
        M.ATTENDANCE: 2,
        M.LOGINS: 1,
        M.SESSIONS: 1,
        M.SINGLE_EVENT_SESSIONS: 1,
        M.SESSION_MILLISECONDS: 10 * MINUTE_MS,
        M.RECORDS: 1,
    }


def test_groups_of_either_range_are_there_those_with_most_hits_now_first(utc: Stack) -> None:
    for user_id, country in (("ann", "AT"), ("bob", "DE"), ("cyd", "CH"), ("dan", "FR")):
        utc.send(upserted("2026-01-01 00:00", user_id, country=country))
    utc.send(event(NINE, "bob"), event(NINE - DAY_MS, "ann"), login(NINE, "cyd"))
    answer = trends(
        utc,
        Window(MONDAY, MONDAY),
        group_by=PeopleAttribute.COUNTRY,
        comparison=Comparison.PREVIOUS_PERIOD,
    )
    assert groups(answer).names == ["DE", "CH", "AT"]
    assert groups(answer).compared_series[M.HITS] == [[0], [0], [1]]


def test_the_groups_beyond_the_fiftieth_are_one(utc: Stack) -> None:
    for number in range(53):
        user_id = f"user {number:02}"
        utc.send(
            upserted("2026-01-01 00:00", user_id, team=f"team {number:02}"),
            *(event(NINE + at, user_id, record_id=str(at)) for at in range(2 if number else 1)),
            event(NINE + DAY_MS, user_id, feature=f"feature {number:02}"),
        )
    for group_by in (PeopleAttribute.TEAM, Part.FEATURE):
        answer = trends(utc, TWO_DAYS, group_by=group_by)
        assert len(groups(answer).names) == 51
        assert groups(answer).names[-1] == "(other groups)"
        assert groups(answer).has_others
        assert sum(groups(answer).totals[M.HITS]) == answer.totals[M.HITS]
        assert groups(answer).totals[M.ACTIVE_USERS][-1] > 1


def test_nobody_makes_no_groups(utc: Stack) -> None:
    answer = trends(utc, group_by=PeopleAttribute.COUNTRY, comparison=Comparison.PREVIOUS_PERIOD)
    assert groups(answer).names == []
    assert groups(answer).series == {which: [] for which in EVERYTHING}
    assert groups(trends(utc, group_by=Part.ACTION)).names == []


def test_sums_by_day_of_everyone_are_read_from_manifests_alone(
    utc: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    utc.send(event(NINE), login(NINE, "bob"))
    utc.fold()
    monkeypatch.setattr(Blocks, "read", None)
    request = TrendsRequest(tenant=TENANT, window=THAT_WEEK)
    utc.restarted().check(request)


def test_so_many_points_of_groups_are_refused(utc: Stack) -> None:
    window = Window(MONDAY - timedelta(days=400), MONDAY)
    request = TrendsRequest(tenant=TENANT, window=window, group_by=Part.FEATURE)
    with pytest.raises(BadInputError, match="401 points by DAY; of groups at most 400"):
        utc.ask(request)


def test_so_many_single_hits_are_refused(utc: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    utc.send(event(NINE), event(NINE + 1), event(NINE + 2, feature="Deals"))
    monkeypatch.setattr(trend_events, "MAX_HITS", 2)
    records = frozenset({M.RECORDS})
    with pytest.raises(BadInputError, match="3 hits would have to be looked at one by one"):
        utc.ask(TrendsRequest(tenant=TENANT, window=THAT_WEEK, measures=records))
    assert trends(utc, selection=LEADS).totals[M.HITS] == 2


def test_hits_are_looked_at_some_days_at_a_time(
    utc: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trend_events, "_HITS_AT_ONCE", 2)
    for days in (0, 1, 2, 4, 5):
        utc.send(event(NINE + days * DAY_MS, record_id=str(days)), event(NINE + days * DAY_MS + 1))
    answer = trends(utc, selection=LEADS, interval=Interval.WEEK)
    assert (answer.series[M.RECORDS], answer.series[M.SESSIONS]) == ([5], [5])
