"""GraphQL over HTTP: whatever is sent, a well-formed answer with the right status."""

import gzip
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.graphql.media_types import GRAPHQL, JSON, negotiated
from functions.graphql.reading import MAX_BODY_BYTES
from tests.unit.graphql.fakes import (
    FakeServices,
    FakeViews,
    Reply,
    ask,
    event,
    get,
    headers,
    person,
    reply_to,
)

TYPENAME = '{"query": "{ __typename }"}'


def post(body: str | bytes | None, **more: str) -> Reply:
    return reply_to(event(body=body, headers=headers(**more)))


def is_well_formed(reply: Reply) -> bool:
    """An answer that says what was wrong, or has data."""
    errors = reply.body.get("errors", [])
    assert all(error["message"] and error["extensions"]["code"] for error in errors)
    assert not any(error["extensions"]["code"] == "INTERNAL" for error in errors)
    return bool(errors) or "data" in reply.body


NO_REQUESTS: dict[str, str | bytes | None] = {
    "no body": None,
    "an empty body": "",
    "no JSON": "{ home { asOf } }",
    "cut off": '{"query": "{ __type',
    "something after it": TYPENAME + "x",
    "a batch": f"[{TYPENAME}, {TYPENAME}]",
    "no query": "{}",
    "an empty query": '{"query": ""}',
    "a query that is no text": '{"query": {"a": 1}}',
    "variables that are no object": '{"query": "{ __typename }", "variables": [1]}',
    "an operation name that is no text": '{"query": "{ __typename }", "operationName": 0}',
    "extensions that are no object": '{"query": "{ __typename }", "extensions": "x"}',
    "not a number": '{"query": "{ __typename }", "variables": {"a": NaN}}',
    "infinity": '{"query": "{ __typename }", "variables": {"a": -Infinity}}',
    "a number without end": '{"query": "{ __typename }", "variables": {"a": 1e999}}',
    "5 000 digits": f'{{"query": "{{ __typename }}", "variables": {{"a": {"9" * 5_000}}}}}',
    "90 000 deep": '{"query": "{ __typename }", "variables": {"a":' + "[" * 90_000 + "}}",
    "a lone surrogate": r'{"query": "\ud800"}',
    "a lone surrogate unescaped": '{"query": "\ud800"}',
    "a control character": '{"query": "\x00"}',
    "Latin-1": '{"query": "{ é }"}'.encode("latin-1"),
    "UTF-16": TYPENAME.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + TYPENAME.encode(),
    "gzip that does not say so": gzip.compress(TYPENAME.encode()),
}


@pytest.mark.parametrize("case", NO_REQUESTS)
def test_a_body_that_is_no_request_is_a_400(case: str) -> None:
    reply = post(NO_REQUESTS[case])
    assert (reply.status, reply.code) == (400, "BAD_USER_INPUT")
    assert "data" not in reply.body


RIGHT = b64encode(TYPENAME.encode()).decode()


@pytest.mark.parametrize("body", [RIGHT[:-1], f"%{RIGHT}", f"{RIGHT}\n", "\u00e9"])
def test_broken_base64_is_a_400(body: str) -> None:
    broken = event(headers=headers()) | {"body": body, "isBase64Encoded": True}
    assert reply_to(broken).status == 400


@pytest.mark.parametrize("wrap", [str, str.encode])
def test_a_body_may_have_100_000_bytes_and_no_more(wrap: Callable[[str], str | bytes]) -> None:
    largest = TYPENAME.ljust(MAX_BODY_BYTES)
    assert post(wrap(largest)).status == 200
    reply = post(wrap(largest + " "))
    assert (reply.status, reply.code) == (413, "BAD_USER_INPUT")


def test_size_is_counted_in_bytes() -> None:
    body = json.dumps({"query": "{ __typename }", "variables": {"a": "é" * 60_000}})
    assert post(body).status == 413
    assert post(body.encode("ascii").decode("unicode_escape")).status == 413


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "application/json; charset=latin-1", "application/graphql", "application/jsonp"],
)  # fmt: skip
def test_another_content_type_is_a_415(content_type: str) -> None:
    assert post(TYPENAME, content_type=content_type).status == 415


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; Charset="UTF-8"', ";version=1"])
def test_json_may_say_that_it_is_utf_8(charset: str) -> None:
    assert post(TYPENAME, content_type=f"Application/JSON {charset}").status == 200


def test_a_compressed_body_is_a_415() -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    assert post(bomb, content_encoding="gzip").status == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PUT", "/graphql", 405), ("HEAD", "/graphql", 405), ("OPTIONS", "/graphql", 405),
     ("POST", "/graphql/x", 404), ("GET", "/", 404), ("POST", "/graphql;x", 404)],
)  # fmt: skip
def test_other_methods_and_paths(method: str, path: str, status: int) -> None:
    reply = reply_to(event(method, TYPENAME, headers(), path))
    assert reply.status == status
    assert reply.headers.get("Allow") == ("GET, POST" if status == 405 else None)


def test_a_stage_in_front_of_the_path_does_no_harm() -> None:
    staged = event(body=TYPENAME, headers=headers(), path="/live/graphql")
    staged["requestContext"]["stage"] = "live"
    assert reply_to(staged).status == 200


def test_get_is_for_queries_only() -> None:
    reply = get(query="mutation { __typename }")
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, POST")
    assert get(query="subscription { __typename }").status == 405
    assert ask("mutation { __typename }").data == {"__typename": "Mutation"}
    assert ask("subscription { __typename }").status == 405


@pytest.mark.parametrize(
    "query_string",
    ["", "query=", "query=%7B__typename%7D&query=x", "query=%7B__typename%7D%23%FF",
     "query=%7B__typename%7D&variables=", "query=%7B__typename%7D&variables=[1]",
     "query=%7B__typename%7D&variables=NaN",
     "query=%ED%A0%80", "variables={}", "query=x" + "&a=b" * 10],
)  # fmt: skip
def test_a_query_string_that_is_no_request_is_a_400(query_string: str) -> None:
    assert reply_to(event("GET", headers=headers(), query_string=query_string)).status == 400


def test_a_get_takes_variables_as_json() -> None:
    query = "query ($top: Int!) { home(top: $top) { timeZone } }"
    assert get(query=query, variables='{"top": 7}', extensions="{}").status == 200


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("Application/GraphQL-Response+JSON; charset=utf-8", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json;q=0.9, application/graphql-response+json;q=0.1", JSON),
        ("application/json, application/graphql-response+json", GRAPHQL),
        ("application/json, */*", JSON),
        ("application/graphql-response+json, */*", GRAPHQL),
        ("text/html, */*;q=0.1", JSON),
        ("application/json;q=0, */*", GRAPHQL),
        ("application/json; q=NaN", JSON),
        ("text/html", None),
        ("*/*;q=0", None),
    ],
)
def test_the_media_type_is_what_the_client_likes_best(accept: str, media_type: str | None) -> None:
    reply = post(TYPENAME, accept=accept)
    assert reply.status == (200 if media_type else 406)
    assert reply.headers["Content-Type"] == f"{media_type or JSON}; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "variables"),
    [("{", None), ("{ nothing }", None), ("fragment f on Query { __typename }", None),
     ("query ($top: Int!) { home(top: $top) { asOf } }", {"top": None})],
)  # fmt: skip
def test_a_document_that_cannot_be_executed_has_no_data(
    query: str, variables: dict[str, Any] | None
) -> None:
    """The status is a 400 for those who know GraphQL over HTTP, else a 200 as before it."""
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        reply = ask(query, variables=variables, accept=accept)
        assert (reply.status, reply.code) == (status, "BAD_USER_INPUT")
        assert "data" not in reply.body


def test_an_unknown_operation_is_no_request() -> None:
    body = '{"query": "query A { __typename }", "operationName": "B"}'
    assert post(body).status == 400


def test_answers_are_not_cached() -> None:
    for reply in (ask("{ __typename }"), ask("{"), post("x"), reply_to(event())):
        assert reply.headers["Cache-Control"] == "no-store"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=10,
)
documents = st.text() | st.lists(
    st.sampled_from(
        ["{", "}", "(", ")", "[", "]", ":", "$", "!", "...", "on", "query", "fragment", "home",
         "userAnalytics", "first", "range", "asOf", "edges", "node", "f", '"', '"2026-11-22"', "1",
         "-1", "1e9", "null", "true", "@skip", "if", "=", "Query", "Home", "#", "mutation",
         "__type"]
    )
).map(" ".join)  # fmt: skip


@given(st.binary() | st.binary().map(lambda tail: b'{"query":"' + tail))
def test_any_bytes_get_a_well_formed_answer(body: bytes) -> None:
    assert is_well_formed(post(body))


@given(st.text(st.characters(exclude_categories=())), st.booleans())
def test_any_text_gets_a_well_formed_answer(body: str, is_base64: bool) -> None:  # noqa: FBT001
    assert is_well_formed(
        reply_to(event(headers=headers()) | {"body": body, "isBase64Encoded": is_base64})
    )


@given(json_values)
def test_any_json_gets_a_well_formed_answer(value: object) -> None:
    assert is_well_formed(post(json.dumps(value)))


@given(documents, json_values, json_values)
def test_any_parameters_get_a_well_formed_answer(
    query: str, variables: object, name: object
) -> None:
    parameters = {"query": query, "variables": variables, "operationName": name}
    assert is_well_formed(post(json.dumps(parameters)))


@given(documents)
def test_any_document_gets_a_well_formed_answer(query: str) -> None:
    assert is_well_formed(post(json.dumps({"query": query})))
    assert is_well_formed(get(query=query))


@given(st.text(st.characters(exclude_categories=())))
def test_any_query_string_gets_a_well_formed_answer(query_string: str) -> None:
    assert is_well_formed(reply_to(event("GET", headers=headers(), query_string=query_string)))


@given(json_values)
def test_any_argument_gets_a_well_formed_answer(value: object) -> None:
    query = """query ($range: RangeInput, $filter: PeopleFilterInput, $top: Int!, $after: String) {
      home(range: $range, filter: $filter, top: $top) { asOf }
      userAnalytics(after: $after) { totalCount }
    }"""
    variables = dict.fromkeys(("range", "filter", "top", "after"), value)
    body = json.dumps({"query": query, "variables": variables})
    assert is_well_formed(post(body))


@given(st.text(), st.text(), st.text())
def test_any_headers_get_a_well_formed_answer(accept: str, content_type: str, coding: str) -> None:
    sent = headers(accept=accept, content_type=content_type, content_encoding=coding)
    assert is_well_formed(reply_to(event(body=TYPENAME, headers=sent)))


@given(st.text(st.characters()))
def test_any_accept_header_can_be_negotiated(accept: str) -> None:
    assert negotiated(accept) in {JSON, GRAPHQL, None}


def test_names_that_cannot_be_encoded_do_not_break_an_answer() -> None:
    services = FakeServices(FakeViews([replace(person("u1"), name="\ud800")]))
    answer = ask("{ userAnalytics { nodes { name } } }", services).data
    assert answer["userAnalytics"]["nodes"] == [{"name": "\ud800"}]
