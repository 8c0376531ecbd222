"""Arrivals are the same whether rows have been read or only the heads of packs."""

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.arrivals_block import (
    KEPT_HOURS,
    arrivals_in,
    arrivals_of_packs,
    read_arrivals,
    write_arrivals,
)
from shared.metrics.columns.pack_reader import read_packs
from shared.metrics.domain.arrivals import HOUR_MS, Arrivals
from tests.builders import event, packs_of

deliveries = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 50 * HOUR_MS), st.integers(1, 4)),
    min_size=1,
    max_size=12,
)


@given(deliveries)
def test_they_are_those_of_a_plain_loop(sent: list[tuple[str, int, int]]) -> None:
    events = [
        event(at, name=f"{at} {number}", source=source, received_at_ms=at)
        for source, at, rows in sent
        for number in range(rows)
    ]
    bodies = packs_of(events)
    found = arrivals_of_packs(bodies)
    assert arrivals_in(read_packs(bodies)) == found
    assert read_arrivals(write_arrivals(found)) == found
    for source in {source for source, _, _ in sent}:
        of_source = [(at, rows) for name, at, rows in sent if name == source]
        assert found[source].last_ms == max(at for at, _ in of_source)
        for hour, rows in found[source].by_hour.items():
            assert rows == sum(n for at, n in of_source if at // HOUR_MS == hour)


def test_hours_long_before_the_last_are_not_kept() -> None:
    stored = read_arrivals(write_arrivals({"a": Arrivals(9, {0: 1, KEPT_HOURS - 1: 2, 5: 3})}))
    assert stored == {"a": Arrivals(9, {0: 1, 5: 3, KEPT_HOURS - 1: 2})}
    stored = read_arrivals(write_arrivals({"a": Arrivals(9, {0: 1, KEPT_HOURS: 2})}))
    assert stored == {"a": Arrivals(9, {KEPT_HOURS: 2})}
