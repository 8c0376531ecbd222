"""What each CRM sends, from the handler to the store, and the answer that it gets."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

import functions.ingest.handler
from shared.metrics.domain.event_mapping import EventMapping, MappingRule
from shared.metrics.domain.events import ActorKind, Event, Signal
from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.source_kinds import KINDS, Authentication, SourceKind
from shared.metrics.source_admin import SourceAdmin
from shared.metrics.storage.sources import SourceStore
from tests.faults.world import TENANT
from tests.unit.ingest.service import Service
from tests.unit.ingest.sources.deliveries import altered, fixture

HOST: Final = "in.example.com"
Headers = dict[str, str]
Authenticate = Callable[[str, str, bytes, int], tuple[Headers, str]]
"""From path, secret, body and time to headers and query string."""


def by_header(_path: str, secret: str, _body: bytes, _now_ms: int) -> tuple[Headers, str]:
    return {"x-api-key": secret}, ""


def by_query(_path: str, secret: str, _body: bytes, _now_ms: int) -> tuple[Headers, str]:
    return {}, f"key={secret}"


def by_basic(_path: str, secret: str, _body: bytes, _now_ms: int) -> tuple[Headers, str]:
    pair = b64encode(f"metrics:{secret}".encode()).decode()
    return {"authorization": f"Basic {pair}"}, ""


def by_signature(path: str, secret: str, body: bytes, now_ms: int) -> tuple[Headers, str]:
    message = b"POST" + f"https://{HOST}{path}".encode() + body + str(now_ms).encode()
    signature = b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()
    return {
        "x-hubspot-signature-v3": signature,
        "x-hubspot-request-timestamp": str(now_ms),
    }, ""


def by_token(_path: str, secret: str, body: bytes, _now_ms: int) -> tuple[Headers, str]:
    assert secret.encode() in body
    return {}, ""


class Case(NamedTuple):
    """A source and what it sends: how it proves who it is, its organisation, and what its first
    row comes to: feature, action, and the person.
    """

    kind: SourceKind
    body: bytes
    authenticate: Authenticate
    organization: str
    rows: int
    first: tuple[str, str, str]
    content_type: str = "application/json"


CASES: Final = {
    "zoho_notification": Case(
        SourceKind.ZOHO, fixture("zoho/notification.json"), by_token, "", 2, ("Deals", "update", "")
    ),
    "zoho_workflow": Case(
        SourceKind.ZOHO,
        fixture("zoho/workflow.json"),
        by_header,
        "",
        1,
        ("Deals", "update", "zoho:5725767000000411001"),
    ),
    "salesforce_cdc": Case(
        SourceKind.SALESFORCE,
        fixture("salesforce/opportunity_update.json"),
        by_header,
        "00D5f000000ABCDEA4",
        2,
        ("Deals", "update", "salesforce:0055f000005mc66AAA"),
    ),
    "salesforce_outbound": Case(
        SourceKind.SALESFORCE,
        fixture("salesforce/outbound_message.xml"),
        by_query,
        "00D5f000000ABCDEA4",
        2,
        ("Deals", "snapshot", "salesforce:0055f000005mc66AAA"),
        "text/xml",
    ),
    "salesforce_event_log": Case(
        SourceKind.SALESFORCE,
        fixture("salesforce/login.csv"),
        by_header,
        "00D5f000000ABCDEA4",
        2,
        ("", "login", "salesforce:0055f000005mc66AAA"),
        "text/csv",
    ),
    "hubspot": Case(
        SourceKind.HUBSPOT,
        fixture("hubspot/property_changes.json"),
        by_signature,
        "33344455",
        4,
        ("Deals", "update", "hubspot:48211907"),
    ),
    "pipedrive": Case(
        SourceKind.PIPEDRIVE,
        fixture("pipedrive/deal_change.json"),
        by_basic,
        "10203040",
        1,
        ("Deals", "update", "pipedrive:18487521"),
    ),
    "dynamics": Case(
        SourceKind.DYNAMICS,
        fixture("dynamics/opportunity_update.json"),
        by_query,
        "5a4e0b0f-0000-4000-8000-0000000000aa",
        1,
        ("Deals", "update", "dynamics:3fa85f64-5717-4562-b3fc-2c963f66afa6"),
    ),
    "freshsales": Case(
        SourceKind.FRESHSALES,
        fixture("freshsales/deal.json"),
        by_header,
        "",
        1,
        ("Deals", "update", "freshsales:70000055501"),
    ),
}
NAMES_ITS_ORGANIZATION: Final = ["salesforce_event_log", "hubspot", "pipedrive", "dynamics"]
THEIR_SECRET: Final = "s3cret-of-the-source"


class Crm:
    """A CRM that a tenant has set up."""

    def __init__(
        self,
        service: Service,
        case: Case,
        settings: Mapping[str, str],
        mapping: EventMapping | None = None,
    ) -> None:
        self.service = service
        self.case = case
        self.admin = SourceAdmin(
            SourceStore(service.store), service.world.box, TENANT, service.clock
        )
        is_theirs = KINDS[case.kind].authentication is Authentication.SENDERS_SECRET
        given = THEIR_SECRET if is_theirs else None
        made = self.admin.create(case.kind, secret=given, settings=settings, mapping=mapping)
        self.source_id = made.source.source_id
        self.secret = made.secret or THEIR_SECRET

    @property
    def body(self) -> bytes:
        """What it sends, with the secret where a body has it."""
        return self.case.body.replace(b"s3cret-of-the-source", self.secret.encode())

    def send(
        self, body: bytes | None = None, *, secret: str | None = None, sent: bytes | None = None
    ) -> dict[str, Any]:
        """Send a body; `sent` arrives instead of it."""
        signed = self.body if body is None else body
        path = f"/v1/in/{self.source_id}"
        headers, query = self.case.authenticate(
            path, secret or self.secret, signed, self.service.clock()
        )
        arriving = signed if sent is None else sent
        event = {
            "rawPath": path,
            "rawQueryString": query,
            "requestContext": {"http": {"method": "POST"}},
            "headers": {"content-type": self.case.content_type, "host": HOST, **headers},
            "body": b64encode(arriving).decode(),
            "isBase64Encoded": True,
        }
        context = SimpleNamespace(aws_request_id="request-of-a-crm")
        return functions.ingest.handler.handler(event, cast("LambdaContext", context))


def crm(service: Service, name: str, **settings: str) -> Crm:
    return Crm(service, CASES[name], settings)


def is_success(case: Case, result: dict[str, Any]) -> bool:
    """Whether the sender counts the answer as success."""
    if case.content_type == "text/xml":
        is_xml = result["headers"]["content-type"] == "text/xml"
        return is_xml and result["statusCode"] == 200 and "<Ack>true</Ack>" in result["body"]
    received: int = json.loads(result["body"]).get("received", 0)
    return result["statusCode"] == 200 and received >= case.rows


def identities(events: list[Event]) -> set[tuple[bytes, int]]:
    return {(event.event_id, event.occurred_at_ms) for event in events}


@pytest.mark.parametrize("name", CASES)
def test_what_it_sends_is_stored_and_answered(service: Service, name: str) -> None:
    sender = crm(service, name, organization=CASES[name].organization)
    assert is_success(CASES[name], sender.send())
    events = service.events()
    assert (len(events), service.quarantine()) == (CASES[name].rows, [])
    found = {(event.feature, event.action, event.user_id) for event in events}
    assert CASES[name].first in found
    assert {event.source for event in events} == {sender.source_id}
    service.world.fold()


@pytest.mark.parametrize("name", CASES)
def test_what_it_sends_again_is_the_same_event(service: Service, name: str) -> None:
    """Cases 1, 3 and 5: days later as well, also without a time of its own."""
    sender = crm(service, name)
    assert is_success(CASES[name], sender.send())
    first = identities(service.events())
    assert len(first) == CASES[name].rows
    service.clock.now_ms += 3 * 24 * 3_600_000
    assert is_success(CASES[name], sender.send())
    assert identities(service.events()) == first


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_kept_of_what_is_not_authentic(service: Service, name: str) -> None:
    """Cases 7 to 9."""
    sender = crm(service, name)
    refused = [
        sender.send(secret="another")
        if name != "zoho_notification"
        else sender.send(sent=CASES[name].body),
    ]
    if name == "hubspot":
        refused.append(sender.send(sent=altered(sender.body)))
    sender.source_id = "src_unknown"
    refused.append(sender.send())
    assert {result["statusCode"] for result in refused} == {401}
    assert len({result["body"] for result in refused}) == 1
    assert service.kept_nothing()


@pytest.mark.parametrize("name", CASES)
def test_two_secrets_are_good_while_one_is_rotated(service: Service, name: str) -> None:
    """Case 8."""
    sender = crm(service, name)
    body, old = sender.body, sender.secret
    is_theirs = KINDS[CASES[name].kind].authentication is Authentication.SENDERS_SECRET
    rotated = sender.admin.rotate(sender.source_id, secret="the next" if is_theirs else None)
    sender.secret = rotated.secret or "the next"
    assert is_success(CASES[name], sender.send())
    assert is_success(CASES[name], sender.send(body, secret=old))


@pytest.mark.parametrize("name", NAMES_ITS_ORGANIZATION)
def test_rows_of_another_organisation_are_quarantined(service: Service, name: str) -> None:
    """Case 10; the answer is a success, as sending again would change nothing."""
    sender = crm(service, name, organization="another")
    assert is_success(CASES[name], sender.send())
    assert service.events() == []
    assert {row.reason for row in service.quarantine()} == {"other_tenant"}


def test_a_message_of_another_organisation_is_not_authentic(service: Service) -> None:
    """Case 10: an outbound message proves nothing else than its organisation."""
    sender = crm(service, "salesforce_outbound", organization="00Danother")
    assert sender.send()["statusCode"] == 401
    assert service.kept_nothing()


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_read_is_malformed(service: Service, name: str) -> None:
    """Cases 17 and 18: refused as a whole, but for the lines of a file, which are quarantined."""
    sender = crm(service, name)
    refused = sender.send(b"\xff\xfe" + sender.body)
    assert service.events() == []
    if name == "salesforce_event_log":
        assert [row.reason for row in service.quarantine()] == ["invalid_row"] * 2
    else:
        assert refused["statusCode"] in (400, 401)
        assert service.kept_nothing()


def test_a_delivery_of_hubspot_names_people_only_where_a_person_was_at_work(
    service: Service,
) -> None:
    crm(service, "hubspot").send()
    kinds = [(event.actor_kind, event.user_id) for event in service.events()]
    assert sorted(kinds) == [
        (ActorKind.USER, "hubspot:48211907"),
        (ActorKind.USER, "hubspot:48211907"),
        (ActorKind.API, ""),
        (ActorKind.IMPORT, ""),
    ]
    assert {event.signal for event in service.events()} == {Signal.CHANGE}


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("hubspot", {"set.dealstage": ("closedwon",)}),
        ("pipedrive", {"set.stage_id": ("4",), "was.stage_id": ("3",)}),
        ("dynamics", {"set.salesstage": ("2",), "was.salesstage": ("1",)}),
        ("salesforce_cdc", {"set.StageName": ("Closed Won",)}),
        ("zoho_notification", {"set.Stage": ("Closed Won",)}),
        ("pipedrive", {"meta.change_source": ("app",), "title": ("Forty seats",)}),
    ],
)
def test_a_mapping_may_ask_what_was_written(
    service: Service, name: str, where: dict[str, tuple[str, ...]]
) -> None:
    rules = (MappingRule(op=Op.UPDATE, where=where, action="win"),)
    Crm(service, CASES[name], {}, EventMapping(rules)).send()
    assert "win" in {event.action for event in service.events()}


def test_the_session_id_of_salesforce_and_the_token_of_zoho_are_nowhere(service: Service) -> None:
    outbound = crm(service, "salesforce_outbound")
    outbound.send(outbound.body.replace(b"<sf:Id>0065f00000AbCdFAAV</sf:Id>", b""))
    zoho = crm(service, "zoho_notification")
    zoho.send(zoho.body.replace(b'"ids": [', b'"ids": [null, '))
    kept = repr(service.events()) + repr(service.quarantine())
    assert [row.reason for row in service.quarantine()] == ["invalid_row"] * 2
    assert "NobodyMayKeep" not in kept
    assert zoho.secret not in kept


def test_a_page_of_salesforce_is_a_view_of_the_feature_of_its_object(service: Service) -> None:
    sender = crm(service, "salesforce_event_log")
    sender.send(fixture("salesforce/lightning_page_view_daily.csv"))
    sender.send(fixture("salesforce/lightning_page_view_hourly.csv"))
    paths = {
        (event.feature, event.property, event.attribute, event.action, event.signal)
        for event in service.events()
    }
    assert paths == {
        ("Deals", "Views", "List View", "view", Signal.ACTION),
        ("Deals", "Views", "", "view", Signal.ACTION),
    }
    assert len(identities(service.events())) == 2
