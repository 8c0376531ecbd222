"""Salesforce's outbound messages."""

import pytest

from functions.ingest.requests import RefusedError, Request
from functions.ingest.rows import Reason, Rows
from functions.ingest.sources import salesforce
from functions.ingest.sources.wire_format import Secrets
from functions.ingest.xml_documents import root_of
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, Precision, RecordChange
from tests.unit.ingest.sources.deliveries import (
    NEW,
    OLD,
    fixture,
    is_authentic,
    keys,
    parsed,
    request,
)

MESSAGE = fixture("salesforce/outbound_message.xml")
ORGANIZATION = "00D5f000000ABCDEA4"
AGREED = Secrets((NEW, OLD), {"organization": ORGANIZATION})
BEFORE, AFTER = (
    MESSAGE.split(b"<Notification>", 1)[0],
    b"</notifications>" + (MESSAGE.split(b"</notifications>", 1)[1]),
)


def soap(body: bytes = MESSAGE, query: str = f"key={NEW}") -> Request:
    return request(body, query=query, content_type="text/xml; charset=UTF-8", soapaction='""')


def message(*notifications: bytes) -> bytes:
    return BEFORE + b"".join(notifications) + AFTER


def notification(number: int) -> bytes:
    return (
        b"<Notification><Id>04l%d</Id>"
        b'<sObject xsi:type="sf:Lead" xmlns:sf="urn:s"><sf:Id>00Q%d</sf:Id></sObject>'
        b"</Notification>" % (number, number)
    )


def test_a_message_is_of_the_organisation_and_its_url_carries_the_secret() -> None:
    """Cases 8 and 9."""
    for query, accepted in (
        (f"key={NEW}", True),
        (f"key={OLD}", True),
        ("key=x", False),
        ("", False),
    ):
        assert is_authentic(salesforce, soap(query=query), AGREED) is accepted
    other = MESSAGE.replace(ORGANIZATION.encode(), b"00D5f000000OTHEREA")
    assert not is_authentic(salesforce, soap(other), AGREED)
    missing = MESSAGE.replace(b"OrganizationId", b"OrganisationId")
    assert not is_authentic(salesforce, soap(missing), AGREED)


def test_the_organisation_may_be_agreed_in_its_short_form() -> None:
    assert is_authentic(salesforce, soap(), Secrets((NEW,), {"organization": ORGANIZATION[:15]}))


def test_without_a_secret_the_organisation_has_to_be_agreed() -> None:
    assert is_authentic(salesforce, soap(query=""), Secrets((), {"organization": ORGANIZATION}))
    assert not is_authentic(salesforce, soap(query=""), Secrets((), {"organization": "00Dx"}))
    assert not is_authentic(salesforce, soap(query=""), Secrets(()))


@pytest.mark.parametrize("body", [b"", b"<a/>", b"<a>", b"{}", b"\xff\xfe", b"<!DOCTYPE a><a/>"])
def test_what_is_no_message_is_not_authentic(body: bytes) -> None:
    """Cases 9, 17 and 18."""
    assert not is_authentic(salesforce, soap(body), AGREED)
    with pytest.raises(RefusedError) as caught:
        parsed(salesforce, soap(body))
    assert caught.value.status == 400


def test_a_message_is_a_row_for_each_notification() -> None:
    first, second = parsed(salesforce, soap()).rows
    assert first.change == RecordChange(
        "Opportunity",
        Op.SNAPSHOT,
        {
            "AccountId": "0015f00002J9YYEAA3",
            "Amount": "12000.5",
            "LastModifiedById": "0055f000005mc66AAA",
            "LastModifiedDate": "2026-11-22T11:58:00.000Z",
            "NextStep": None,
            "StageName": "Closed Won",
        },
    )
    assert (first.name, first.record_id) == ("Opportunity.SNAPSHOT", "0065f00000AbCdEAAV")
    assert (first.account_id, first.tenant_named) == ("0015f00002J9YYEAA3", ORGANIZATION)
    assert (first.signal, first.occurred_at_ms) == (Signal.CHANGE, 1_795_348_680_000)
    assert first.context == {"ActionId": "04k5f0000008OIAAA2"}
    assert first.fields["StageName"] == "Closed Won"
    assert second.change == RecordChange(
        "Opportunity",
        Op.SNAPSHOT,
        {"StageName": "Prospecting & more"},
        precision=Precision.BOUNDED,
    )
    assert second.occurred_at_ms is None


def test_a_person_is_named_only_if_the_message_includes_who_modified_the_record() -> None:
    first, second = parsed(salesforce, soap()).rows
    assert (first.person.user_id, first.actor_kind) == ("0055f000005mc66AAA", ActorKind.USER)
    assert (second.person.user_id, second.actor_kind) == ("", ActorKind.UNKNOWN)


def test_the_id_of_the_session_is_kept_nowhere() -> None:
    broken = MESSAGE.replace(b"<sf:Id>0065f00000AbCdFAAV</sf:Id>", b"")
    delivery = parsed(salesforce, soap(broken))
    assert (len(delivery.rows), len(delivery.rejections)) == (1, 1)
    assert "SessionIdThatNobodyMayKeep" not in repr(delivery)
    assert "SessionId" not in repr(delivery)


def test_what_is_kept_of_a_row_is_that_row_alone() -> None:
    for row in parsed(salesforce, soap()).rows:
        assert parsed(salesforce, soap(row.original)).rows == [row]


def test_a_notification_that_comes_again_has_the_same_key() -> None:
    """Cases 1, 3 and 5: in any order, and with what was changed meanwhile."""
    usual = keys(parsed(salesforce, soap()))
    assert len(set(usual)) == 2
    assert keys(parsed(salesforce, soap(MESSAGE.replace(b"Closed Won", b"Closed Lost")))) == usual
    assert (
        keys(parsed(salesforce, soap(message(notification(1), notification(2)))))
        == (keys(parsed(salesforce, soap(message(notification(2), notification(1)))))[::-1])
    )


def test_a_bad_notification_costs_itself_alone() -> None:
    """Case 20."""
    bad = [b"<Notification/>", b"<Notification><sObject/></Notification>"]
    body = message(notification(1), *bad, notification(2))
    delivery = parsed(salesforce, soap(body))
    assert [row.record_id for row in delivery.rows] == ["00Q1", "00Q2"]
    assert [(each.index, each.reason) for each in delivery.rejections] == [
        (1, Reason.INVALID_ROW),
        (2, Reason.INVALID_ROW),
    ]


def test_a_time_that_is_none_is_turned_away() -> None:
    """Case 14."""
    body = MESSAGE.replace(b"2026-11-22T11:58:00.000Z", b"2026-11-22T11:58:00")
    delivery = parsed(salesforce, soap(body))
    assert [each.reason for each in delivery.rejections] == [Reason.AMBIGUOUS_TIME]


def test_more_notifications_than_salesforce_sends_are_refused() -> None:
    """Case 15."""
    hundred = [notification(number) for number in range(100)]
    assert len(parsed(salesforce, soap(message(*hundred))).rows) == 100
    with pytest.raises(RefusedError) as caught:
        parsed(salesforce, soap(message(*hundred, notification(100))))
    assert caught.value.status == 413


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE a [<!ENTITY x "x">]>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a SYSTEM "http://169.254.169.254/latest/meta-data">',
    ],
)
def test_a_document_type_is_refused(declared: bytes) -> None:
    """Case 18, as XML has it."""
    body = MESSAGE.replace(b"<soapenv:Envelope", declared + b"<soapenv:Envelope", 1)
    assert not is_authentic(salesforce, soap(body), AGREED)
    with pytest.raises(RefusedError) as caught:
        parsed(salesforce, soap(body))
    assert caught.value.status == 400


def test_the_answer_is_the_acknowledgement() -> None:
    for content_type in ("text/xml", "application/xml", "application/soap+xml"):
        answer = salesforce.answer(request(content_type=content_type), Rows())
        assert answer is not None
        assert (answer.status, answer.content_type) == (200, "text/xml")
        document = str(answer.document)
        assert '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound">' in document
        soap_body = root_of(document.encode()).child("Body")
        assert soap_body is not None
        assert [each.text_of("Ack") for each in soap_body.named("notificationsResponse")] == [
            "true"
        ]
