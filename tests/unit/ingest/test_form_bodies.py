"""Forms of `name=value` pairs."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.form_bodies import form_of
from functions.ingest.requests import RefusedError


def test_pairs_are_read_and_empty_ones_left_out() -> None:
    assert form_of(b"a=1&b=x+y%26z&a=2&c=&d=%C3%A9") == {"a": "2", "b": "x y&z", "d": "é"}
    assert form_of("a=1") == {"a": "1"}
    assert form_of(b"") == {}


@pytest.mark.parametrize("body", [b"a=\xe9", b"a=%E9", b"&".join([b"a=1"] * 1_001)])
def test_other_encodings_and_too_many_fields_are_refused(body: bytes) -> None:
    """Cases 15 and 17."""
    with pytest.raises(RefusedError) as caught:
        form_of(body)
    assert caught.value.status == 400


@given(body=st.binary(max_size=40))
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    with suppress(RefusedError):
        assert isinstance(form_of(body), dict)
