"""Mixpanel's SDKs."""

import json
from base64 import b64encode
from urllib.parse import quote, urlencode

import pytest

from functions.ingest.requests import RefusedError, Request
from functions.ingest.rows import Reason, Rows
from functions.ingest.sources import mixpanel
from shared.metrics.domain.events import Signal
from tests.unit.ingest.sources.sending import KEY, document, fixture, only, parsed, request, rows

FORM = "application/x-www-form-urlencoded"


def from_python(data: bytes, path: str = "/track") -> Request:
    """A form whose data is JSON."""
    body = urlencode({"data": data.decode(), "verbose": 1, "ip": 0}).encode()
    return request(body, path, content_type=FORM)


def from_node(data: bytes, path: str = "/track", *, method: str = "GET") -> Request:
    """Base64, in the query or, not escaped, in a form."""
    encoded = b64encode(data).decode()
    if method == "GET":
        query = urlencode({"ip": 0, "verbose": 0, "data": encoded})
        return request(b"", path, method="GET", query=query)
    body = f"data={encoded}".encode()
    return request(body, path, query="ip=0&verbose=0", content_type=FORM)


def event(name: str = "Won", **properties: object) -> bytes:
    usual = {"token": KEY, "distinct_id": "ada"}
    return json.dumps({"event": name, "properties": {**usual, **properties}}).encode()


def test_what_python_sends() -> None:
    sent = from_python(fixture("mixpanel/python_track"))
    won, reports, unknown = rows(mixpanel, sent)
    assert (won.name, won.person.user_id, won.signal) == ("Deal Won", "ada", Signal.ACTION)
    assert won.fields["properties"]["record_id"] == "deal-7"
    assert (reports.name, unknown.name) == ("Reports", "Looked Around")
    assert (unknown.person.user_id, unknown.person.anonymous_id) == ("", "browser-1")
    assert won.occurred_at_ms == 1_795_345_846_277
    assert won.sender_key == document("mixpanel/python_track")[0]["properties"]["$insert_id"]
    told = only(mixpanel, from_python(fixture("mixpanel/python_engage"), "/engage"))
    assert told.directory == {"name": "Ada Byron", "email": "ada@example.com", "country": "GB"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_node_sends(method: str) -> None:
    sent = from_node(fixture("mixpanel/node_track"), method=method)
    reports, unknown = rows(mixpanel, sent)
    assert (reports.name, reports.occurred_at_ms) == ("Reports", 1_795_345_855_431)
    assert reports.sender_key is None
    assert unknown.person.anonymous_id == "browser-1"


def test_plus_signs_in_base64_are_no_spaces() -> None:
    data = event("~~~>>>???ûûû")
    assert b"+" in b64encode(data)
    assert only(mixpanel, from_node(data, method="POST")).name == "~~~>>>???ûûû"


@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/json"])
def test_what_is_imported_may_be_json(content_type: str) -> None:
    data = event() + b"\n\n" + event(**{"$insert_id": "i2"})
    if content_type == "application/json":
        data = b"[" + data.replace(b"\n\n", b",") + b"]"
    first, second = rows(mixpanel, request(data, "/import", content_type=content_type))
    assert (first.sender_key, second.sender_key) == (None, "i2")


@pytest.mark.parametrize("send", [from_python, from_node])
def test_the_key_is_the_token_of_the_first_row(send: object) -> None:
    assert callable(send)
    for data in (event(), fixture("mixpanel/python_track"), fixture("mixpanel/python_engage")):
        sent = send(data)
        assert mixpanel.key_of(sent, sent.body) == KEY


def test_without_a_token_the_key_is_the_user_of_basic_authentication() -> None:
    authorization = "Basic " + b64encode(f"{KEY}:".encode()).decode()
    sent = request(b'[{"event":"x"}]', "/import", authorization=authorization)
    assert mixpanel.key_of(sent, sent.body) == KEY


@pytest.mark.parametrize(
    "body", [b"", b"data=", b"data=%FF", b"data=%%%", b"\xff", b"data=W10", b"[1]", b"{"]
)
def test_without_any_there_is_no_key(body: bytes) -> None:
    assert mixpanel.key_of(request(body, "/track", content_type=FORM), body) == ""


def test_a_row_with_another_token_is_another_tenants() -> None:
    """Case 10."""
    data = b"[" + event() + b"," + event(token="src2.other") + b"]"
    found = parsed(mixpanel, from_python(data))
    assert len(found.rows) == 1
    assert [rejection.reason for rejection in found.rejections] == [Reason.OTHER_TENANT]


@pytest.mark.parametrize(
    ("time", "at_ms"),
    [
        (1_795_345_846, 1_795_345_846_000),
        (1_795_345_846.2774, 1_795_345_846_277),
        (1_795_345_846_277, 1_795_345_846_277),
        (None, None),
    ],
)
def test_seconds_and_milliseconds_are_told_apart_by_their_size(
    time: float | None, at_ms: int | None
) -> None:
    assert only(mixpanel, from_python(event(time=time))).occurred_at_ms == at_ms


@pytest.mark.parametrize("time", [0, -1, 99_999_999, 10**10, 10**11 - 1, 10**15, 10**300, 1e300])
def test_what_could_be_neither_or_both_is_turned_away(time: float) -> None:
    """Case 14."""
    (rejection,) = parsed(mixpanel, from_python(event(time=time))).rejections
    assert rejection.reason is Reason.AMBIGUOUS_TIME


@pytest.mark.parametrize("time", ["now", True, [], {}])
def test_a_time_is_a_number(time: object) -> None:
    (rejection,) = parsed(mixpanel, from_python(event(time=time))).rejections
    assert rejection.reason is Reason.INVALID_ROW


@pytest.mark.parametrize(
    ("name", "properties", "ids"),
    [
        ("$create_alias", {"distinct_id": "browser-1", "alias": "ada"}, ("ada", "browser-1")),
        ("$identify", {"$identified_id": "ada", "$anon_id": "b1"}, ("ada", "b1")),
        ("$merge", {"$distinct_ids": ["ada", "b1"]}, ("ada", "b1")),
        ("$merge", {"$distinct_ids": ["ada"]}, ("", "")),
        ("Won", {"$user_id": "ada", "$device_id": "b1"}, ("ada", "b1")),
        ("Won", {"distinct_id": "$device:b1"}, ("", "b1")),
    ],
)
def test_ids_of_one_person_are_joined(
    name: str, properties: dict[str, object], ids: tuple[str, str]
) -> None:
    row = only(mixpanel, from_python(event(name, **properties)))
    assert (row.person.user_id, row.person.anonymous_id) == ids
    says_so = name in ("$create_alias", "$merge") and ids[1]
    assert (row.directory or {}) == ({"same_as": ids[1]} if says_so else {})


def test_a_profile_says_what_is_set_and_unset() -> None:
    data = {"$token": KEY, "$distinct_id": 7, "$set": {"$email": "a@b.c"}, "$unset": ["$country"]}
    row = only(mixpanel, from_python(json.dumps(data).encode(), "/engage"))
    assert row.directory == {"email": "a@b.c", "country": ""}
    assert row.person.user_id == "7"
    add = {"$token": KEY, "$distinct_id": "ada", "$add": {"logins": 1}}
    assert only(mixpanel, from_python(json.dumps(add).encode(), "/engage")).directory == {}


def test_a_group_has_no_person() -> None:
    data = {"$token": KEY, "$group_key": "company", "$group_id": "g1", "$set": {"name": "Acme"}}
    row = only(mixpanel, from_python(json.dumps(data).encode(), "/groups"))
    assert (row.person.user_id, row.account_id, row.directory) == ("", "g1", None)
    assert row.signal is Signal.SYSTEM


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (from_node(event()), "1"),
        (from_node(event(), method="POST"), "1"),
        (request(b"data=" + quote(event()).encode(), "/track", content_type=FORM), "1"),
        (from_python(event()), 1),
        (request(event(), "/import"), 1),
        (request(event(), "/track", query="verbose=1"), 1),
    ],
)
def test_the_answer_is_a_status_or_only_a_digit(sent: Request, answer: object) -> None:
    response = mixpanel.answer(sent, Rows())
    assert response.status == 200
    if isinstance(answer, str):
        assert (response.document, response.content_type) == (answer, "text/plain")
    else:
        assert isinstance(response.document, dict)
        assert (response.document["status"], response.document["error"]) == (1, None)


@pytest.mark.parametrize(
    "body", [b"", b"data=", b"data=%FF", b"data=%%%", b"\xff", b"data=!!", b"{", b"[", b"data={"]
)
def test_what_holds_no_data_is_refused(body: bytes) -> None:
    """Case 17."""
    with pytest.raises(RefusedError) as refused:
        parsed(mixpanel, request(body, "/track", content_type=FORM))
    assert refused.value.status == 400
