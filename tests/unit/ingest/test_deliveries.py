"""Deliveries are read row by row, and senders' keys are made of their parts."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.deliveries import delivery_of
from functions.ingest.requests import RefusedError
from functions.ingest.rows import MAX_ROWS, Reason, RowError
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import SentRow


def read(original: bytes) -> Iterator[SentRow | RowError]:
    """Each letter is a row, but for `b`, which is a bad one, and `x`, which ends it badly."""
    for letter in original.decode():
        if letter == "x":
            raise RowError(Reason.INVALID_ROW, "x")
        yield RowError(Reason.TOO_LONG, "b") if letter == "b" else SentRow(original, letter, "k", 1)


def test_a_bad_row_costs_itself_alone() -> None:
    """Case 20."""
    delivery = delivery_of([b"a", b"cbd", b"ex", b"", b"f"], read)
    assert [row.name for row in delivery.rows] == ["a", "c", "d", "e", "f"]
    assert [(each.index, each.reason, each.original) for each in delivery.rejections] == [
        (2, Reason.TOO_LONG, b"cbd"),
        (5, Reason.INVALID_ROW, b"ex"),
    ]


def test_too_many_rows_are_refused() -> None:
    """Case 15."""
    assert len(delivery_of([b"a" * MAX_ROWS], read).rows) == MAX_ROWS
    with pytest.raises(RefusedError) as caught:
        delivery_of([b"a" * MAX_ROWS, b"b"], read)
    assert caught.value.status == 413


parts = st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=4)


@given(one=parts, other=parts)
def test_keys_are_the_same_for_the_same_parts_only(
    one: list[str | int | None], other: list[str | int | None]
) -> None:
    """Case 22."""
    assert (sender_key(*one) == sender_key(*other)) is (one == other)


def test_a_key_is_the_same_for_ever() -> None:
    """Case 3: keys of years ago are found again."""
    assert sender_key("7", 1, None, "é#|") == '["7",1,null,"é#|"]'
    assert sender_key("x" * 1_000) == "4bcd109718b0821072d8ecd1bf901243"
