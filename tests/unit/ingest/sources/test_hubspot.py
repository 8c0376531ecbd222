"""HubSpot's webhooks."""

import hmac
import json
from base64 import b64encode
from hashlib import sha256

import pytest

from functions.ingest.requests import RefusedError, Request
from functions.ingest.rows import Reason, Rows
from functions.ingest.sources import hubspot
from functions.ingest.sources.wire_format import Secrets
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange
from tests.unit.ingest.sources.deliveries import (
    NEW,
    NOW_MS,
    OLD,
    REVOKED,
    SECRETS,
    altered,
    fixture,
    is_authentic,
    keys,
    parsed,
    request,
    with_headers,
    without_header,
)

CHANGES = fixture("hubspot/property_changes.json")
MERGE = fixture("hubspot/merge_and_association.json")
URL = "https://in.example.com/v1/in/source-1"
MINUTE_MS = 60_000


def signed(
    body: bytes = CHANGES, secret: str = NEW, at_ms: int = NOW_MS, url: str = URL, query: str = ""
) -> Request:
    """A request with a signature of version 3."""
    message = b"POST" + url.encode() + body + str(at_ms).encode()
    digest = hmac.digest(secret.encode(), message, "sha256")
    return request(
        body,
        query=query,
        x_hubspot_signature_v3=b64encode(digest).decode(),
        x_hubspot_request_timestamp=str(at_ms),
    )


def signed_with_hash(version: str, message: bytes, body: bytes = CHANGES) -> Request:
    """A request with an older signature, a hash over secret and message."""
    return request(
        body,
        x_hubspot_signature=sha256(NEW.encode() + message).hexdigest(),
        x_hubspot_signature_version=version,
    )


def one(**fields: object) -> bytes:
    """The first of the changes, with fields replaced (None: left out)."""
    changed = json.loads(CHANGES)[0] | fields
    return json.dumps(
        {name: value for name, value in changed.items() if value is not None}
    ).encode()


def test_a_signature_of_version_3_is_over_method_url_body_and_time() -> None:
    assert is_authentic(hubspot, signed())
    for wrong in (
        signed(at_ms=NOW_MS, url="https://in.example.com/v1/in/source-2"),
        with_headers(signed(), x_hubspot_request_timestamp=str(NOW_MS + 1)),
        with_headers(signed(), host="other.example.com"),
    ):
        assert not is_authentic(hubspot, wrong)


def test_the_url_is_signed_decoded_with_its_query() -> None:
    url = "https://in.example.com/v1/in/source-1?a=b:c/d&e=%20"
    assert is_authentic(hubspot, signed(url=url, query="a=b%3Ac%2fd&e=%20"))


def test_the_url_may_begin_with_http_on_one_machine() -> None:
    assert is_authentic(hubspot, signed(url=URL.replace("https", "http")))


def test_the_url_may_be_agreed_where_it_is_another_than_ours() -> None:
    agreed = Secrets((NEW,), {"url": "https://crm.example.com/hooks"})
    assert is_authentic(hubspot, signed(url="https://crm.example.com/hooks"), agreed)
    assert not is_authentic(hubspot, signed(), agreed)


def test_one_altered_byte_is_not_accepted() -> None:
    """Case 7."""
    given = signed()
    assert not hubspot.verify(given, altered(CHANGES), SECRETS, NOW_MS)
    assert not hubspot.verify(given, json.dumps(json.loads(CHANGES)).encode(), SECRETS, NOW_MS)


@pytest.mark.parametrize(
    ("minutes", "accepted"), [(-6, False), (-4, True), (4, True), (6, False), (-60, False)]
)
def test_a_signature_is_good_for_five_minutes(minutes: int, *, accepted: bool) -> None:
    """Cases 4, 5 and 6."""
    given = signed(at_ms=NOW_MS + minutes * MINUTE_MS)
    assert is_authentic(hubspot, given) is accepted
    assert hubspot.signed_at_ms(given) == NOW_MS + minutes * MINUTE_MS


def test_two_secrets_are_good_while_one_is_rotated() -> None:
    """Case 8."""
    assert is_authentic(hubspot, signed(secret=OLD))
    assert not is_authentic(hubspot, signed(secret=OLD), REVOKED)
    assert not is_authentic(hubspot, signed(secret="another"))
    assert not is_authentic(hubspot, signed(), Secrets(()))


@pytest.mark.parametrize("name", ["x-hubspot-signature-v3", "x-hubspot-request-timestamp"])
def test_a_missing_or_doubled_header_is_not_accepted(name: str) -> None:
    """Case 9."""
    given = signed()
    assert not is_authentic(hubspot, without_header(given, name))
    twice = f"{given.headers[name]},{given.headers[name]}"
    assert not is_authentic(hubspot, with_headers(given, **{name: twice}))


def test_version_1_is_a_hash_of_secret_and_body() -> None:
    """The example that HubSpot documents."""
    body = (
        b'[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,'
        b'"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,'
        b'"changeSource":"CRM","changeFlag":"NEW","appId":54321}]'
    )
    given = request(
        body,
        x_hubspot_signature="232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de",
        x_hubspot_signature_version="v1",
    )
    documented = Secrets(("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",))
    assert is_authentic(hubspot, given, documented)
    assert not is_authentic(hubspot, given)
    assert not hubspot.verify(given, altered(body), documented, NOW_MS)


def test_version_2_is_a_hash_of_secret_method_url_and_body() -> None:
    """The example that HubSpot documents."""
    given = request(
        b'{"example_field":"example_value"}',
        x_hubspot_signature="9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
        x_hubspot_signature_version="v2",
    )
    documented = Secrets(
        ("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",), {"url": "https://www.example.com/webhook_uri"}
    )
    assert is_authentic(hubspot, given, documented)
    assert not hubspot.verify(given, b'{"example_field":"example_valuf"}', documented, NOW_MS)
    assert is_authentic(hubspot, signed_with_hash("v2", b"POST" + URL.encode() + CHANGES))
    assert not is_authentic(hubspot, signed_with_hash("v2", CHANGES))


def test_an_older_signature_does_not_help_a_wrong_one_of_version_3() -> None:
    older = signed_with_hash("v1", CHANGES)
    assert is_authentic(hubspot, older)
    assert not is_authentic(hubspot, with_headers(older, x_hubspot_signature_v3="AAAA"))


def test_a_changed_property_is_what_was_written_to_a_record() -> None:
    row = parsed(hubspot, request(CHANGES)).rows[0]
    assert row.change == RecordChange("deal", Op.UPDATE, {"dealstage": "closedwon"})
    assert (row.name, row.record_id) == ("deal.UPDATE", "9180432155")
    assert row.occurred_at_ms == 1_795_348_740_123
    assert (row.signal, row.tenant_named) == (Signal.CHANGE, "33344455")
    assert row.fields["propertyName"] == "dealstage"
    assert row.context == {
        "appId": 1160452,
        "changeSource": "CRM_UI",
        "eventId": 3816279340,
        "isSensitive": False,
        "propertyName": "dealstage",
        "sourceId": "userId:48211907",
        "subscriptionId": 25,
    }


def test_only_changes_in_the_user_interface_are_a_persons() -> None:
    rows = parsed(hubspot, request(CHANGES)).rows
    assert [(row.actor_kind, row.person.user_id) for row in rows] == [
        (ActorKind.USER, "48211907"),
        (ActorKind.API, ""),
        (ActorKind.IMPORT, ""),
        (ActorKind.USER, "48211907"),
    ]


@pytest.mark.parametrize(
    ("source", "source_id", "kind"),
    [
        ("CRM_UI", None, ActorKind.UNKNOWN),
        ("CRM_UI", "48211907", ActorKind.UNKNOWN),
        ("AUTOMATION_PLATFORM", "userId:1", ActorKind.API),
        (None, "userId:1", ActorKind.UNKNOWN),
    ],
)
def test_a_person_is_named_by_source_and_id_together(
    source: str | None, source_id: str | None, kind: ActorKind
) -> None:
    row = parsed(hubspot, request(one(changeSource=source, sourceId=source_id))).rows[0]
    assert (row.actor_kind, row.person.user_id) == (kind, "")


def test_objects_that_are_numbered_have_their_names() -> None:
    rows = parsed(hubspot, request(CHANGES)).rows
    assert rows[1].name == "contact.UPDATE"
    custom = one(subscriptionType="object.creation", objectTypeId="2-3456", propertyName=None)
    assert parsed(hubspot, request(custom)).rows[0].name == "2-3456.CREATE"


@pytest.mark.parametrize("hidden", [{"isSensitive": True}, {"propertyValue": "REDACTED"}])
def test_a_value_that_is_hidden_is_not_known(hidden: dict[str, object]) -> None:
    row = parsed(hubspot, request(one(**hidden))).rows[0]
    assert row.change == RecordChange("deal", Op.UPDATE)
    assert row.context["propertyName"] == "dealstage"


def test_a_merge_ends_each_record_that_it_names_but_one() -> None:
    rows = parsed(hubspot, request(MERGE)).rows[:3]
    assert [(row.record_id, row.change) for row in rows] == [
        (merged, RecordChange("company", Op.MERGE, merged_into="88010"))
        for merged in ("88001", "88002", "88003")
    ]
    assert len({row.sender_key for row in rows}) == 3


def test_an_association_that_is_removed_was_there() -> None:
    row = parsed(hubspot, request(MERGE)).rows[3]
    linked = {"DEAL_TO_CONTACT": "546500061938"}
    assert row.change == RecordChange("deal", Op.UPDATE, {"DEAL_TO_CONTACT": None}, linked)
    assert row.record_id == "9180432155"


def test_the_older_name_of_the_type_is_understood() -> None:
    assert parsed(hubspot, request(MERGE)).rows[4].name == "contact.DELETE"


def test_a_kind_of_event_that_is_new_is_kept() -> None:
    """Case 21."""
    row = parsed(hubspot, request(one(subscriptionType="deal.archived", new={"a": 1}))).rows[0]
    assert (row.name, row.change, row.context["new"]) == ("deal.archived", None, {"a": 1})


def test_a_delivery_that_comes_again_has_the_same_keys() -> None:
    """Cases 1, 3 and 5: also on another attempt."""
    again = CHANGES.replace(b'"attemptNumber": 0', b'"attemptNumber": 7')
    assert again != CHANGES
    first, second = parsed(hubspot, request(CHANGES)), parsed(hubspot, request(again))
    assert keys(first) == keys(second)
    assert [row.context for row in first.rows] == [row.context for row in second.rows]


@pytest.mark.parametrize(
    "other",
    [
        {"occurredAt": 1_795_348_740_124},
        {"objectId": 1},
        {"propertyName": "amount"},
        {"portalId": 1},
        {"subscriptionId": 1},
    ],
)
def test_an_event_id_that_comes_again_for_something_else_is_another_event(
    other: dict[str, object],
) -> None:
    """Case 2."""
    usual = parsed(hubspot, request(one())).rows[0].sender_key
    assert parsed(hubspot, request(one(**other))).rows[0].sender_key != usual


def test_without_an_event_id_there_is_no_key() -> None:
    assert keys(parsed(hubspot, request(one(eventId=None)))) == [None]


def test_a_bad_row_costs_itself_alone() -> None:
    """Case 20."""
    bad = [
        b"7",
        b'{"eventId": 1}',
        one(occurredAt="yesterday"),
        one(occurredAt=1_795_348_740),
        one(subscriptionType="nonsense"),
        one(objectId=[1]),
    ]
    body = b"[" + b",".join([one(), *bad, one(eventId=2)]) + b"]"
    delivery = parsed(hubspot, request(body))
    assert len(delivery.rows) == 2
    assert [each.index for each in delivery.rejections] == [1, 2, 3, 4, 5, 6]
    assert [each.original for each in delivery.rejections] == bad
    assert {each.reason for each in delivery.rejections} == {
        Reason.INVALID_ROW,
        Reason.AMBIGUOUS_TIME,
    }


def test_other_content_types_are_refused() -> None:
    """Case 19."""
    with pytest.raises(RefusedError) as caught:
        parsed(hubspot, request(CHANGES, content_type="text/xml"))
    assert caught.value.status == 415


def test_the_usual_answer_will_do() -> None:
    assert hubspot.answer(request(), Rows()) is None
