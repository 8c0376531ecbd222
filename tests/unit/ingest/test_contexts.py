"""What is kept of a row beyond what is understood (case 21), within 32 KB."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.admission import MAX_CONTEXT_BYTES
from functions.ingest.contexts import LEFT_OUT, context_of


def test_what_is_not_known_and_says_something_is_kept() -> None:
    fields = {
        "id": 1,
        "new": {"a": 1},
        "zero": 0,
        "no": False,
        "none": None,
        "text": "",
        "list": [],
    }
    assert context_of(fields, {"id"}) == {"new": {"a": 1}, "zero": 0, "no": False}


def test_the_largest_are_left_out_and_named() -> None:
    fields = {"small": "x", "large": "x" * 30_000, "larger": "x" * 40_000}
    assert context_of(fields) == {"small": "x", LEFT_OUT: ["larger", "large"]}


@given(
    fields=st.dictionaries(
        st.text(max_size=3) | st.just("n" * 3_000),
        st.text(max_size=5) | st.just("x" * 12_000) | st.just("é" * 12_000),
        max_size=40,
    )
)
def test_a_context_always_fits(fields: dict[str, str]) -> None:
    kept = context_of(fields)
    assert len(msgspec.json.encode(kept)) <= MAX_CONTEXT_BYTES
    assert {name: fields[name] for name in kept if name in fields and name != LEFT_OUT}.items() <= (
        fields.items()
    )


def test_a_thousand_long_names_fit() -> None:
    fields = {f"{number}{'n' * 2_000}": "x" for number in range(1_000)}
    assert len(msgspec.json.encode(context_of(fields))) <= MAX_CONTEXT_BYTES
