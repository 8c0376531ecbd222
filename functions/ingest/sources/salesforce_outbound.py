"""Salesforce's outbound messages: SOAP with up to a hundred records as they are when it is sent.

They come again until they are acknowledged, in any order, and tell the latest state only. The
body holds a session id that could act as a user: it is never kept.
"""

from collections.abc import Iterator
from typing import Final

from functions.ingest import times
from functions.ingest.contexts import context_of
from functions.ingest.credentials import carries_secret
from functions.ingest.deliveries import delivery_of
from functions.ingest.flattening import flattened
from functions.ingest.requests import RefusedError, Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.sources.salesforce_ids import long_id
from functions.ingest.sources.wire_format import Secrets
from functions.ingest.xml_documents import Element, root_of
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, Precision, RecordChange

MAX_NOTIFICATIONS: Final = 100
"""Of one message, as Salesforce documents it."""

ORGANIZATION: Final = "organization"
"""The setting that holds the organisation's id."""

_XML: Final = "text/xml"
_ACKNOWLEDGEMENT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
    "<soapenv:Body>"
    '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound">'
    "<Ack>true</Ack>"
    "</notificationsResponse>"
    "</soapenv:Body>"
    "</soapenv:Envelope>"
)


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:  # noqa: ARG001
    """Whether the message is of the organisation that the source was set up for, and the URL
    carries a secret if the source has one: an organisation's id is no secret.
    """
    if secrets.values and not carries_secret(request, secrets.values, secrets.settings):
        return False
    organization = long_id(secrets.settings.get(ORGANIZATION, ""))
    try:
        named = long_id(_notifications(body).text_of("OrganizationId"))
    except RefusedError:
        named = ""
    return named == organization if organization else bool(named and secrets.values)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001
    """A row for each notification; RefusedError 400 if it is no such message."""
    message = _notifications(body)
    notifications = list(message.named("Notification"))
    if len(notifications) > MAX_NOTIFICATIONS:
        problem = f"{len(notifications):,} notifications are over {MAX_NOTIFICATIONS}"
        raise RefusedError(413, "too_many_rows", problem)
    parts = {_narrowed(body, message, each): each for each in notifications}
    return delivery_of(parts, lambda part: _read(message, parts[part], part))


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """The acknowledgement, without which Salesforce sends the message again for a day."""
    return Response(200, _ACKNOWLEDGEMENT, content_type=_XML)


def _notifications(body: bytes) -> Element:
    envelope = root_of(body)
    soap_body = envelope.child("Body")
    message = None if soap_body is None else soap_body.child("notifications")
    if message is None:
        problem = "the body is no outbound message: there is no Envelope/Body/notifications"
        raise RefusedError(400, "bad_xml", problem)
    return message


def _narrowed(body: bytes, message: Element, notification: Element) -> bytes:
    """The message as it would be of this notification alone and without the session's id, so that
    each row can be kept by itself.
    """
    removed = [
        (each.start, each.end)
        for each in message.children
        if each is not notification and each.name in ("Notification", "SessionId")
    ]
    kept, at = [], 0
    for start, end in removed:
        kept.append(body[at:start])
        at = end
    return b"".join([*kept, body[at:]])


def _read(message: Element, notification: Element, original: bytes) -> Iterator[SentRow]:
    record = notification.child("sObject")
    if record is None:
        raise RowError(Reason.INVALID_ROW, "the notification has no sObject")
    kind = record.attributes.get("type", "").rpartition(":")[2]
    record_id = record.text_of("Id")
    if not kind or not record_id:
        raise RowError(Reason.INVALID_ROW, "the sObject has no xsi:type, or no Id")
    fields = {each.name: _value(each) for each in record.children if each.name != "Id"}
    modified = record.text_of("LastModifiedDate")
    user_id = long_id(record.text_of("LastModifiedById"))
    precision = Precision.EXACT if modified else Precision.BOUNDED
    notification_id = notification.text_of("Id")
    yield SentRow(
        original,
        name=f"{kind}.{Op.SNAPSHOT.value}",
        sender_key=sender_key(notification_id) if notification_id else None,
        occurred_at_ms=times.from_iso_8601(modified, "LastModifiedDate") if modified else None,
        person=SentPerson(user_id),
        signal=Signal.CHANGE,
        actor_kind=ActorKind.USER if user_id else ActorKind.UNKNOWN,
        record_id=long_id(record_id),
        account_id=long_id(record.text_of("AccountId")),
        change=RecordChange(kind, Op.SNAPSHOT, flattened(fields), precision=precision),
        fields=fields | {"type": kind},
        context=context_of({"ActionId": message.text_of("ActionId")}),
        tenant_named=long_id(message.text_of("OrganizationId")),
    )


def _value(element: Element) -> object:
    """The text of a field, None if it is nil, or the fields of a compound one."""
    if element.children:
        return {each.name: _value(each) for each in element.children}
    return None if element.attributes.get("nil") == "true" else element.text
