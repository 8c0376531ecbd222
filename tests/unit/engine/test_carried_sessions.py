"""Sessions over midnights, with any of the days folded or not."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import permutations, product
from pathlib import Path

import pytest

from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.requests import TrendsRequest, UserAnalyticsRequest
from tests.builders import DAY_MS, MINUTE_MS, event, heartbeat, instant_ms, logout
from tests.unit.engine.stack import TENANT, AnyRequest, Stack, stack

DAYS = [date(2026, 3, day) for day in (9, 10, 11, 12)]
UNITS = [day.isoformat() for day in DAYS]
ALL = Window(DAYS[0], DAYS[-1])
LAST = Window(DAYS[-1], DAYS[-1])
REQUESTS: list[AnyRequest] = [
    TrendsRequest(tenant=TENANT, window=ALL),
    TrendsRequest(tenant=TENANT, window=LAST),
    TrendsRequest(tenant=TENANT, window=Window(DAYS[1], DAYS[2])),
    UserAnalyticsRequest(tenant=TENANT, window=LAST),
]
LATE_EVENING = instant_ms("2026-03-09 23:00")
TIMEOUT_MINUTES = 180
"""Long, so that few heartbeats last out a day."""


def window_left_open(first_ms: int, days: int) -> list[Event]:
    """Heartbeats alone: they go on with a session but begin none."""
    beats = range(first_ms, first_ms + days * DAY_MS + 1, TIMEOUT_MINUTES * MINUTE_MS)
    return [heartbeat(at_ms) for at_ms in beats]


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Stack]:
    """A tenant with long sessions."""
    with stack(tmp_path, session_timeout_minutes=TIMEOUT_MINUTES) as one:
        yield one


def check_with_each_day_asked_for_alone(stack: Stack) -> None:
    stack.check(*REQUESTS)
    stack.restarted().check(*REQUESTS)


def subsets(units: list[str]) -> Iterable[list[str]]:
    for wanted in product([False, True], repeat=len(units)):
        yield [unit for unit, is_wanted in zip(units, wanted, strict=True) if is_wanted]


@pytest.mark.parametrize("first_folded", list(subsets(UNITS)), ids=str)
def test_heartbeats_hand_a_session_over_whole_days_whatever_is_folded(
    patient: Stack, first_folded: list[str]
) -> None:
    patient.send(*window_left_open(LATE_EVENING + MINUTE_MS, 2))
    patient.send(event("2026-03-12 00:01"))
    patient.fold(first_folded)
    check_with_each_day_asked_for_alone(patient)
    # Only now comes the click that makes a session of it all, and it comes late.
    patient.send(event(LATE_EVENING))
    check_with_each_day_asked_for_alone(patient)
    patient.fold()
    check_with_each_day_asked_for_alone(patient)


def test_a_late_logout_closes_the_session_that_later_days_went_on_with(patient: Stack) -> None:
    patient.send(event(LATE_EVENING), *window_left_open(LATE_EVENING + MINUTE_MS, 2))
    patient.fold()
    check_with_each_day_asked_for_alone(patient)
    patient.send(logout(LATE_EVENING + 1))
    check_with_each_day_asked_for_alone(patient)
    patient.fold()
    check_with_each_day_asked_for_alone(patient)


@pytest.mark.parametrize("order", list(permutations(UNITS[:3])), ids=str)
def test_days_may_be_folded_in_any_order(patient: Stack, order: tuple[str, ...]) -> None:
    patient.send(event(LATE_EVENING), *window_left_open(LATE_EVENING + MINUTE_MS, 1))
    patient.send(event("2026-03-10 23:58"), event("2026-03-11 00:02"), event("2026-03-11 12:00"))
    for unit in order:
        patient.fold([unit])
        check_with_each_day_asked_for_alone(patient)
    patient.fold()
    check_with_each_day_asked_for_alone(patient)


def test_a_session_over_a_skipped_day_is_one(tmp_path: Path) -> None:
    zone = "Pacific/Apia"
    midnight = instant_ms("2011-12-31 00:00", zone)
    with stack(tmp_path, zone=zone, now="2012-01-05 12:00") as apia:
        apia.send(event(midnight - 5 * MINUTE_MS), event(midnight + 5 * MINUTE_MS))
        window = Window(date(2011, 12, 28), date(2012, 1, 2))
        requests: list[AnyRequest] = [
            TrendsRequest(tenant=TENANT, window=window),
            UserAnalyticsRequest(tenant=TENANT, window=window),
        ]
        apia.check(*requests)
        apia.fold()
        apia.check(*requests)
        answer = apia.views.ask(TrendsRequest(tenant=TENANT, window=window))
    assert answer.series[TrendsMeasure.SESSIONS] == [0, 1, 0, 0, 0, 0]
    assert answer.series[TrendsMeasure.SESSION_MILLISECONDS] == [0, 0, 0, 10 * MINUTE_MS, 0, 0]
