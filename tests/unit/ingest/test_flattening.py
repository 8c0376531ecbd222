"""Nested fields as flat values."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.flattening import MAX_FIELDS, MAX_TEXT, flattened, text_of
from functions.ingest.rows import Reason, RowError
from shared.metrics.columns.change_texts import change_of
from shared.metrics.columns.change_texts import text_of as text_of_change
from shared.metrics.domain.record_changes import Op, RecordChange

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


def test_fields_of_a_nested_object_have_both_names() -> None:
    assert flattened({"Name": {"First": "Ann", "Last": None}, "Amount": 1.5, "Won": True}) == {
        "Name.First": "Ann",
        "Name.Last": None,
        "Amount": 1.5,
        "Won": True,
    }


def test_a_list_is_a_list_of_texts() -> None:
    assert flattened({"tags": ["a", 1, None, {"id": 7}], "none": [], "empty": {}}) == {
        "tags": ["a", "1", "", '{"id":7}'],
        "none": [],
        "empty": None,
    }


def test_long_texts_are_cut_and_long_numbers_are_texts() -> None:
    flat = flattened({"note": "x" * (MAX_TEXT + 1), "short": "x" * MAX_TEXT, "n": 2**70})
    assert flat == {"note": "x" * MAX_TEXT + "…", "short": "x" * MAX_TEXT, "n": str(2**70)}


def test_too_many_fields_are_turned_away() -> None:
    with pytest.raises(RowError) as caught:
        flattened({str(number): number for number in range(MAX_FIELDS + 1)})
    assert caught.value.reason is Reason.TOO_LONG


@given(fields=st.dictionaries(st.text(max_size=3), values, max_size=5))
def test_any_fields_can_be_kept_as_a_change(fields: dict[str, object]) -> None:
    change = RecordChange("deal", Op.UPDATE, flattened(fields))
    assert change_of(text_of_change(change)) == change


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (None, ""), (7, "7"), (True, "true"), (1.5, "1.5"), ([1], "[1]"), ({}, "{}")],
)
def test_values_as_texts(value: object, text: str) -> None:
    assert text_of(value) == text


@given(value=values)
def test_any_value_has_a_text(value: object) -> None:
    assert isinstance(text_of(value), str)
    assert msgspec.json.encode(text_of(value))
