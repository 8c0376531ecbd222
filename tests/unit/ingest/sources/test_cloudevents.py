"""CloudEvents 1.0 over HTTP."""

import json
from base64 import b64encode

import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from functions.ingest.requests import RefusedError, Request
from functions.ingest.rows import Reason, Rows
from functions.ingest.sources import cloudevents
from shared.metrics.domain.events import ActorKind, Signal
from tests.builders import instant_ms
from tests.unit.ingest.sources.sending import (
    AT_MS,
    fixture,
    only,
    parsed,
    request,
    rows,
    secrets,
)
from tests.unit.ingest.sources.test_standard_webhooks import SECRET, shared
from tests.unit.ingest.sources.test_standard_webhooks import sent as signed

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
EVENT = {
    "specversion": "1.0",
    "id": "e1",
    "source": "/crm",
    "type": "Deal Won",
    "time": "2026-11-22T12:10:00+01:00",
    "userid": "ada",
    "data": {"feature": "Deals"},
}


def structured(**fields: object) -> Request:
    sent = {name: value for name, value in {**EVENT, **fields}.items() if value is not None}
    return request(json.dumps(sent).encode(), content_type=STRUCTURED)


def test_what_the_sdk_sends() -> None:
    told = only(cloudevents, request(fixture("cloudevents/python_1"), content_type=STRUCTURED))
    assert told.directory == {"name": "Ada Byron", "email": "ada@example.com", "country": "GB"}
    batch = request(fixture("cloudevents/python_3"), content_type=BATCH)
    reports, unknown = rows(cloudevents, batch)
    assert (reports.name, reports.person.user_id) == ("Reports", "ada")
    assert (unknown.person.user_id, unknown.person.anonymous_id) == ("", "browser-1")
    assert reports.occurred_at_ms == instant_ms("2026-11-22 11:10:48.565")


@pytest.mark.parametrize("name", ["Deal Won", "Geschäft ✔ %41", 'a"b'])
def test_the_modes_mean_the_same(name: str) -> None:
    attributes = {"type": name, "source": "/crm", "id": "e1", "userid": "ada", "recordid": "d7"}
    event = CloudEvent({**attributes, "datacontenttype": "application/json"}, {"x": 1})
    binary, whole = to_binary(event, JSONFormat()), to_structured(event, JSONFormat())
    found = [
        only(
            cloudevents,
            request(each.body, **{name.lower(): value for name, value in each.headers.items()}),
        )
        for each in (binary, whole)
    ]
    for row in found:
        assert (row.name, row.person.user_id, row.record_id) == (name, "ada", "d7")
        assert row.fields["properties"] == {"x": 1}
        assert (row.signal, row.actor_kind) == (Signal.ACTION, ActorKind.USER)
    assert found[0].sender_key == found[1].sender_key


def test_an_event_is_known_by_its_source_and_id() -> None:
    """Cases 1 and 2."""
    keys = [
        only(cloudevents, structured(**fields)).sender_key
        for fields in (
            {},
            {"data": None},
            {"id": "e2"},
            {"source": "/"},
            {"source": "/crme", "id": "1"},
        )
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


@pytest.mark.parametrize(
    ("fields", "user_id", "actor_kind", "record_id"),
    [
        ({}, "ada", ActorKind.USER, ""),
        ({"subject": "deal-7"}, "ada", ActorKind.USER, "deal-7"),
        ({"userid": None, "subject": "ada"}, "ada", ActorKind.USER, ""),
        ({"userid": None, "authtype": "app_user", "authid": "ada"}, "ada", ActorKind.USER, ""),
        ({"userid": None, "authtype": "service_account", "authid": "s"}, "s", ActorKind.API, ""),
        ({"authtype": "system"}, "", ActorKind.API, ""),
        ({"userid": None}, "", ActorKind.UNKNOWN, ""),
        ({"userid": 7, "recordid": "d", "subject": "x"}, "7", ActorKind.USER, "d"),
    ],
)
def test_who_did_it_is_said_by_extensions(
    fields: dict[str, object], user_id: str, actor_kind: ActorKind, record_id: str
) -> None:
    row = only(cloudevents, structured(**fields))
    assert (row.person.user_id, row.actor_kind, row.record_id) == (user_id, actor_kind, record_id)
    assert row.signal is (Signal.ACTION if user_id else Signal.SYSTEM)


def test_without_a_time_there_is_none() -> None:
    assert only(cloudevents, structured(time=None)).occurred_at_ms is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"specversion": "0.3"}, Reason.INVALID_ROW),
        ({"specversion": None}, Reason.INVALID_ROW),
        ({"id": 7}, Reason.INVALID_ROW),
        ({"time": "2026-11-22T12:10:00"}, Reason.AMBIGUOUS_TIME),
    ],
)
def test_what_is_no_event_is_turned_away(fields: dict[str, object], reason: Reason) -> None:
    """Cases 14 and 18."""
    found = parsed(cloudevents, structured(**fields))
    assert [rejection.reason for rejection in found.rejections] == [reason]


def test_one_bad_event_costs_itself_alone() -> None:
    """Case 20."""
    body = json.dumps([EVENT, {**EVENT, "id": "e2", "time": "x"}, {**EVENT, "id": "e3"}]).encode()
    found = parsed(cloudevents, request(body, content_type=BATCH))
    assert (len(found.rows), [each.index for each in found.rejections]) == (2, [1])


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml"])
def test_other_types_are_no_events(content_type: str) -> None:
    """Case 19."""
    with pytest.raises(RefusedError) as refused:
        parsed(cloudevents, request(b"{}", content_type=content_type))
    assert refused.value.status == 415


def test_data_of_another_type_is_text() -> None:
    headers = {f"ce-{name}": str(value) for name, value in EVENT.items() if name != "data"}
    sent = request(b"\xffplain", **{**headers, "content-type": "text/plain"})
    row = only(cloudevents, sent)
    assert row.fields["data"] == "\ufffdplain"
    assert row.fields["properties"] == {}
    with pytest.raises(RefusedError) as refused:
        parsed(cloudevents, request(b'1,"userid":"eve"', **headers))
    assert refused.value.status == 400


def verified(sent: Request, *values: str) -> bool:
    return cloudevents.verify(sent, sent.body, secrets(*values), AT_MS)


def test_the_secret_is_carried_or_signs_the_request() -> None:
    """Cases 7, 8 and 9."""
    assert verified(request(authorization="Bearer s3cret"), "new", "s3cret")
    basic = "Basic " + b64encode(b"any:s3cret").decode()
    assert verified(request(authorization=basic), "s3cret")
    assert verified(request(query="key=s3cret"), "s3cret")
    assert verified(signed(shared()), SECRET)
    assert not verified(request(authorization="Bearer other"), "s3cret")
    assert not verified(request(), "s3cret")
    assert not verified(request(authorization="Bearer "), "")


def test_a_sender_may_ask_whether_it_may_deliver_here() -> None:
    asked = request(method="OPTIONS", **{"webhook-request-origin": "eventemitter.example.com"})
    response = cloudevents.handshake(asked, secrets("s3cret"))
    assert response is not None
    assert response.headers["webhook-allowed-origin"] == "eventemitter.example.com"
    assert cloudevents.handshake(request(method="OPTIONS"), secrets("s3cret")) is None
    assert cloudevents.handshake(structured(), secrets("s3cret")) is None


def test_any_success_will_do() -> None:
    assert cloudevents.answer(request(), Rows()) is None
