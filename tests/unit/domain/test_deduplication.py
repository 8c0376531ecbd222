"""Exact de-duplication: the array code against a dictionary of events."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.deduplication import Distinct, distinct_rows
from shared.metrics.domain.events import Event
from tests.builders import event, instant_ms
from tests.oracles.deduplication import distinct

NOON = instant_ms("2026-03-09 12:00")
# Identifiers of which one half is often the same, by chance, as that of another.
halves = st.sampled_from([b"\0" * 8, b"\xff" * 8, b"\1" + b"\0" * 7])
identifiers = st.builds(lambda high, low: high + low, halves, halves)
rows = st.builds(
    lambda identifier, time_ms, user, record, received_ms: event(
        time_ms, user, record_id=record, received_at_ms=received_ms
    )._replace(event_id=identifier),
    identifiers,
    st.sampled_from([NOON, NOON + 1, NOON + 3_600_000]),
    st.sampled_from(["ann", "bob", "Ann", "ä"]),
    st.sampled_from(["", "r1", "r2"]),
    st.integers(0, 5),
)


def distinct_of(events: Sequence[Event]) -> Distinct:
    """The array code, given everything but the record as a column."""
    users = sorted({each.user_id for each in events})
    return distinct_rows(
        np.frombuffer(b"".join(each.event_id for each in events), "<u8").reshape(-1, 2),
        np.array([each.occurred_at_ms for each in events], np.int64),
        np.array([each.received_at_ms for each in events], np.int64),
        (np.array([users.index(each.user_id) for each in events], np.uint32),),
        lambda row: events[row].canonical_content(),
    )


def kept(events: Sequence[Event]) -> list[Event]:
    """The events that the array code keeps, with the times of receipt that it gives."""
    found = distinct_of(events)
    rows = zip(found.rows.tolist(), found.received_ms.tolist(), strict=True)
    return [events[row]._replace(received_at_ms=received_ms) for row, received_ms in rows]


def visible(events: Sequence[Event]) -> list[tuple[bytes, int, str, int]]:
    """What a fold sees of events: the columns that it compares."""
    return sorted((e.event_id, e.occurred_at_ms, e.user_id, e.received_at_ms) for e in events)


@given(st.lists(rows, min_size=1, max_size=40))
def test_one_row_of_every_id_and_time_is_kept(events: list[Event]) -> None:
    assert visible(kept(events)) == visible(distinct(events))


@given(st.data(), st.lists(rows, min_size=1, max_size=20))
def test_the_order_of_arrival_never_matters(data: st.DataObject, events: list[Event]) -> None:
    assert visible(kept(data.draw(st.permutations(events)))) == visible(kept(events))


@given(st.lists(rows, min_size=1, max_size=40))
def test_rows_are_kept_in_their_order(events: list[Event]) -> None:
    found = distinct_of(events).rows.tolist()
    assert found == sorted(found)


def test_the_same_id_at_another_time_is_another_event() -> None:
    first = event("2026-03-09 10:00", name="e1")
    assert len(distinct_of([first, first._replace(occurred_at_ms=NOON)]).rows) == 2


def test_the_smallest_content_wins_and_the_earliest_receipt_is_kept() -> None:
    late_and_small = event(NOON, "ann", name="e1", received_at_ms=9)
    early_and_large = event(NOON, "bob", name="e1", received_at_ms=3)
    found = distinct_of([early_and_large, late_and_small])
    assert found.rows.tolist() == [1]
    assert found.received_ms.tolist() == [3]


def test_the_time_of_receipt_is_no_part_of_the_content() -> None:
    one = event(NOON, received_at_ms=1)
    assert one.canonical_content() == one._replace(received_at_ms=2).canonical_content()


def test_nothing_has_no_duplicates() -> None:
    assert len(distinct_of([]).rows) == 0
