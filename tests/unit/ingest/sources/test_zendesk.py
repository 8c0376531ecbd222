"""Zendesk's event subscriptions."""

import hmac
import json
from base64 import b64encode

import pytest

from functions.ingest.requests import Request
from functions.ingest.rows import Reason, Rows
from functions.ingest.sources import zendesk
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op
from tests.builders import MINUTE_MS, instant_ms
from tests.unit.ingest.sources.sending import (
    AT_MS,
    document,
    fixture,
    only,
    parsed,
    request,
    secrets,
)

SECRET = "dGhpcyBpcyBhIHNlY3JldA=="
AGENT = "8447388090494"
BODY = fixture("zendesk/ticket_status_changed")


def signed(*, time: str = "2026-11-22T12:00:00Z", secret: str = SECRET, **changes: str) -> Request:
    """A request as Zendesk signs it."""
    digest = hmac.digest(secret.encode(), time.encode() + BODY, "sha256")
    headers = {
        "x-zendesk-webhook-signature": b64encode(digest).decode(),
        "x-zendesk-webhook-signature-timestamp": time,
    }
    return request(BODY, **{**headers, **changes})


def verified(sent: Request, *values: str) -> bool:
    return zendesk.verify(sent, sent.body, secrets(*(values or (SECRET,))), AT_MS)


def test_time_and_body_are_signed() -> None:
    """Cases 7, 8 and 9."""
    assert verified(signed())
    assert verified(signed(), "new secret", SECRET)
    assert not verified(signed(secret="revoked"))
    sent = signed()
    assert not zendesk.verify(sent, sent.body[:-1] + b" ", secrets(SECRET), AT_MS)
    assert not zendesk.verify(sent, json.dumps(json.loads(BODY)).encode(), secrets(SECRET), AT_MS)
    assert not verified(request(BODY))
    for changed in ("", "x", "é", "AAAA", "==="):
        assert not verified(signed(**{"x-zendesk-webhook-signature": changed}))
        assert not verified(signed(**{"x-zendesk-webhook-signature-timestamp": changed}))


@pytest.mark.parametrize(
    ("minutes", "is_accepted"), [(-6, False), (-4, True), (4, True), (6, False)]
)
def test_a_signature_is_good_for_five_minutes(minutes: int, *, is_accepted: bool) -> None:
    """Cases 4 and 6."""
    sent = signed()
    now_ms = AT_MS + minutes * MINUTE_MS
    assert zendesk.verify(sent, sent.body, secrets(SECRET), now_ms) is is_accepted
    assert zendesk.signed_at_ms(sent) == AT_MS


def test_a_field_that_changed_is_told_before_and_after() -> None:
    row = only(zendesk, request(BODY))
    assert row.name == "ticket.UPDATE"
    assert row.sender_key == "01J9Z7N8Q0T3V5X7A9BCDEFGHJ"
    assert row.occurred_at_ms == instant_ms("2026-11-22 11:10:40.472")
    assert (row.signal, row.actor_kind) == (Signal.CHANGE, ActorKind.USER)
    assert (row.person.user_id, row.record_id, row.account_id) == (AGENT, "5158", "8447346622462")
    assert row.tenant_named == "22129848"
    assert row.change is not None
    assert (row.change.object, row.change.op) == ("ticket", Op.UPDATE)
    assert (row.change.set, row.change.was) == ({"status": "PENDING"}, {"status": "OPEN"})


def test_a_custom_field_has_its_number() -> None:
    row = only(zendesk, request(fixture("zendesk/ticket_custom_field_changed")))
    assert row.change is not None
    assert row.change.set == {"custom_field_360001234": "gold"}
    assert row.change.was == {"custom_field_360001234": None}


def test_a_new_ticket_has_its_fields() -> None:
    row = only(zendesk, request(fixture("zendesk/ticket_created")))
    assert row.change is not None
    assert row.change.op is Op.CREATE
    assert row.change.set["status"] == "NEW"
    assert row.change.set["via.channel"] == "web_service"


def test_a_comment_is_an_update_that_says_what_it_was() -> None:
    row = only(zendesk, request(fixture("zendesk/ticket_comment_added")))
    assert row.change is not None
    assert row.change.op is Op.UPDATE
    assert row.change.set["comment.id"] == "9001"
    assert "status" not in row.change.set


@pytest.mark.parametrize("name", ["ticket_created", "ticket_custom_field_changed"])
def test_customers_and_automations_are_nobody_here(name: str) -> None:
    """The one was done by its requester, the other by a trigger, whose id is -1."""
    row = only(zendesk, request(fixture(f"zendesk/{name}")))
    assert (row.person.user_id, row.actor_kind) == ("", ActorKind.UNKNOWN)


@pytest.mark.parametrize(
    ("verb", "op"),
    [
        ("soft_deleted", Op.DELETE),
        ("permanently_deleted", Op.DELETE),
        ("undeleted", Op.RESTORE),
        ("merged", Op.MERGE),
        ("something_new", Op.UPDATE),
    ],
)
def test_what_was_done_is_in_the_type(verb: str, op: Op) -> None:
    """Case 21: what Zendesk adds is kept."""
    sent = {**document("zendesk/ticket_status_changed"), "type": f"zen:event-type:ticket.{verb}"}
    row = only(zendesk, request(json.dumps(sent).encode()))
    assert row.change is not None
    assert row.change.op is op


def test_users_who_are_agents_are_in_the_directory() -> None:
    row = only(zendesk, request(fixture("zendesk/user_created")))
    assert row.directory == {"email": "ada@example.com", "name": "Ada Byron", "role": "agent"}
    assert row.person.user_id == AGENT
    row = only(zendesk, request(fixture("zendesk/user_role_changed")))
    assert row.directory is not None
    assert row.directory["account_status"] == "inactive"


@pytest.mark.parametrize(("active", "status"), [(True, "active"), (False, "inactive")])
def test_an_agent_may_be_suspended(*, active: bool, status: str) -> None:
    sent = {
        **document("zendesk/user_created"),
        "type": "zen:event-type:user.active_changed",
        "event": {"current": active, "previous": not active},
    }
    row = only(zendesk, request(json.dumps(sent).encode()))
    assert row.directory is not None
    assert row.directory["account_status"] == status


def test_customers_are_records() -> None:
    sent = document("zendesk/user_created")
    sent["detail"]["role"] = "end-user"
    row = only(zendesk, request(json.dumps(sent).encode()))
    assert (row.name, row.directory) == ("user.CREATE", None)


def test_the_webhook_of_a_trigger_is_no_event() -> None:
    found = parsed(zendesk, request(b'{"id":"1","type":"mine","time":"2026-11-22T11:10:40Z"}'))
    assert [rejection.reason for rejection in found.rejections] == [Reason.INVALID_ROW]
    found = parsed(zendesk, request(b'{"ticket_id": 7}'))
    assert [rejection.reason for rejection in found.rejections] == [Reason.INVALID_ROW]


def test_any_success_will_do() -> None:
    assert zendesk.answer(request(), Rows()) is None
