"""Identity and canonical content of events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.events import (
    EVENT_ID_BYTES,
    Event,
    Signal,
    event_id_from_content,
    event_id_from_sender,
)
from tests.builders import event

texts = st.text(max_size=6)


@given(texts, texts, texts, texts)
def test_ids_of_senders_differ_wherever_source_or_id_differ(
    source: str, sender_id: str, other_source: str, other_id: str
) -> None:
    if (source, sender_id) != (other_source, other_id):
        one = event_id_from_sender(source, sender_id)
        assert one != event_id_from_sender(other_source, other_id)
        assert len(one) == EVENT_ID_BYTES


def test_where_a_source_ends_and_an_id_begins_is_told_apart() -> None:
    assert event_id_from_sender("ab", "c") != event_id_from_sender("a", "bc")
    assert event_id_from_sender("1", "1:x") != event_id_from_sender("11:", "x")


def test_true_repetitions_have_ids_of_their_own_that_a_resending_gives_again() -> None:
    content = event(0).canonical_content()
    ids = [event_id_from_content("src", 0, content, nth) for nth in range(127)]
    assert len(set(ids)) == 127
    assert ids == [event_id_from_content("src", 0, content, nth) for nth in range(127)]


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "bob"},
        {"feature": "Deals"},
        {"property": "Views"},
        {"attribute": "List View"},
        {"action": "open"},
        {"record_id": "r"},
        {"account_id": "a"},
        {"signal": Signal.CHANGE},
        {"source": "other"},
        {"context": '{"a":1}'},
    ],
    ids=lambda change: next(iter(change)),
)
def test_content_tells_every_field_apart(change: dict[str, object]) -> None:
    plain: Event = event(0)
    assert plain._replace(**change).canonical_content() != plain.canonical_content()  # type: ignore[arg-type]


def test_content_is_ascii_so_that_its_order_is_the_same_everywhere() -> None:
    assert event(0, "Ö😀").canonical_content().isascii()
