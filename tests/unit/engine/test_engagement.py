"""Stickiness, lifecycle, retention and single people: examples and edges, each by name."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.metrics.domain.errors import BadInputError, NotFoundError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.answers import ChangeReason
from shared.metrics.domain.views.engagement_answers import (
    LifecycleAnswer,
    LifecycleState,
    RetentionAnswer,
    StickinessAnswer,
)
from shared.metrics.domain.views.person import PersonAnswer, PersonMeasure
from shared.metrics.engine.engagement_requests import (
    LifecycleRequest,
    PersonRequest,
    RetentionRequest,
    Returning,
    StickinessRequest,
)
from shared.metrics.engine.requests import AttributeValues, Interval, PeopleFilter
from tests.builders import event, heartbeat, instant_ms, login, logout, upserted
from tests.unit.engine.stack import TENANT, Stack, stack

MONDAY = date(2026, 3, 9)
THAT_DAY = Window(MONDAY, MONDAY)
THAT_WEEK = Window(MONDAY, MONDAY + timedelta(days=6))
GERMANS = PeopleFilter(country=("DE",))


def stickiness(stack: Stack, window: Window | None = None, **more: object) -> StickinessAnswer:
    request = StickinessRequest(tenant=TENANT, window=window, **more)  # type: ignore[arg-type]
    stack.check(request)
    return stack.ask(request)


def lifecycle(stack: Stack, window: Window | None = None, **more: object) -> LifecycleAnswer:
    request = LifecycleRequest(tenant=TENANT, window=window, **more)  # type: ignore[arg-type]
    stack.check(request)
    stack.fold()
    stack.check(request)
    return stack.ask(request)


def retention(stack: Stack, window: Window | None = None, **more: object) -> RetentionAnswer:
    request = RetentionRequest(tenant=TENANT, window=window, **more)  # type: ignore[arg-type]
    stack.check(request)
    return stack.ask(request)


def person(stack: Stack, window: Window | None = None, **more: object) -> PersonAnswer:
    fields: dict[str, object] = {"user_id": "ann", **more}
    request = PersonRequest(tenant=TENANT, window=window, **fields)  # type: ignore[arg-type]
    stack.check(request)
    live = stack.ask(request)
    stack.fold()
    assert stack.ask(request) == live
    return live


def active(stack: Stack, user_id: str, *days: str) -> None:
    stack.send(*(event(f"{day} 10:00", user_id) for day in days))


def test_stickiness_is_the_mean_of_daily_people_over_those_of_the_month(utc: Stack) -> None:
    """Ann comes on all 30 days, bob on 6 of them: 36 / 30 people a day, of 2."""
    days = [date(2026, 2, 18) + timedelta(days=number) for number in range(30)]
    active(utc, "ann", *(day.isoformat() for day in days))
    active(utc, "bob", *(day.isoformat() for day in days[:6]))
    answer = stickiness(utc)
    assert (answer.total.active, answer.total.mean_daily_active) == (2, 1.2)
    assert answer.total.stickiness == 0.6
    assert answer.by_day.stickiness[-1] == 0.6
    assert answer.by_day.daily_active == [2] * 6 + [1] * 24
    assert answer.by_day.monthly_active == [2] * 30
    assert answer.by_day.weekly_active == [2] * 12 + [1] * 18


def test_rolling_months_look_29_days_back_and_calendar_months_do_not(utc: Stack) -> None:
    active(utc, "ann", "2026-02-10", "2026-03-11")
    active(utc, "bob", "2026-02-09")
    answer = stickiness(utc, Window(date(2026, 3, 10), date(2026, 3, 11)))
    assert answer.by_day.monthly_active == [2, 1]
    assert answer.by_day.weekly_active == [0, 1]
    months = answer.by_month
    assert (months.dates, months.is_partial) == ([date(2026, 3, 1)], [True])
    assert (months.monthly_active, months.mean_daily_active) == ([1], [0.5])


def test_a_whole_calendar_month_has_its_own_monthly_actives(utc: Stack) -> None:
    active(utc, "ann", "2026-01-31", "2026-02-01", "2026-02-28")
    active(utc, "bob", "2026-02-14", "2026-03-01")
    months = stickiness(utc, Window(date(2026, 1, 20), date(2026, 3, 5))).by_month
    assert months.monthly_active == [1, 2, 1]
    assert months.is_partial == [True, False, True]
    assert months.stickiness[1] == 3 / 28 / 2


def test_consistent_people_are_active_on_at_least_so_many_days(utc: Stack) -> None:
    active(utc, "ann", "2026-03-09", "2026-03-10", "2026-03-13")
    active(utc, "bob", "2026-03-09", "2026-03-10")
    answer = stickiness(utc, THAT_WEEK, min_active_days=3)
    assert (answer.total.active, answer.total.consistent) == (2, 1)
    assert answer.by_day.consistent == [0, 0, 0, 0, 1, 1, 1]
    assert answer.by_month.consistent == [1]


def test_nobody_has_no_stickiness(utc: Stack) -> None:
    answer = stickiness(utc)
    assert answer.total.stickiness is None
    assert set(answer.by_day.stickiness) == {None}
    with pytest.raises(BadInputError, match="1 to 30"):
        stickiness(utc, min_active_days=31)


def weekly(answer: LifecycleAnswer) -> dict[str, list[int]]:
    names = ("new", "returning", "resurrected", "dormant", "became_dormant")
    return {name: found for name in names if any(found := getattr(answer, name))}


def test_new_once_and_returning_afterwards(utc: Stack) -> None:
    active(utc, "ann", "2026-03-02", "2026-03-04", "2026-03-11")
    answer = lifecycle(utc, Window(date(2026, 3, 2), date(2026, 3, 15)))
    assert answer.dates == [date(2026, 3, 2), MONDAY]
    assert answer.is_partial == [False, False]
    assert weekly(answer) == {"new": [1, 0], "returning": [0, 1]}


@pytest.mark.parametrize(
    ("back_on", "kind"), [("2026-03-12", "returning"), ("2026-03-13", "resurrected")]
)
def test_back_after_30_inactive_days_is_resurrected_and_after_29_returning(
    utc: Stack, back_on: str, kind: str
) -> None:
    active(utc, "ann", "2026-02-10", back_on)
    day = date.fromisoformat(back_on)
    assert weekly(lifecycle(utc, Window(day, day), interval=Interval.DAY)) == {kind: [1]}


def test_dormant_is_no_activity_for_30_days(utc: Stack) -> None:
    active(utc, "ann", "2026-02-10")
    answer = lifecycle(utc, Window(date(2026, 3, 11), date(2026, 3, 13)), interval=Interval.DAY)
    assert weekly(answer) == {"dormant": [0, 1, 1], "became_dormant": [0, 1, 0]}


def test_who_was_only_ever_an_integration_is_in_no_state(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", is_integration="true"))
    active(utc, "ann", "2026-02-10", "2026-03-11")
    assert weekly(lifecycle(utc, Window(date(2026, 3, 9), date(2026, 3, 19)))) == {}


def test_people_are_new_whatever_the_filter_says_of_their_first_day(utc: Stack) -> None:
    """She came on Monday from Austria; among the Germans she goes on."""
    utc.send(upserted("2026-01-01 00:00", country="AT"), upserted("2026-03-10 06:00", country="DE"))
    active(utc, "ann", "2026-03-09", "2026-03-11")
    assert weekly(lifecycle(utc, THAT_WEEK)) == {"new": [1]}
    assert weekly(lifecycle(utc, THAT_WEEK, people=GERMANS)) == {"returning": [1]}
    now = PeopleFilter(country=("DE",), attribute_values=AttributeValues.CURRENT)
    assert weekly(lifecycle(utc, THAT_WEEK, people=now)) == {"new": [1]}


def test_a_cohort_is_the_week_of_the_first_activity_ever(utc: Stack) -> None:
    active(utc, "old", "2025-06-01", "2026-03-03", "2026-03-10")
    active(utc, "ann", "2026-03-03", "2026-03-12")
    active(utc, "bob", "2026-03-04")
    active(utc, "cyd", "2026-03-10")
    answer = retention(utc, Window(date(2026, 3, 2), date(2026, 3, 15)), weeks=3)
    assert (answer.dates, answer.sizes) == ([date(2026, 3, 2), MONDAY], [2, 1])
    assert answer.returned == [[2, 1, None], [1, None, None]]
    assert answer.rates == [[1.0, 0.5, None], [1.0, None, None]]
    assert answer.mean_rates == [1.0, 0.5, None]


def test_cells_that_are_not_over_are_partial_and_those_not_begun_null(utc: Stack) -> None:
    """Asked on a Friday, with the default range of three weeks to yesterday."""
    active(utc, "ann", "2026-03-03", "2026-03-17")
    answer = retention(utc, weeks=3)
    assert answer.proof.window == Window(date(2026, 3, 2), date(2026, 3, 19))
    assert answer.cohort_is_partial == [False, False, True]
    assert answer.returned == [[1, 0, 1], [0, 0, None], [0, None, None]]
    assert answer.is_partial == [[False, False, True], [False, True, False], [True, False, False]]
    assert answer.mean_rates == [1.0, 0.0, None]


def test_there_are_twelve_weeks_unless_said_otherwise(utc: Stack) -> None:
    answer = retention(utc)
    assert len(answer.dates) == 12 == len(answer.returned[0])
    for weeks in (0, 106):
        with pytest.raises(BadInputError, match="1 to 105"):
            retention(utc, weeks=weeks)
    with pytest.raises(BadInputError, match="at most 105"):
        retention(utc, Window(date(2023, 1, 1), date(2026, 1, 1)))


def test_weeks_of_a_year_with_53_are_seven_days_like_all_others(tmp_path: Path) -> None:
    """ISO week 53 of 2026 reaches from 28 December to 3 January."""
    with stack(tmp_path, now="2027-01-20 12:00") as one:
        active(one, "ann", "2026-12-31", "2027-01-04")
        active(one, "bob", "2027-01-03")
        answer = retention(one, Window(date(2026, 12, 21), date(2027, 1, 10)), weeks=2)
        assert answer.dates == [date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 4)]
        assert answer.dates[1].isocalendar()[:2] == (2026, 53)
        assert answer.returned[1] == [2, 1]


def test_first_use_of_a_feature_begins_a_cohort_and_any_activity_returns(utc: Stack) -> None:
    utc.send(
        event("2026-01-05 10:00", feature="Leads"),
        event("2026-03-03 10:00", feature="Deals"),
        event("2026-03-10 10:00", feature="Leads"),
    )
    asked = {
        "window": Window(date(2026, 3, 2), date(2026, 3, 15)),
        "weeks": 2,
        "selection": FeatureSelection(feature="Deals"),
    }
    assert retention(utc, **asked).returned[0] == [1, 1]  # type: ignore[arg-type]
    used = retention(utc, **asked, returning=Returning.USED)  # type: ignore[arg-type]
    assert used.returned[0] == [1, 0]
    with pytest.raises(BadInputError) as caught:
        retention(utc, selection=FeatureSelection(feature="Daels"))
    assert caught.value.field == "feature.feature"
    with pytest.raises(BadInputError) as caught:
        retention(utc, returning=Returning.USED)
    assert caught.value.field == "returning"


def test_a_late_event_moves_someone_to_an_earlier_cohort(utc: Stack) -> None:
    window = Window(date(2026, 3, 2), date(2026, 3, 15))
    active(utc, "ann", "2026-03-10")
    utc.fold()
    assert retention(utc, window).sizes == [0, 1]
    active(utc, "ann", "2026-03-03")
    assert retention(utc, window).sizes == [1, 0]
    utc.fold()
    active(utc, "ann", "2020-01-01")
    assert retention(utc, window).sizes == [0, 0]


def test_everything_about_a_person(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", name="Ann", country="AT", team="north"),
        upserted("2026-03-09 06:00", country="DE", team=""),
        login("2025-12-01 08:00"),
        login("2026-03-08 08:00"),
        event("2026-03-09 09:00"),
        event("2026-03-09 09:05", feature="Deals"),
        event("2026-03-09 09:10", feature="Deals"),
        logout("2026-03-09 09:12"),
        event("2026-03-12 09:00"),
    )
    found = person(utc, THAT_DAY)
    assert (found.name, found.country, found.team) == ("Ann", "DE", None)
    assert found.attributes.names == [
        "account_status",
        "country",
        "country",
        "name",
        "team",
        "team",
    ]
    assert found.attributes.values == ["active", "AT", "DE", "Ann", "north", None]
    assert found.first_active == date(2025, 12, 1)
    assert found.last_seen_ms == instant_ms("2026-03-12 09:00")
    assert found.last_login_ms == instant_ms("2026-03-08 08:00")
    assert found.hits == PersonMeasure(3, 0, None, ChangeReason.NEW)
    assert found.attendance == PersonMeasure(1, 1, 0.0, None)
    assert found.session_milliseconds.value == 12 * 60_000
    assert (found.features.names, found.features.hits) == (["Deals", "Leads"], [2, 1])
    assert found.days.hits == [3]
    assert found.state is LifecycleState.RESURRECTED


def test_nobody_of_that_id_is_not_found(utc: Stack) -> None:
    active(utc, "ann", "2026-03-09")
    with pytest.raises(NotFoundError, match="no such person"):
        utc.ask(PersonRequest(tenant=TENANT, user_id="Ann"))


def test_who_only_ever_sent_heartbeats_is_known_and_was_never_seen(utc: Stack) -> None:
    utc.send(heartbeat("2026-03-09 10:00"))
    found = person(utc, THAT_DAY)
    assert (found.first_active, found.last_seen_ms) == (None, None)
    assert found.state is LifecycleState.NEVER_SEEN


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (["2026-03-09"], LifecycleState.NEW),
        (["2026-02-07", "2026-03-09"], LifecycleState.RETURNING),
        (["2026-02-06", "2026-03-09"], LifecycleState.RESURRECTED),
        (["2026-02-06"], LifecycleState.DORMANT),
        (["2026-02-07", "2026-03-10"], LifecycleState.DORMANT),
        (["2026-02-08"], LifecycleState.NEW),
        (["2026-03-10"], LifecycleState.NEVER_SEEN),
    ],
)
def test_the_state_of_a_person_is_that_of_the_30_days_to_the_end_of_the_range(
    utc: Stack, days: list[str], state: LifecycleState
) -> None:
    active(utc, "ann", *days)
    assert person(utc, THAT_DAY).state is state


def test_sessions_of_an_unfinished_day_have_nothing_to_compare_with(utc: Stack) -> None:
    active(utc, "ann", "2026-03-19", "2026-03-20")
    found = person(utc, Window(date(2026, 3, 20), date(2026, 3, 20)))
    assert found.hits == PersonMeasure(1, 1, 0.0, None)
    assert found.sessions == PersonMeasure(1, None, None, None)
