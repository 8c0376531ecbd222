"""includeToday: today so far against the same hours of the earlier period's last day."""

from datetime import date
from pathlib import Path

import pytest

from shared.metrics.columns.fold import FoldedDay
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.engine.requests import (
    HomeRequest,
    PeopleFilter,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.engine.snapshot import Snapshot
from tests.builders import MINUTE_MS, deactivated, event, instant_ms, login, upserted
from tests.unit.engine.stack import TENANT, Stack, stack

TODAY = date(2026, 3, 20)
TODAY_ALONE = Window(TODAY, TODAY)


def test_only_the_same_hours_of_the_earlier_day_are_compared(utc: Stack) -> None:
    utc.send(
        event("2026-03-20 11:00"),
        event("2026-03-19 11:59:59.999"),
        event("2026-03-19 12:00:00.001", "bob"),
    )
    answer = utc.views.ask(HomeRequest(tenant=TENANT, window=TODAY_ALONE))
    assert answer.proof.is_partial
    assert (answer.total_hits.value, answer.total_hits.previous) == (1, 1)
    assert (answer.active_users.value, answer.active_users.previous) == (1, 1)


@pytest.mark.parametrize("comparison", Comparison)
def test_today_is_added_to_the_default_window_only_when_asked_for(
    utc: Stack, comparison: Comparison
) -> None:
    utc.send(event("2026-03-20 09:00"), event("2026-03-19 09:00"))
    without = utc.views.ask(HomeRequest(tenant=TENANT, comparison=comparison))
    including = utc.views.ask(HomeRequest(tenant=TENANT, comparison=comparison, include_today=True))
    assert (without.last, without.proof.is_partial) == (date(2026, 3, 19), False)
    assert (including.last, including.proof.is_partial) == (TODAY, True)
    assert including.first == without.first


def test_a_window_that_ends_yesterday_is_extended_and_an_older_one_is_not(utc: Stack) -> None:
    yesterday = Window(date(2026, 3, 18), date(2026, 3, 19))
    older = Window(date(2026, 3, 1), date(2026, 3, 18))
    extended = utc.views.ask(TrendsRequest(tenant=TENANT, window=yesterday, include_today=True))
    assert extended.dates[-1] == TODAY
    assert extended.is_partial == [False, False, True]
    untouched = utc.views.ask(TrendsRequest(tenant=TENANT, window=older, include_today=True))
    assert untouched.dates[-1] == date(2026, 3, 18)
    assert not untouched.proof.is_partial


def test_a_month_with_today_as_its_last_day_is_not_complete(tmp_path: Path) -> None:
    with stack(tmp_path, now="2026-04-30 12:00") as april:
        april.send(event("2026-03-30 11:00"), event("2026-03-30 13:00"), event("2026-03-31 11:00"))
        answer = april.views.ask(
            HomeRequest(tenant=TENANT, comparison=Comparison.CALENDAR_MONTH, include_today=True)
        )
    assert (answer.compared_first, answer.compared_last) == (date(2026, 3, 1), date(2026, 3, 30))
    assert answer.total_hits.previous == 1


def test_an_earlier_day_without_any_events_is_nothing(utc: Stack) -> None:
    utc.send(event("2026-03-20 11:00"))
    utc.check(HomeRequest(tenant=TENANT, window=TODAY_ALONE))


def test_who_came_only_later_on_the_earlier_day_is_not_in_its_roster(utc: Stack) -> None:
    """Under a filter, too: like is compared with like."""
    utc.send(
        event("2026-03-20 11:00"),
        event("2026-03-19 13:00", "bob"),
        upserted("2026-03-01 00:00", "bob", country="AT"),
        deactivated("2026-03-02 00:00", "bob"),
        upserted("2026-03-19 14:00", "bob", country="DE"),
    )
    for countries in (None, ("DE",), ("AT",)):
        answer = utc.views.ask(
            HomeRequest(tenant=TENANT, window=TODAY_ALONE, people=PeopleFilter(country=countries))
        )
        assert answer.inactive_users.previous == 0
        utc.check(
            HomeRequest(tenant=TENANT, window=TODAY_ALONE, people=PeopleFilter(country=countries))
        )


def test_a_filter_holds_for_the_same_hours_of_the_earlier_day(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", "ann", country="DE"),
        upserted("2026-01-01 00:00", "bob", country="AT"),
        upserted("2026-01-01 00:00", "bot", country="DE", is_integration="true"),
        event("2026-03-19 10:00", "ann"),
        event("2026-03-19 10:00", "bob", feature="Deals"),
        event("2026-03-19 10:00", "bot", feature="Cases"),
    )
    germans = HomeRequest(tenant=TENANT, window=TODAY_ALONE, people=PeopleFilter(country=("DE",)))
    answer = utc.views.ask(germans)
    assert answer.total_hits.previous == answer.active_users.previous == 1
    assert answer.features_used.previous == answer.attendance.measure.previous == 1
    utc.check(germans, HomeRequest(tenant=TENANT, window=TODAY_ALONE))


def test_same_hours_are_those_of_the_wall_clock_across_a_change(tmp_path: Path) -> None:
    """At 10:00 on the day clocks went forward only nine hours have passed; it is 10:00."""
    zone = "Europe/Berlin"
    with stack(tmp_path, zone=zone, now="2026-03-29 10:00") as berlin:
        ten = instant_ms("2026-03-28 10:00", zone)
        berlin.send(event(ten - MINUTE_MS), event(ten + MINUTE_MS), login(ten - 2))
        window = Window(date(2026, 3, 29), date(2026, 3, 29))
        answer = berlin.views.ask(HomeRequest(tenant=TENANT, window=window))
        assert answer.total_hits.previous == 1
        berlin.check(
            HomeRequest(tenant=TENANT, window=window),
            UserAnalyticsRequest(tenant=TENANT, window=window),
        )


def test_someone_new_who_arrives_between_two_reads_is_counted(
    utc: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The earlier day is read again for its same hours; by then it may hold a new person."""
    utc.send(event("2026-03-20 11:00"), event("2026-03-19 11:00"))
    fold_until = Snapshot.fold_until
    newcomers = iter(["bob"])

    def with_a_newcomer(snapshot: Snapshot, day: date, until_ms: int) -> FoldedDay:
        for user_id in newcomers:
            utc.send(event("2026-03-19 10:00", user_id, feature="New"))
        return fold_until(snapshot, day, until_ms)

    monkeypatch.setattr(Snapshot, "fold_until", with_a_newcomer)
    utc.check(HomeRequest(tenant=TENANT, window=TODAY_ALONE))
    assert utc.views.ask(HomeRequest(tenant=TENANT, window=TODAY_ALONE)).active_users.previous == 2


def test_a_week_whose_last_day_is_not_over_is_partial(utc: Stack) -> None:
    utc.clock.now_ms = instant_ms("2026-03-22 12:00")
    sunday = date(2026, 3, 22)
    answer = utc.views.ask(HomeRequest(tenant=TENANT, window=Window(date(2026, 3, 16), sunday)))
    assert answer.hits_by_week.is_partial == [True]
    utc.clock.now_ms = instant_ms("2026-03-23 00:00")
    answer = utc.views.ask(HomeRequest(tenant=TENANT, window=Window(date(2026, 3, 16), sunday)))
    assert answer.hits_by_week.is_partial == [False]
