"""Segment's and RudderStack's SDKs."""

import json
from base64 import b64encode

import pytest

from functions.ingest.requests import RefusedError
from functions.ingest.rows import Reason, Rejection, Rows
from functions.ingest.sources import rudderstack, segment
from functions.ingest.sources.wire_format import KeyedFormat
from shared.metrics.domain.events import ActorKind, Signal
from tests.builders import instant_ms
from tests.unit.ingest.sources.sending import KEY, document, fixture, only, parsed, request, rows

RECORDED = [
    (segment, "segment/python"),
    (segment, "segment/node"),
    (rudderstack, "rudderstack/python"),
]

WINNING = {"feature": "Deals", "property": "Stages", "record_id": "deal-7"}


def call(**fields: object) -> bytes:
    usual = {"type": "track", "messageId": "m1", "userId": "ada", "event": "Won"}
    return json.dumps({**usual, **fields}).encode()


def basic(user: str) -> str:
    return "Basic " + b64encode(f"{user}:".encode()).decode()


@pytest.mark.parametrize(("form", "name"), RECORDED)
def test_what_the_sdks_send(form: KeyedFormat, name: str) -> None:
    told, won, looked_at, unknown = rows(form, request(fixture(name), "/v1/batch"))
    assert told.directory == {"name": "Ada Byron", "email": "ada@example.com", "country": "GB"}
    assert told.person.user_id == "ada"
    assert (won.name, won.person.user_id, won.signal, won.actor_kind) == (
        "Deal Won",
        "ada",
        Signal.ACTION,
        ActorKind.USER,
    )
    assert won.fields["properties"] == WINNING
    assert (looked_at.name, looked_at.context) == ("Reports", {"type": "page"})
    assert (unknown.name, unknown.person.user_id) == ("Looked Around", "")
    assert unknown.person.anonymous_id == "browser-1"
    sent = document(name)["batch"]
    assert [row.sender_key for row in (told, won, looked_at, unknown)] == [
        each["messageId"] for each in sent
    ]
    assert won.occurred_at_ms is not None
    assert won.occurred_at_ms // 3_600_000 == instant_ms("2026-11-22 11:00") // 3_600_000


def test_rudderstack_for_node_says_when_it_was_but_not_when_it_is() -> None:
    """It has only `originalTimestamp`, and sends its first call alone."""
    (told,) = rows(rudderstack, request(fixture("rudderstack/node_1"), "/v1/batch"))
    assert told.directory == {"name": "Ada Byron", "email": "ada@example.com", "country": "GB"}
    won, _, _ = rows(rudderstack, request(fixture("rudderstack/node_2"), "/v1/batch"))
    first = document("rudderstack/node_2")["batch"][0]
    assert won.occurred_at_ms == instant_ms(first["originalTimestamp"].replace("Z", ""))


@pytest.mark.parametrize("form", [segment, rudderstack])
def test_the_key_is_the_user_of_basic_authentication_or_in_the_body(form: KeyedFormat) -> None:
    assert form.key_of(request(authorization=basic(KEY)), b"{}") == KEY
    assert form.key_of(request(), fixture("segment/python")) == KEY
    assert form.key_of(request(), b'{"batch":[{"x":NaN}],"writeKey":"k"}') == "k"
    for body in (b"", b"[]", b"{", b"\xff", b'{"writeKey":1}', b"[" * 100_000, b"1" * 5_000):
        assert form.key_of(request(authorization="Basic x"), body) == ""


def test_a_call_may_come_alone_and_its_path_say_what_it_is() -> None:
    body = call(type="")
    assert only(segment, request(body, "/v1/track")).name == "Won"
    assert only(segment, request(body, "/v1/page/")).name == "page"
    assert parsed(segment, request(body, "/v1/other")).rejections[0].reason is Reason.INVALID_ROW


def test_a_page_is_named_by_its_category_and_name() -> None:
    def page(**fields: object) -> tuple[str, object]:
        row = only(segment, request(call(type="screen", **fields)))
        return row.name, row.fields["properties"].get("property")

    assert page(category="Docs", name="Start") == ("Docs", "Start")
    assert page(category="Docs", name="Start", properties={"property": "Views"}) == (
        "Docs",
        "Views",
    )
    assert page(name="Start") == ("Start", None)
    assert page() == ("screen", None)


def test_identify_tells_of_a_person_what_its_traits_say() -> None:
    traits = {"firstName": "Ada", "lastName": "Byron", "address": {"country": "GB"}, "email": None}
    context = {"locale": "en-GB", "timezone": "Europe/London", "traits": {"role": "Manager"}}
    row = only(segment, request(call(type="identify", traits=traits, context=context)))
    assert row.signal is Signal.SYSTEM
    assert row.directory == {
        "email": "",
        "name": "Ada Byron",
        "country": "GB",
        "role": "Manager",
        "language": "en-GB",
        "time_zone": "Europe/London",
    }


def test_group_tells_of_a_person_the_team_and_no_other_name() -> None:
    row = only(segment, request(call(type="group", groupId="g1", traits={"name": "Sales"})))
    assert (row.directory, row.account_id) == ({"team": "Sales"}, "g1")
    row = only(segment, request(call(type="group", groupId=7)))
    assert (row.directory, row.account_id) == ({"team": "7"}, "7")


def test_alias_joins_two_ids() -> None:
    row = only(segment, request(call(type="alias", previousId="browser-1")))
    assert (row.person.user_id, row.person.anonymous_id) == ("ada", "browser-1")
    assert row.directory == {"same_as": "browser-1"}
    row = only(segment, request(call(type="alias", previousId="ada")))
    assert row.directory == {}


def test_who_is_identified_in_a_browser_is_not_who_used_it_before() -> None:
    """Two people may share one, and would become one person for ever."""
    row = only(segment, request(call(type="identify", anonymousId="browser-1")))
    assert (row.person.anonymous_id, row.directory) == ("browser-1", {})


def test_of_somebody_unknown_there_is_nothing_to_tell() -> None:
    body = call(type="identify", userId=None, anonymousId="browser-1", traits={"name": "x"})
    row = only(segment, request(body))
    assert row.directory is None
    assert row.signal is Signal.SYSTEM


@pytest.mark.parametrize(
    ("sent", "received"),
    [("#|%é\u202e👩", "#|%é\u202e👩"), (" a ", " a "), (12, "12"), (True, None)],
)
def test_ids_are_kept_to_the_byte(sent: object, received: str | None) -> None:
    """Case 22."""
    found = parsed(segment, request(call(userId=sent)))
    assert [row.person.user_id for row in found.rows] == ([] if received is None else [received])


@pytest.mark.parametrize(
    ("timestamp", "reason"),
    [
        ("2026-11-22T11:00:00", Reason.AMBIGUOUS_TIME),
        ("yesterday", Reason.INVALID_ROW),
        (1_795_345_840, Reason.INVALID_ROW),
    ],
)
def test_times_are_not_guessed(timestamp: object, reason: Reason) -> None:
    """Case 14."""
    found = parsed(segment, request(call(timestamp=timestamp)))
    assert [rejection.reason for rejection in found.rejections] == [reason]


def test_the_time_is_the_senders_whenever_it_sends() -> None:
    """`sentAt` is another one each time; what is sent again must fall on the same instant."""
    body = call(originalTimestamp="2026-11-22T11:00:00Z", sentAt="2026-11-22T09:00:00Z")
    later = call(originalTimestamp="2026-11-22T11:00:00Z", sentAt="2026-11-22T09:30:00Z")
    times = {only(segment, request(each)).occurred_at_ms for each in (body, later)}
    assert times == {instant_ms("2026-11-22 11:00")}
    corrected = call(timestamp="2026-11-22T12:00:00Z", originalTimestamp="2026-11-22T11:00:00Z")
    assert only(segment, request(corrected)).occurred_at_ms == instant_ms("2026-11-22 12:00")
    assert only(segment, request(call())).occurred_at_ms is None


def test_one_bad_call_costs_itself_alone() -> None:
    """Cases 18 and 20: among them what JSON in Python and JavaScript lets through."""
    calls = [
        call(),
        b'{"type":"track","event":"Won","userId":"ada","properties":{"x":NaN}}',
        b'{"type":"track","event":"\\ud800","userId":"ada"}',
        b"[]",
        b"7",
        call(type="other"),
        call(event=""),
        call(messageId="m2"),
    ]
    found = parsed(segment, request(b'{"batch":[' + b",".join(calls) + b"]}"))
    assert [row.sender_key for row in found.rows] == ["m1", "m2"]
    assert [rejection.index for rejection in found.rejections] == [1, 2, 3, 4, 5, 6]
    assert b"NaN" in found.rejections[0].original


@pytest.mark.parametrize(
    "body", [b"", b"{", b"7", b"[]", b'{"batch":7}', b"[" * 100_000, b"\xff\xfe", b'{"a":' * 9_999]
)
def test_what_is_no_batch_is_refused_as_a_whole(body: bytes) -> None:
    """Cases 17 and 18."""
    with pytest.raises(RefusedError) as refused:
        parsed(segment, request(body))
    assert refused.value.status == 400


def test_too_many_calls_are_refused() -> None:
    """Case 15."""
    with pytest.raises(RefusedError) as refused:
        parsed(segment, request(b'{"batch":[' + b",".join([call()] * 10_001) + b"]}"))
    assert refused.value.status == 413


@pytest.mark.parametrize("form", [segment, rudderstack])
def test_the_answer_is_a_success_with_counts(form: KeyedFormat) -> None:
    rejection = Rejection(0, Reason.INVALID_ROW, "what", b"{}")
    response = form.answer(request(), Rows(rejections=[rejection]))
    assert response is not None
    assert response.status == 200
    document = response.document
    assert isinstance(document, dict)
    assert document["success"] is True
    assert (document["received"], document["accepted"], document["quarantined"]) == (1, 0, 1)
    assert document["rejected"] == [{"index": 0, "reason": "invalid_row", "detail": "what"}]
