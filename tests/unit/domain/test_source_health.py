"""The health of a source: the first state that applies, judged by its own past."""

from typing import Any

import pytest

from shared.metrics.domain.arrivals import HOUR_MS, Arrivals, arrivals_of, together
from shared.metrics.domain.source_health import (
    HISTORY_HOURS,
    SourceFacts,
    SourceHealth,
    SourceState,
    health_of,
    silent_after_hours,
)

NOW = 500_000
"""Hours since 1970: a Thursday at 8 in the morning, UTC."""

WORKDAY = range(8, 18)


def worked(weeks: int, until: int = NOW) -> dict[int, int]:
    """Ten rows an hour, ten hours a day from Monday to Friday, for some weeks."""
    first = until - weeks * 168
    return {
        hour: 10
        for hour in range(first, until)
        if hour % 24 in WORKDAY and (hour // 24 + 3) % 7 < 5
    }


def arrivals(by_hour: dict[int, int]) -> Arrivals:
    return Arrivals(max(by_hour) * HOUR_MS + 1, by_hour)


def health(by_hour: dict[int, int] | None, now: float = NOW, **facts: Any) -> SourceHealth:  # noqa: ANN401
    found = None if by_hour is None else arrivals(by_hour)
    return health_of(SourceFacts(found, **facts), round(now * HOUR_MS))


def test_arrivals_are_counted_by_source_and_hour_and_added_up() -> None:
    one = arrivals_of([("a", HOUR_MS, 5), ("a", HOUR_MS + 1, 2), ("b", 3 * HOUR_MS, 1)])
    assert one == {"a": Arrivals(HOUR_MS + 1, {1: 7}), "b": Arrivals(3 * HOUR_MS, {3: 1})}
    both = together([one, arrivals_of([("a", 2 * HOUR_MS, 4)])])
    assert both["a"] == Arrivals(2 * HOUR_MS, {1: 7, 2: 4})
    assert together([one], first_hour=2)["a"] == Arrivals(HOUR_MS + 1, {})


def test_the_usual_pause_is_the_third_longest_so_that_one_outage_is_none() -> None:
    weekends = worked(6)
    assert silent_after_hours(sorted(weekends), NOW) == 1.5 * 63
    outage = {hour: rows for hour, rows in weekends.items() if not NOW - 300 < hour < NOW - 100}
    assert silent_after_hours(sorted(outage), NOW) == 1.5 * 63


def test_a_source_that_never_pauses_is_silent_after_two_hours() -> None:
    assert silent_after_hours(range(NOW - 20 * 24, NOW), NOW) == 2


@pytest.mark.parametrize(
    "hours",
    [
        [],
        [NOW - 1],
        list(range(NOW - 13 * 24, NOW)),
        [NOW - HISTORY_HOURS, NOW - 300, NOW - 200],
        list(range(NOW - 2 * HISTORY_HOURS, NOW - HISTORY_HOURS)),
    ],
)
def test_a_rhythm_that_is_not_known_says_nothing(hours: list[int]) -> None:
    assert silent_after_hours(hours, NOW) is None


def test_a_source_is_silent_when_it_is_for_longer_than_it_usually_is() -> None:
    usual = worked(6, NOW - 80)
    last = max(usual)
    assert health(usual, last + 94).state is SourceState.OK
    assert health(usual, last + 95).state is SourceState.SILENT
    assert health(usual, last + 95, has_rhythm=False).state is SourceState.OK


def test_rates_are_those_of_the_last_hours_beside_the_weeks_before() -> None:
    by_hour = worked(6) | {NOW - 1: 3, NOW: 100} | {NOW - 1 - 168: 8, NOW - 1 - 336: 6}
    found = health(by_hour, turned_away=7)
    assert (found.rows_last_hour, found.usual_rows_last_hour) == (3, 3.0)
    assert found.rows_last_day == 100 + 3 + 10 * 9
    assert found.rejected_share == 7 / (7 + found.rows_last_day)
    assert health({NOW: 1}).usual_rows_last_hour is None
    assert health(None).rejected_share is None


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"is_disabled": True, "turned_away": 99}, SourceState.DISABLED),
        ({"expires_ms": NOW * HOUR_MS, "turned_away": 9_999}, SourceState.EXPIRED),
        ({"expires_ms": (NOW + 11) * HOUR_MS, "turned_away": 9_999}, SourceState.FAILING),
        ({"expires_ms": (NOW + 11) * HOUR_MS}, SourceState.EXPIRING),
        ({"expires_ms": (NOW + 13) * HOUR_MS}, SourceState.OK),
        ({"turned_away": 90}, SourceState.OK),
    ],
)
def test_of_several_states_the_first_counts(facts: dict[str, Any], state: SourceState) -> None:
    assert health(worked(6), **facts).state is state


def test_a_few_bad_rows_are_no_failure_and_a_source_of_nothing_else_is() -> None:
    assert health(None).state is SourceState.NEVER
    assert health(None, turned_away=9).state is SourceState.OK
    assert health(None, turned_away=10).state is SourceState.FAILING
