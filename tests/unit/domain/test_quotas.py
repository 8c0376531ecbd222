"""A token bucket: what it holds, what a delivery may owe, and what clocks can do to it."""

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.quotas import MAX_RETRY_SECONDS, Level, lease

A_MINUTE_MS = 60_000


def test_a_new_bucket_is_full_and_an_empty_one_says_when_to_come_back() -> None:
    first = lease(None, 6_000, 0, 0)
    assert first == (60, Level(11_940.0, 0), 0)
    assert lease(Level(0.0, 0), 6_000, 0, 0) == (0, Level(0.0, 0), 1)
    assert lease(Level(-10_000.0, 0), 6_000, 0, 0).retry_seconds == 101
    assert lease(Level(-10_000.0, 0), 1, 0, 0).retry_seconds == MAX_RETRY_SECONDS


def test_one_event_left_lets_a_delivery_of_any_size_through_which_is_owed() -> None:
    assert lease(Level(1.0, 0), 100, 10_000, 0) == (10_001, Level(-10_000.0, 0), 0)


def test_it_fills_up_with_time_and_not_over_its_edge() -> None:
    assert lease(Level(0.0, 0), 600, 0, 1_000).left == Level(4.0, 1_000)
    assert lease(Level(0.0, 0), 600, 0, 10 * A_MINUTE_MS).left == Level(1_194.0, 10 * A_MINUTE_MS)


def test_a_clock_that_is_behind_fills_up_nothing() -> None:
    level = Level(10.0, A_MINUTE_MS)
    assert lease(level, 600, 0, 0).left == Level(4.0, A_MINUTE_MS)


@given(
    st.integers(1, 10_000),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 10_000)), max_size=40),
)
def test_over_any_time_no_more_is_let_through_than_the_quota_and_one_delivery(
    per_minute: int, deliveries: list[tuple[int, int]]
) -> None:
    level: Level | None = None
    now_ms = taken = largest = 0
    for waited_ms, events in deliveries:
        now_ms += waited_ms
        found = lease(level, per_minute, events, now_ms)
        level = found.left
        taken += found.events
        largest = max(largest, found.events)
    assert taken <= 2 * per_minute + now_ms * per_minute / A_MINUTE_MS + largest
