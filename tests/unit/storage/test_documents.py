"""JSON objects as text: the same text for the same object, and nothing that is too much."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.errors import BadInputError
from shared.metrics.storage.documents import MAX_BYTES, MAX_DEPTH, canonical_object

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats(-1e9, 1e9) | words
values = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(words, inner), max_leaves=10
)


@given(
    document=st.dictionaries(words, values, max_size=4),
    indent=st.integers(0, 4),
    ascii_=st.booleans(),
)
def test_every_way_to_write_an_object_becomes_the_same_text(
    document: dict[str, Any], indent: int, *, ascii_: bool
) -> None:
    backwards = dict(reversed(document.items()))
    written = json.dumps(backwards, indent=indent, ensure_ascii=ascii_)
    canonical = canonical_object(written, "arguments")
    assert json.loads(canonical) == document
    assert canonical == canonical_object(canonical, "arguments")
    assert canonical == canonical_object(json.dumps(document), "arguments")


def test_keys_are_sorted_and_nothing_is_written_that_need_not_be() -> None:
    assert canonical_object(r' {"b": [1, 2.50], "a": "\u00e9"} ', "x") == '{"a":"é","b":[1,2.5]}'


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


WRONG = {
    "nothing": "",
    "no JSON": "{a: 1}",
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "something after it": "{} {}",
    "not a number": '{"a": NaN}',
    "a number without end": '{"a": 1e999}',
    "an escaped lone surrogate": r'{"a": "\ud800"}',
    "a lone surrogate": '{"a": "\ud800"}',
    "too deep": nested(MAX_DEPTH + 1),
    "much too deep": nested(1_300),
    "too long": '{"a": "' + "x" * MAX_BYTES + '"}',
    "too long in bytes": '{"a": "' + "é" * (MAX_BYTES // 2) + '"}',
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_object_or_too_much_is_refused(case: str) -> None:
    with pytest.raises(BadInputError) as refused:
        canonical_object(WRONG[case], "arguments")
    assert refused.value.field == "arguments"
    assert str(refused.value).startswith("arguments is ")


def test_an_object_may_be_as_deep_and_as_long_as_that() -> None:
    assert canonical_object(nested(MAX_DEPTH), "x") == nested(MAX_DEPTH)
    longest = '{"a":"' + "x" * (MAX_BYTES - 8) + '"}'
    assert canonical_object(longest, "x") == longest


def test_numbers_that_take_more_room_in_canonical_form_are_measured_in_it() -> None:
    numbers = ",".join(["1e9"] * 1_500)
    with pytest.raises(BadInputError, match="too long"):
        canonical_object(f'{{"a":[{numbers}]}}', "x")
