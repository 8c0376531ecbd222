"""Filters and the roster: who counts, on which day, with which value."""

from datetime import date

import pytest

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import HomeAnswer
from shared.metrics.engine.requests import (
    AttributeValues,
    HomeRequest,
    PeopleFilter,
    TrendsRequest,
    UserAnalyticsRequest,
)
from tests.builders import deactivated, event, instant_ms, login, upserted
from tests.unit.engine.stack import TENANT, Stack

WINDOW = Window(date(2026, 3, 9), date(2026, 3, 10))
GERMANS = PeopleFilter(country=("DE",))
GERMANS_NOW = PeopleFilter(country=("DE",), attribute_values=AttributeValues.CURRENT)


def home(stack: Stack, people: PeopleFilter = PeopleFilter()) -> HomeAnswer:  # noqa: B008 - frozen
    """Home of the window, after it was compared with the definitions, folded and not."""
    request = HomeRequest(tenant=TENANT, window=WINDOW, people=people)
    stack.check(request)
    stack.fold()
    stack.check(request)
    return stack.views.ask(request)


def test_the_value_is_the_one_at_the_local_end_of_the_day_of_the_event(utc: Stack) -> None:
    utc.send(
        event("2026-03-09 08:00"),
        event("2026-03-10 08:00"),
        upserted("2026-01-01 00:00", country="AT"),
        upserted("2026-03-09 23:59:59.999", country="DE"),
        upserted("2026-03-10 12:00", country="AT"),
    )
    assert home(utc, GERMANS).total_hits.value == 1
    assert home(utc, PeopleFilter(country=("AT",))).total_hits.value == 1


def test_the_current_value_can_be_asked_for(utc: Stack) -> None:
    utc.send(
        event("2026-03-09 08:00"),
        upserted("2026-01-01 00:00", country="AT"),
        upserted("2026-03-19 00:00", country="DE"),
    )
    assert home(utc, GERMANS).total_hits.value == 0
    assert home(utc, GERMANS_NOW).total_hits.value == 1


def test_before_its_first_known_value_an_attribute_has_that_value(utc: Stack) -> None:
    utc.send(event("2026-03-09 08:00"), upserted("2026-03-15 00:00", country="DE"))
    assert home(utc, GERMANS).total_hits.value == 1


def test_missing_values_are_not_set_in_the_directory_or_not(utc: Stack) -> None:
    utc.send(
        event("2026-03-09 08:00", "ann"),
        event("2026-03-09 08:00", "bob"),
        event("2026-03-09 08:00", "cyd"),
        upserted("2026-01-01 00:00", "bob", language="de"),
        upserted("2026-01-01 00:00", "cyd", country="DE"),
    )
    assert home(utc, PeopleFilter(country=("(not set)",))).active_users.value == 2
    assert home(utc, PeopleFilter(country=("(not set)", "DE"))).active_users.value == 3


def test_values_of_a_field_are_alternatives_and_fields_are_all_required(utc: Stack) -> None:
    utc.send(
        event("2026-03-09 08:00", "ann"),
        event("2026-03-09 08:00", "bob"),
        upserted("2026-01-01 00:00", "ann", country="DE", language="de"),
        upserted("2026-01-01 00:00", "bob", country="AT", language="en"),
    )
    both = PeopleFilter(country=("DE", "AT"))
    assert home(utc, both).active_users.value == 2
    german_speakers = PeopleFilter(country=("DE", "AT"), language=("de",))
    assert home(utc, german_speakers).active_users.value == 1


@pytest.mark.parametrize("people", [PeopleFilter(), GERMANS, GERMANS_NOW])
def test_integrations_are_in_no_roster_whatever_they_do(utc: Stack, people: PeopleFilter) -> None:
    utc.send(
        upserted("2026-01-01 00:00", "bot", country="DE", is_integration="true"),
        upserted("2026-01-01 00:00", "ann", country="DE"),
        event("2026-03-09 08:00", "bot"),
        event("2026-03-09 08:00", "ann"),
    )
    answer = home(utc, people)
    assert answer.total_hits.value == 1
    assert (answer.active_users.value, answer.inactive_users.value) == (1, 0)
    assert [row.user_id for row in answer.top_by_hits] == ["ann"]


def test_the_roster_has_active_accounts_and_whoever_was_there(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", "idle"),
        upserted("2026-01-01 00:00", "gone"),
        deactivated("2026-02-01 00:00", "gone"),
        upserted("2026-01-01 00:00", "left"),
        deactivated("2026-03-10 12:00", "left"),
        event("2026-03-09 08:00", "left"),
        event("2026-03-09 08:00", "unknown"),
    )
    answer = home(utc)
    assert (answer.active_users.value, answer.inactive_users.value) == (2, 1)


def test_an_account_closed_the_instant_after_the_window_was_active_at_its_end(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", "ann"), deactivated("2026-03-11 00:00", "ann"))
    assert home(utc).inactive_users.value == 1


def test_active_and_inactive_make_up_the_roster_under_a_filter(utc: Stack) -> None:
    """Matching at the end, or active while matching."""
    utc.send(
        upserted("2026-01-01 00:00", "mover", country="DE"),
        upserted("2026-03-10 06:00", "mover", country="AT"),
        event("2026-03-09 08:00", "mover"),
        upserted("2026-01-01 00:00", "comer", country="AT"),
        upserted("2026-03-10 06:00", "comer", country="DE"),
        event("2026-03-09 08:00", "comer"),
        upserted("2026-01-01 00:00", "idle", country="DE"),
    )
    answer = home(utc, GERMANS)
    assert [row.user_id for row in answer.top_by_attendance] == ["mover"]
    assert (answer.active_users.value, answer.inactive_users.value) == (1, 2)


def test_who_was_there_and_matches_only_at_the_end_is_inactive_even_without_an_account(
    utc: Stack,
) -> None:
    utc.send(
        upserted("2026-01-01 00:00", country="AT", account_status="inactive"),
        event("2026-03-09 08:00"),
        upserted("2026-03-10 06:00", country="DE"),
    )
    answer = home(utc, GERMANS)
    assert (answer.active_users.value, answer.inactive_users.value) == (0, 1)


def test_a_late_directory_event_changes_the_days_since(utc: Stack) -> None:
    utc.send(event("2026-03-09 08:00"), upserted("2026-01-01 00:00", country="AT"))
    assert home(utc, GERMANS).total_hits.value == 0
    utc.send(upserted("2026-02-01 00:00", country="DE"))
    assert home(utc, GERMANS).total_hits.value == 1


def test_people_are_named_as_the_directory_names_them_now(utc: Stack) -> None:
    utc.send(
        event("2026-03-09 08:00"),
        upserted("2026-01-01 00:00", name="Ann A", email="a@example.org"),
        upserted("2026-03-19 00:00", name="Ann B"),
    )
    (row,) = home(utc).top_by_hits
    assert (row.name, row.email) == ("Ann B", "a@example.org")


def test_only_what_people_did_while_they_matched_is_theirs(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", country="DE"),
        upserted("2026-03-10 06:00", country="AT"),
        login("2026-03-09 08:00"),
        event("2026-03-09 08:01", feature="Leads"),
        event("2026-03-10 08:00", feature="Deals"),
        login("2026-03-10 09:00"),
    )
    request = UserAnalyticsRequest(tenant=TENANT, window=WINDOW, people=GERMANS)
    utc.check(request, TrendsRequest(tenant=TENANT, window=WINDOW, people=GERMANS))
    (ann,) = utc.views.ask(request).people
    assert (ann.hits, ann.attendance, ann.features_used, ann.sessions) == (1, 1, 1, 1)
    assert (ann.last_seen_ms, ann.last_login_ms) == (
        instant_ms("2026-03-09 08:01"),
        instant_ms("2026-03-09 08:00"),
    )
