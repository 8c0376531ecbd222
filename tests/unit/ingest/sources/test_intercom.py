"""Intercom's webhooks."""

import hmac
import json

import pytest

from functions.ingest.requests import Request
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import SentRow
from functions.ingest.sources import intercom
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op
from tests.unit.ingest.sources.sending import AT_MS, document, fixture, only, request, rows, secrets

SECRET = "app client secret"
REPLIED = "conversation_admin_replied"


def row(name: str) -> SentRow:
    return only(intercom, request(fixture(f"intercom/{name}")))


def signed(secret: str = SECRET, **changes: str) -> Request:
    """A request as Intercom signs it."""
    body = fixture(f"intercom/{REPLIED}")
    digest = hmac.digest(secret.encode(), body, "sha1").hex()
    return request(body, **{"x-hub-signature": f"sha1={digest}", **changes})


def verified(sent: Request, *values: str) -> bool:
    return intercom.verify(sent, sent.body, secrets(*(values or (SECRET,))), AT_MS)


def test_the_body_is_signed() -> None:
    """Cases 7, 8 and 9."""
    assert verified(signed())
    assert verified(signed(), "new secret", SECRET)
    assert not verified(signed(secret="revoked"))
    sent = signed()
    assert not intercom.verify(sent, sent.body + b" ", secrets(SECRET), AT_MS)
    digest = sent.headers["x-hub-signature"].removeprefix("sha1=")
    for changed in ("", digest, f"sha256={digest}", "sha1=", "sha1=é", f"sha1={digest},{digest}"):
        assert not verified(signed(**{"x-hub-signature": changed}))
    assert not verified(request(sent.body))


def test_the_url_is_tried_before_it_is_used() -> None:
    response = intercom.handshake(request(method="HEAD"), secrets(SECRET))
    assert response is not None
    assert response.status == 200
    assert intercom.handshake(signed(), secrets(SECRET)) is None


def test_what_an_admin_does_is_a_true_action() -> None:
    found = row(REPLIED)
    assert found.name == "conversation.admin.replied"
    assert (found.signal, found.actor_kind) == (Signal.ACTION, ActorKind.USER)
    assert (found.person.user_id, found.person.email) == ("814860", "ada@example.com")
    assert found.person.email_verified
    assert found.record_id == "21322009097"
    assert found.occurred_at_ms == 1_795_345_840_000
    assert found.sender_key == "notif_44d1f763-d3ad-4927-8e5c-da6cd6ca78d1"
    assert found.tenant_named == "i6wc9ipe"
    assert found.change is None


def test_a_bot_is_nobody() -> None:
    found = row("conversation_admin_replied_by_bot")
    assert (found.signal, found.actor_kind) == (Signal.ACTION, ActorKind.API)


def test_an_action_of_nobody_known_is_a_change() -> None:
    sent = document(f"intercom/{REPLIED}")
    sent["data"]["item"]["conversation_parts"] = {"conversation_parts": []}
    found = only(intercom, request(json.dumps(sent).encode()))
    assert (found.signal, found.person.user_id) == (Signal.CHANGE, "")


def test_what_a_customer_does_is_a_change() -> None:
    found = row("conversation_user_created")
    assert (found.name, found.signal) == ("conversation.user.CREATE", Signal.CHANGE)
    assert (found.person.user_id, found.actor_kind) == ("", ActorKind.UNKNOWN)
    assert found.change is not None
    assert found.change.set["state"] == "open"
    assert found.change.set["statistics.time_to_admin_reply"] == 120
    assert not [name for name in found.change.set if name.startswith("conversation_parts")]


def test_a_record_that_is_gone() -> None:
    found = row("contact_deleted")
    assert found.change is not None
    assert (found.change.object, found.change.op, found.record_id) == (
        "contact",
        Op.DELETE,
        "6123e9",
    )


@pytest.mark.parametrize(
    ("topic", "name"), [("admin.logged_in", "login"), ("admin.logged_out", "logout")]
)
def test_an_admin_begins_and_ends_sessions(topic: str, name: str) -> None:
    sent = {**document("intercom/admin_logged_in"), "topic": topic}
    found, told = rows(intercom, request(json.dumps(sent).encode()))
    assert (found.name, found.signal, found.person.user_id) == (name, Signal.ACTION, "814860")
    assert told.directory == {
        "email": "ada@example.com",
        "email_verified": "true",
        "name": "Ada Byron",
        "account_status": "active",
    }
    assert (found.sender_key, told.sender_key) == (sent["id"], f"{sent['id']}#admin")


@pytest.mark.parametrize(
    ("topic", "status"),
    [("admin.added_to_workspace", "active"), ("admin.removed_from_workspace", "inactive")],
)
def test_admins_are_in_the_directory(topic: str, status: str) -> None:
    sent = {**document("intercom/admin_added_to_workspace"), "topic": topic}
    found = only(intercom, request(json.dumps(sent).encode()))
    assert found.directory == {
        "email": "ada@example.com",
        "email_verified": "true",
        "name": "Ada Byron",
        "account_status": status,
    }


def test_a_ping_is_nobodys_deed() -> None:
    found = row("ping")
    assert (found.name, found.signal, found.change) == ("ping", Signal.SYSTEM, None)


def test_any_success_will_do() -> None:
    assert intercom.answer(request(), Rows()) is None
