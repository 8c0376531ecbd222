"""Packs give back the events they were made from, to the byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.pack_reader import read_packs
from shared.metrics.columns.packs import read_events, read_pack, write_pack, write_packs
from shared.metrics.columns.sealing import UnknownFormatError
from shared.metrics.domain.events import ActorKind, Event, Signal
from tests.builders import event, packs_of

KILOBYTE_IDS = ("x" * 1_024, "é" * 512, "😀" * 256)
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["", "#", "a#b%23|c", "\0", "née", "ne\u0301e", "😀", *KILOBYTE_IDS]),
)
any_events = st.builds(
    Event,
    event_id=st.binary(min_size=16, max_size=16),
    user_id=texts,
    occurred_at_ms=st.one_of(
        st.integers(0, 1 << 41), st.sampled_from([0, 255, 256, 65_536, 1 << 32, -1])
    ),
    received_at_ms=st.just(7),
    feature=texts,
    property=texts,
    attribute=texts,
    action=texts,
    record_id=texts,
    account_id=texts,
    signal=st.sampled_from(Signal),
    actor_kind=st.sampled_from(ActorKind),
    source=st.just("src #1 😀"),
    context=texts,
    change=st.sampled_from(["", "", '{"object":"deal","op":"CREATE"}']) | texts,
)


@given(st.lists(any_events, min_size=1, max_size=12))
def test_a_pack_gives_its_events_back_in_their_order(events: list[Event]) -> None:
    assert read_events(write_pack(events)) == events


@given(st.lists(any_events, min_size=1, max_size=12), st.integers(1, 2_000))
def test_packs_are_split_to_fit_and_lose_nothing(events: list[Event], max_bytes: int) -> None:
    bodies = write_packs(events, max_bytes)
    assert [each for body in bodies for each in read_events(body)] == events
    assert all(len(body) <= max_bytes or read_pack(body).rows == 1 for body in bodies)


@given(st.lists(st.lists(any_events, min_size=1, max_size=6), max_size=5))
def test_many_packs_are_read_as_one_set_of_arrays(deliveries: list[list[Event]]) -> None:
    bodies = [write_pack(delivery) for delivery in deliveries]
    events = [each for delivery in deliveries for each in delivery]
    rows = read_packs(bodies)
    assert len(rows) == len(events)
    assert [half.tobytes() for half in rows.ids] == [each.event_id for each in events]
    assert rows.times_ms.tolist() == [each.occurred_at_ms for each in events]
    assert rows.received_ms.tolist() == [each.received_at_ms for each in events]
    assert [rows.users[code] for code in rows.user] == [each.user_id for each in events]
    assert [rows.paths[code] for code in rows.path] == [
        (each.feature, each.property, each.attribute, each.action) for each in events
    ]
    assert [(code // 4, code % 4) for code in rows.origin.tolist()] == [
        (each.signal, each.actor_kind) for each in events
    ]
    assert [rows.sources[code] for code in rows.source] == [each.source for each in events]
    assert [rows.content(row) for row in range(len(events))] == [
        each.canonical_content() for each in events
    ]


@pytest.mark.parametrize(
    ("people", "width"), [(1, 1), (256, 1), (257, 2), (65_536, 2), (65_537, 4)]
)
def test_codes_take_the_narrowest_width_that_holds_them(people: int, width: int) -> None:
    template = event(0)
    events = [template._replace(user_id=str(number)) for number in range(people)]
    body = write_pack(events)
    assert len(read_pack(body).user) == people * width
    assert read_packs([body]).users == [each.user_id for each in events]
    assert read_events(body) == events


@pytest.mark.parametrize(
    ("span_ms", "width"), [(255, 1), (256, 2), (65_536, 4), ((1 << 32) - 1, 4), (1 << 32, 8)]
)
def test_times_take_the_narrowest_width_that_holds_their_span(span_ms: int, width: int) -> None:
    events = [event(1_000), event(1_000 + span_ms)]
    body = write_pack(events)
    assert len(read_pack(body).times) == 2 * width
    assert read_packs([body]).times_ms.tolist() == [1_000, 1_000 + span_ms]
    assert read_events(body) == events


def test_packs_of_several_sources_and_receipts_keep_them_apart() -> None:
    events = [
        event(0, source="one", received_at_ms=5),
        event(0, source="two", received_at_ms=6),
        event(0, source="one", received_at_ms=7),
    ]
    rows = read_packs(packs_of(events))
    assert [rows.sources[code] for code in rows.source] == ["one", "two", "one"]
    assert rows.received_ms.tolist() == [5, 6, 7]


def test_no_packs_have_no_rows() -> None:
    assert len(read_packs([])) == 0


@pytest.mark.parametrize("body", [b"", b"\x02", b"\xff\x28\xb5\x2f\xfd"])
def test_a_pack_of_an_unknown_version_is_refused_with_the_version_named(body: bytes) -> None:
    found = str(body[0]) if body else "none"
    for read in (read_pack, read_events, lambda one: read_packs([one])):
        with pytest.raises(
            UnknownFormatError, match=f"version {found}; this program reads version 1"
        ):
            read(body)
