"""Stripe's webhooks."""

import hmac
import json

import pytest

from functions.ingest.requests import Request
from functions.ingest.rows import Reason, Rows
from functions.ingest.sent_rows import SentRow
from functions.ingest.sources import stripe
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op
from tests.builders import MINUTE_MS
from tests.unit.ingest.sources.sending import AT_MS, fixture, only, parsed, request, secrets

SECRET = "whsec_9f"
UPDATED = fixture("stripe/customer_subscription_updated")
NOW = AT_MS // 1000


def row(name: str) -> SentRow:
    return only(stripe, request(fixture(f"stripe/{name}")))


def signature(body: bytes = UPDATED, at: object = NOW, secret: str = SECRET) -> str:
    return hmac.digest(secret.encode(), f"{at}.".encode() + body, "sha256").hex()


def with_header(header: str, body: bytes = UPDATED) -> Request:
    return request(body, **{"stripe-signature": header})


def verified(sent: Request, *values: str) -> bool:
    return stripe.verify(sent, sent.body, secrets(*(values or (SECRET,))), AT_MS)


def test_time_and_body_are_signed() -> None:
    """Cases 7, 8 and 9."""
    good = signature()
    assert verified(with_header(f"t={NOW},v1={good}"))
    assert verified(with_header(f"t={NOW}, v1={good}"), "whsec_new", SECRET)
    assert not verified(with_header(f"t={NOW},v1={good}", UPDATED + b" "))
    assert not verified(with_header(f"t={NOW},v1={good}"), "revoked")
    for header in (
        "",
        good,
        f"v1={good}",
        f"t={NOW}",
        f"t={NOW},v0={good}",
        f"t={NOW},t={NOW},v1={good}",
        f"t={NOW + 1},v1={good}",
        f"t=é,v1={good}",
        f"t={'9' * 5_000},v1={good}",
        f"t={NOW},v1=é",
    ):
        assert not verified(with_header(header)), header
    assert not verified(request(UPDATED))


def test_there_are_two_signatures_while_a_secret_is_rotated() -> None:
    """Case 8."""
    old, new = signature(secret="whsec_old"), signature()
    header = f"t={NOW},v1={old},v1={new},v0={new}"
    assert verified(with_header(header))
    assert verified(with_header(header), "whsec_old")


@pytest.mark.parametrize(
    ("minutes", "is_accepted"), [(-6, False), (-4, True), (4, True), (6, False)]
)
def test_a_signature_is_good_for_five_minutes(minutes: int, *, is_accepted: bool) -> None:
    """Cases 4 and 6."""
    sent = with_header(f"t={NOW},v1={signature()}")
    now_ms = AT_MS + minutes * MINUTE_MS
    assert stripe.verify(sent, sent.body, secrets(SECRET), now_ms) is is_accepted
    assert stripe.signed_at_ms(sent) == AT_MS


def test_an_update_says_what_was_before() -> None:
    found = row("customer_subscription_updated")
    assert (found.name, found.sender_key) == ("subscription.UPDATE", "evt_1Q")
    assert found.occurred_at_ms == 1_795_345_840_000
    assert (found.record_id, found.account_id) == ("sub_1Q", "cus_R7")
    assert (found.signal, found.actor_kind) == (Signal.CHANGE, ActorKind.UNKNOWN)
    assert found.person.user_id == ""
    assert found.change is not None
    assert found.change.op is Op.UPDATE
    assert found.change.set == {"status": "active", "metadata.tier": "gold"}
    assert found.change.was == {"status": "trialing", "metadata.tier": "silver"}


def test_a_new_record_has_its_fields() -> None:
    found = row("customer_created")
    assert found.change is not None
    assert found.change.op is Op.CREATE
    assert found.change.set["email"] == "bo@customer.example"
    assert (found.record_id, found.account_id) == ("cus_R7", "cus_R7")


def test_what_is_no_change_states_the_record_as_it_is() -> None:
    found = row("invoice_paid")
    assert found.name == "invoice.paid"
    assert found.change is not None
    assert found.change.op is Op.SNAPSHOT
    assert found.change.set["amount_paid"] == 4900
    assert found.account_id == "cus_R7"


def test_a_connected_account_is_another_tenant() -> None:
    """Case 10."""
    found = row("customer_deleted_of_a_connected_account")
    assert found.tenant_named == "acct_19"
    assert row("customer_created").tenant_named == ""


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"created": 1_795_345_840_000}, Reason.AMBIGUOUS_TIME),
        ({"created": "now"}, Reason.INVALID_ROW),
        ({"data": {}}, Reason.INVALID_ROW),
        ({"id": None}, Reason.INVALID_ROW),
    ],
)
def test_what_is_no_event_is_turned_away(fields: dict[str, object], reason: Reason) -> None:
    """Cases 14 and 18."""
    body = json.dumps({**json.loads(UPDATED), **fields}).encode()
    assert [each.reason for each in parsed(stripe, request(body)).rejections] == [reason]


def test_any_success_will_do() -> None:
    assert stripe.answer(request(), Rows()) is None
