"""Standard Webhooks, and their signatures."""

import hmac
import json
from base64 import b64encode

import pytest
from nacl.signing import SigningKey

from functions.ingest.requests import Request
from functions.ingest.rows import Reason, Rows
from functions.ingest.sources import standard_webhooks
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op
from tests.builders import MINUTE_MS, instant_ms
from tests.unit.ingest.sources.sending import AT_MS, fixture, only, parsed, request, secrets

KEY = b"sixteen byte key"
SECRET = "whsec_" + b64encode(KEY).decode()
PRIVATE = SigningKey(b"thirty-two bytes of private key.")
PUBLIC = "whpk_" + b64encode(bytes(PRIVATE.verify_key)).decode()
BODY = fixture("standard-webhooks/contact_updated")
ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
NOW = AT_MS // 1000


def message(body: bytes = BODY, at: object = NOW) -> bytes:
    return f"{ID}.{at}.".encode() + body


def shared(key: bytes = KEY, body: bytes = BODY) -> str:
    return "v1," + b64encode(hmac.digest(key, message(body), "sha256")).decode()


def asymmetric(body: bytes = BODY) -> str:
    return "v1a," + b64encode(PRIVATE.sign(message(body)).signature).decode()


def sent(signature: str, body: bytes = BODY, /, **changes: str) -> Request:
    headers = {
        "webhook-id": ID,
        "webhook-timestamp": str(NOW),
        "webhook-signature": signature,
    }
    return request(body, **{**headers, **changes})


def verified(given: Request, *values: str) -> bool:
    return standard_webhooks.verify(given, given.body, secrets(*(values or (SECRET,))), AT_MS)


def test_id_time_and_body_are_signed_with_a_shared_secret() -> None:
    """Cases 7, 8 and 9."""
    assert verified(sent(shared()))
    assert verified(sent(shared()), "whsec_bmV3", SECRET)
    assert not verified(sent(shared(b"revoked key")))
    assert not verified(sent(shared(), BODY + b" "))
    assert not verified(sent(shared(), **{"webhook-id": "msg_other"}))
    assert not verified(sent(shared(), **{"webhook-timestamp": str(NOW + 1)}))
    for changed in ("", "é", "9" * 5_000):
        assert not verified(sent(shared(), **{"webhook-id": changed}))
        assert not verified(sent(shared(), **{"webhook-timestamp": changed}))
    assert not verified(request(BODY))


def test_several_signatures_may_be_listed() -> None:
    """Case 8."""
    wrong = shared(b"another key")
    assert verified(sent(f"{wrong} {shared()}"))
    assert verified(sent(f"{asymmetric()} {shared()}"))
    assert verified(sent(f"{wrong},{shared()}"))  # a header that came twice
    for header in ("", "v1,", "v1", shared().removeprefix("v1,"), shared().replace("v1", "v2")):
        assert not verified(sent(header)), header


@pytest.mark.parametrize("secret", [KEY.decode(), b64encode(KEY).decode()])
def test_a_secret_may_come_without_its_prefix(secret: str) -> None:
    assert verified(sent(shared()), secret)


def test_ed25519_is_checked_with_the_public_key() -> None:
    """Cases 7, 8 and 9."""
    other = "whpk_" + b64encode(bytes(SigningKey(bytes(32)).verify_key)).decode()
    assert verified(sent(asymmetric()), PUBLIC)
    assert verified(sent(f"{shared()} {asymmetric()}"), other, PUBLIC)
    assert not verified(sent(asymmetric()), other)
    assert not verified(sent(asymmetric(), BODY + b" "), PUBLIC)
    assert not verified(sent(asymmetric()), SECRET)
    assert not verified(sent(shared()), PUBLIC)
    for signature in ("v1a,", "v1a,AAAA", "v1a,é", "v1a," + b64encode(bytes(64)).decode()):
        assert not verified(sent(signature), PUBLIC)
    for key in ("whpk_", "whpk_AAAA", "whpk_é", "whpk_" + b64encode(bytes(32)).decode()):
        assert not verified(sent(asymmetric()), key)


def test_the_public_key_is_no_shared_secret() -> None:
    """Who knows the public key, which everyone may, must not be able to sign with it."""
    forged = shared(bytes(PRIVATE.verify_key))
    assert not verified(sent(forged), PUBLIC)
    assert not verified(sent(shared(PUBLIC.encode())), PUBLIC)


@pytest.mark.parametrize(
    ("minutes", "is_accepted"), [(-6, False), (-4, True), (4, True), (6, False)]
)
@pytest.mark.parametrize(("sign", "secret"), [(shared, SECRET), (asymmetric, PUBLIC)])
def test_a_signature_is_good_for_five_minutes(
    sign: object, secret: str, minutes: int, *, is_accepted: bool
) -> None:
    """Cases 4 and 6."""
    assert callable(sign)
    given = sent(sign())
    now_ms = AT_MS + minutes * MINUTE_MS
    verify = standard_webhooks.verify
    assert verify(given, given.body, secrets(secret), now_ms) is is_accepted
    assert standard_webhooks.signed_at_ms(given) == AT_MS


def test_an_event_is_a_change_of_its_data() -> None:
    row = only(standard_webhooks, sent(shared()))
    assert (row.name, row.sender_key) == ("contact.UPDATE", ID)
    assert row.occurred_at_ms == instant_ms("2026-11-22 11:10:40.123")
    assert (row.signal, row.actor_kind) == (Signal.CHANGE, ActorKind.UNKNOWN)
    assert row.record_id == "1f81eb52-5198-4599-803e-771906343485"
    assert row.change is not None
    assert (row.change.object, row.change.op) == ("contact", Op.UPDATE)
    assert row.change.set["company.size"] == 12
    assert row.change.set["lists"] == ["a", "b"]


def test_what_is_no_change_states_its_data() -> None:
    row = only(standard_webhooks, request(b'{"type":"invoice.paid","data":{"id":7}}'))
    assert row.name == "invoice.paid"
    assert (row.record_id, row.occurred_at_ms, row.sender_key) == ("7", None, None)
    assert row.change is not None
    assert (row.change.object, row.change.op) == ("invoice", Op.SNAPSHOT)


@pytest.mark.parametrize("data", ["null", "7", '"x"', "[1]"])
def test_data_may_be_anything(data: str) -> None:
    row = only(standard_webhooks, request(f'{{"type":"x","data":{data}}}'.encode()))
    assert (row.name, row.record_id) == ("x", "")


def test_what_is_kept_of_a_row_can_be_tried_again() -> None:
    """Its id is in a header, and must be there still."""
    body = json.dumps({"type": "contact.updated", "timestamp": "soon", "data": {}}).encode()
    (rejection,) = parsed(standard_webhooks, sent(shared(), body)).rejections
    assert rejection.reason is Reason.INVALID_ROW
    mended = rejection.original.replace(b"soon", b"2026-11-22T11:10:40Z")
    assert only(standard_webhooks, request(mended)).sender_key == ID


def test_any_success_will_do() -> None:
    assert standard_webhooks.answer(request(), Rows()) is None
