"""Changes of records as text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.change_texts import change_of, text_of
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    texts,
    st.integers(-(1 << 80), 1 << 80),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(texts, max_size=3),
)
fields = st.dictionaries(texts, values, max_size=4)
changes = st.builds(
    RecordChange,
    object=texts,
    op=st.sampled_from(Op),
    set=fields,
    was=fields,
    sequence=st.none() | st.integers(0, 1 << 62),
    merged_into=texts,
    precision=st.sampled_from(Precision),
)


@given(changes)
def test_a_change_comes_back_from_its_text(change: RecordChange) -> None:
    assert change_of(text_of(change)) == change


@given(changes)
def test_the_text_does_not_depend_on_the_order_of_fields(change: RecordChange) -> None:
    turned = RecordChange(
        object=change.object,
        op=change.op,
        set=dict(reversed(list(change.set.items()))),
        was=dict(reversed(list(change.was.items()))),
        sequence=change.sequence,
        merged_into=change.merged_into,
        precision=change.precision,
    )
    assert text_of(turned) == text_of(change)


@pytest.mark.parametrize("text", ["", "{}", '{"object":"deal","op":"DROP"}', '{"op":"CREATE"}'])
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the parser's
        change_of(text)
