"""Amplitude's SDKs."""

import json

import pytest

from functions.ingest.requests import RefusedError
from functions.ingest.rows import Reason, Rows
from functions.ingest.sources import amplitude
from shared.metrics.domain.events import Signal
from tests.unit.ingest.sources.sending import KEY, document, fixture, only, parsed, request, rows

PATH = "/2/httpapi"


def event(**fields: object) -> bytes:
    usual = {"event_type": "Won", "user_id": "ada", "insert_id": "i1", "time": 1_795_345_847_000}
    return json.dumps({"api_key": KEY, "events": [{**usual, **fields}]}).encode()


@pytest.mark.parametrize("name", ["python", "node"])
def test_what_the_sdks_send(name: str) -> None:
    told, won, reports, unknown = rows(amplitude, request(fixture(f"amplitude/{name}"), PATH))
    assert told.directory == {"name": "Ada Byron", "email": "ada@example.com", "country": "GB"}
    assert (won.name, won.person.user_id, won.signal) == ("Deal Won", "ada", Signal.ACTION)
    assert won.fields["properties"] == {
        "feature": "Deals",
        "property": "Stages",
        "record_id": "deal-7",
    }
    assert reports.name == "Reports"
    assert (unknown.person.user_id, unknown.person.anonymous_id) == ("", "browser-1")
    sent = document(f"amplitude/{name}")["events"]
    found = [(row.sender_key, row.occurred_at_ms) for row in (told, won, reports, unknown)]
    assert found == [(each["insert_id"], each["time"]) for each in sent]


def test_the_key_is_in_the_body() -> None:
    assert amplitude.key_of(request(), event()) == KEY
    for body in (b"", b"[]", b'{"api_key":1}', b"\xff"):
        assert amplitude.key_of(request(), body) == ""


def test_any_event_may_tell_of_its_person_besides() -> None:
    """Fan-out."""
    won, told = rows(amplitude, request(event(user_properties={"country": "GB"})))
    assert (won.directory, told.directory) == (None, {"country": "GB"})
    assert (won.sender_key, told.sender_key) == ("i1", "i1#user_properties")


def test_what_depends_on_what_was_before_says_nothing() -> None:
    properties = {"$setOnce": {"country": "GB"}, "$add": {"logins": 1}}
    row = only(amplitude, request(event(event_type="$identify", user_properties=properties)))
    assert row.directory == {}


def test_properties_can_be_unset() -> None:
    properties = {"$unset": {"country": "-"}, "$set": {"role": "Manager"}}
    row = only(amplitude, request(event(event_type="$identify", user_properties=properties)))
    assert row.directory == {"country": "", "role": "Manager"}


def test_a_team_is_a_group_that_says_something_of_a_person() -> None:
    body = event(event_type="$identify", groups={"team": "Sales", "company": "Acme"})
    assert only(amplitude, request(body)).directory == {"team": "Sales"}


def test_a_group_has_no_person() -> None:
    body = event(event_type="$groupidentify", groups={"company": "g1"}, group_properties={"a": 1})
    row = only(amplitude, request(body))
    assert (row.person.user_id, row.account_id, row.signal) == ("", "g1", Signal.SYSTEM)


@pytest.mark.parametrize("name", sorted(amplitude.NOT_DEEDS))
def test_what_the_sdk_sends_by_itself_is_no_deed(name: str) -> None:
    assert only(amplitude, request(event(event_type=name))).signal is Signal.SYSTEM


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        (1_795_345_847, Reason.AMBIGUOUS_TIME),
        (0, Reason.AMBIGUOUS_TIME),
        ("2026-11-22T11:00:00Z", Reason.INVALID_ROW),
        (10**30, Reason.INVALID_ROW),
    ],
)
def test_times_are_milliseconds(time: object, reason: Reason) -> None:
    """Case 14."""
    (rejection,) = parsed(amplitude, request(event(time=time))).rejections
    assert rejection.reason is reason
    assert only(amplitude, request(event(time=None))).occurred_at_ms is None


def test_one_event_may_be_tried_again_by_itself() -> None:
    (rejection,) = parsed(amplitude, request(event(time=0))).rejections
    again = request(rejection.original.replace(b'"time": 0', b'"time": 1795345847000'))
    assert only(amplitude, again).name == "Won"


@pytest.mark.parametrize("body", [b"{}", b"[]", b"", b'{"events":7}', b'{"events":'])
def test_what_holds_no_events_is_refused(body: bytes) -> None:
    """Cases 17 and 18."""
    with pytest.raises(RefusedError) as refused:
        parsed(amplitude, request(body))
    assert refused.value.status == 400


def test_an_event_needs_a_type() -> None:
    (rejection,) = parsed(amplitude, request(event(event_type=""))).rejections
    assert rejection.reason is Reason.MISSING_FEATURE


def test_the_answer_has_a_code() -> None:
    document = amplitude.answer(request(), Rows()).document
    assert isinstance(document, dict)
    assert document["code"] == 200
