"""Bodies of JSON, told into rows and read one by one."""

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.json_bodies import MAX_DEPTH, check_json, object_of, rows_of, typed
from functions.ingest.requests import RefusedError, Request
from functions.ingest.rows import Reason, RowError


def request(content_type: str | None) -> Request:
    headers = {} if content_type is None else {"content-type": content_type}
    return Request("POST", "/v1/in/s", headers, b"", "r")


@pytest.mark.parametrize(
    "content_type",
    [None, "application/json", "Application/JSON; charset=utf-8", "application/hal+json"],
)
def test_json_is_known_by_its_content_type(content_type: str | None) -> None:
    check_json(request(content_type))


@pytest.mark.parametrize("content_type", ["text/xml", "text/plain", "application/x-json"])
def test_other_content_types_are_refused(content_type: str) -> None:
    """Case 19."""
    with pytest.raises(RefusedError) as caught:
        check_json(request(content_type))
    assert caught.value.status == 415


def test_an_array_is_as_many_rows_and_an_object_is_one() -> None:
    assert rows_of(b' [{"a": 1}, 2,\n"x"] ') == [b'{"a": 1}', b"2", b'"x"']
    assert rows_of(b' {"a": [1]} ') == [b'{"a": [1]}']
    assert rows_of(b"[]") == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"1",
        b"null",
        b'"text"',
        b"{",
        b"[{}",
        b"[{}] {}",
        b"NaN",
        b"[NaN",
        '{"a": "é"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"a": 1}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
)
def test_a_body_that_cannot_be_told_into_rows_is_malformed(body: bytes) -> None:
    """Cases 17 and 18."""
    with pytest.raises(RefusedError) as caught:
        rows_of(body)
    assert caught.value.status == 400


@pytest.mark.parametrize("bad", [b"NaN", b'"\\ud83d"', b"1e400"])
def test_what_no_row_may_have_is_left_to_the_row(bad: bytes) -> None:
    """Cases 18 and 20: the rest of the array is as good as ever."""
    row = b'{"a": %s}' % bad
    assert rows_of(row + b"\n") == [row]
    one, other, last = rows_of(b'[{"b": "\xc3\xa9"}, %s, 1]' % row)
    assert (object_of(one), last) == ({"b": "é"}, b"1")
    for alone in (row, other):
        with pytest.raises(RowError):
            object_of(alone)


@pytest.mark.parametrize(
    "row",
    [
        b"1",
        b"null",
        b"[]",
        b'{"a": "\xe9"}',
        b'{"a": "\\ud800"}',
        b'{"a": 1e400}',
        b'{"a": 1' + b"0" * 5_000 + b"}",
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
        b'{"a":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
    ],
)
def test_a_row_that_cannot_be_read_is_turned_away(row: bytes) -> None:
    """Cases 17 and 18."""
    with pytest.raises(RowError) as caught:
        object_of(row)
    assert caught.value.reason is Reason.INVALID_ROW


def test_what_is_nested_as_deep_as_allowed_is_read() -> None:
    depth = MAX_DEPTH - 1
    row = b'{"a":' + b"[" * depth + b"]" * depth + b"}"
    assert msgspec.json.encode(object_of(row)) == row
    assert object_of(json.dumps({"a": [[]] * 100}).encode())


def test_of_a_name_that_comes_twice_the_last_one_counts() -> None:
    """Case 18."""
    assert object_of(b'{"a": 1, "a": 2}') == {"a": 2}


def test_known_fields_have_their_types() -> None:
    class Known(msgspec.Struct):
        a: int

    assert typed({"a": 1, "b": 2}, Known).a == 1
    for fields in ({}, {"a": "1"}, {"a": None}):
        with pytest.raises(RowError) as caught:
            typed(fields, Known)
        assert caught.value.reason is Reason.INVALID_ROW


@given(body=st.binary(max_size=60))
def test_any_bytes_are_rows_or_refused(body: bytes) -> None:
    with suppress(RefusedError):
        for row in rows_of(body):
            with suppress(RowError):
                assert isinstance(object_of(row), dict)
