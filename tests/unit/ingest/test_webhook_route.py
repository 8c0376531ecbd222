"""`POST /v1/in/<source id>`: who may send, whatever the wire format (cases of the contract)."""

import gzip
import hmac
import json

import pytest

from shared.metrics.domain.errors import SecretsUnavailableError
from shared.metrics.source_admin import OVERLAP_MS
from tests.builders import MINUTE_MS
from tests.faults.world import NOON_MS
from tests.unit.ingest.fake_formats import SIGNED, use_fakes
from tests.unit.ingest.senders import Sender, keyed_sender, signed_sender
from tests.unit.ingest.service import Service

ROW = {"name": "Deals", "sender_key": "k1", "occurred_at_ms": NOON_MS}


def signature_of(sender: Sender, body: bytes) -> str:
    message = str(sender.service.clock()).encode() + body
    return hmac.digest(sender.secret.encode(), message, "sha256").hex()


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fakes(monkeypatch)


@pytest.fixture
def sender(service: Service) -> Sender:
    return signed_sender(service)


def test_a_signed_delivery_is_stored(service: Service, sender: Sender) -> None:
    answer = sender.hook([ROW])
    assert (answer.status, answer.counts) == (200, (1, 1, 0))
    [event] = service.events()
    assert (event.feature, event.user_id, event.source) == (
        "Deals",
        "zendesk:ann",
        sender.source_id,
    )


def test_a_replay_after_five_minutes_is_refused_and_the_clock_counted(
    service: Service, sender: Sender
) -> None:
    """Case 4."""
    signed_ms = service.clock()
    service.clock.now_ms += 5 * MINUTE_MS + 1
    assert sender.hook([ROW], time_ms=signed_ms).status == 401
    assert service.kept_nothing()
    assert service.world.counted["ClockSkew"] == 1


def test_a_replay_within_five_minutes_is_the_same_event(service: Service, sender: Sender) -> None:
    """Case 5."""
    signed_ms = service.clock()
    service.clock.now_ms += 4 * MINUTE_MS
    assert [sender.hook([ROW], time_ms=signed_ms).status for _ in range(2)] == [200, 200]
    first, second = service.events()
    assert (first.event_id, first.occurred_at_ms) == (second.event_id, second.occurred_at_ms)


@pytest.mark.parametrize(("minutes", "status"), [(-4, 200), (4, 200), (-6, 401), (6, 401)])
def test_a_sender_whose_clock_is_off(
    service: Service, sender: Sender, minutes: int, status: int
) -> None:
    """Case 6."""
    answer = sender.hook([ROW], time_ms=service.clock() + minutes * MINUTE_MS)
    assert answer.status == status
    assert service.world.counted["ClockSkew"] == (status == 401)


def test_a_body_that_was_changed_or_written_anew_is_refused(
    service: Service, sender: Sender
) -> None:
    """Case 7."""
    body = json.dumps([ROW]).encode()
    signature = signature_of(sender, body)
    altered = body.replace(b"Deals", b"Leads")
    rewritten = json.dumps([ROW], separators=(",", ":")).encode()
    assert [sender.hook(each, x_signature=signature).status for each in (altered, rewritten)] == [
        401,
        401,
    ]
    assert service.kept_nothing()
    assert sender.hook(body, x_signature=signature).status == 200


def test_two_secrets_are_valid_while_one_is_rotated(service: Service, sender: Sender) -> None:
    """Case 8."""
    sender.admin.rotate(sender.source_id, secret="new")
    service.clock.now_ms += 2 * MINUTE_MS  # what the process knows is a minute old at most
    assert [sender.hook([ROW], secret=each).status for each in (sender.secret, "new")] == [200] * 2
    service.clock.now_ms += OVERLAP_MS
    assert [sender.hook([ROW], secret=each).status for each in (sender.secret, "new")] == [401, 200]


def test_a_secret_before_the_replaced_one_is_revoked_at_once(
    service: Service, sender: Sender
) -> None:
    """Case 8."""
    sender.admin.rotate(sender.source_id, secret="second")
    sender.admin.rotate(sender.source_id, secret="third")
    service.clock.now_ms += 2 * MINUTE_MS
    statuses = [
        sender.hook([ROW], secret=each).status for each in (sender.secret, "second", "third")
    ]
    assert statuses == [401, 200, 200]


def test_nothing_is_accepted_from_a_disabled_source_until_its_secret_is_rotated(
    service: Service, sender: Sender
) -> None:
    sender.admin.disable(sender.source_id)
    assert sender.hook([ROW]).status == 401
    assert sender.hook([], method="HEAD").status == 401
    sender.admin.rotate(sender.source_id, secret="new")
    service.clock.now_ms += 2 * MINUTE_MS
    assert [sender.hook([ROW], secret=each).status for each in (sender.secret, "new")] == [401, 200]


def test_whatever_is_wrong_is_answered_alike_and_nothing_is_kept(
    service: Service, sender: Sender
) -> None:
    """Case 9."""
    keyed = keyed_sender(service)
    refused = [
        sender.hook([ROW], x_signature=None),
        sender.hook([ROW], x_signature="zz"),
        sender.hook([ROW], x_signature=f"{'0' * 64},{'0' * 64}"),
        sender.hook([ROW], x_time=None),
        sender.hook([ROW], secret="another"),
        sender.hook([ROW], source_id="src_unknown"),
        sender.hook([ROW], source_id="a/b#c%"),
        sender.hook([ROW], source_id=keyed.source_id),
        keyed.track([ROW], key="unknown.key"),
        keyed.track([ROW], key=f"{keyed.source_id}.wrong"),
        keyed.track([ROW], key=f"{sender.source_id}.{sender.secret}"),
        keyed.track([ROW], key=""),
        service.post("{}", authorization=f"Bearer {keyed.secret}"),
    ]
    assert refused[0].status == 401
    assert all(answer == refused[0] for answer in refused)
    assert service.kept_nothing()


def test_a_source_whose_secret_is_not_yet_given_accepts_nothing(service: Service) -> None:
    sender = signed_sender(service)
    made = sender.admin.activate(SIGNED)
    assert made.secret is None
    assert sender.hook([ROW], source_id=made.source.source_id, secret="").status == 401


class _DownBox:
    """A secret store that does not answer."""

    def seal(self, secret: str, source_id: str) -> bytes:
        raise SecretsUnavailableError(source_id + secret)

    def open(self, sealed: bytes, source_id: str) -> str:
        raise SecretsUnavailableError(source_id + repr(sealed))


def test_without_the_secret_store_nothing_is_accepted_and_the_sender_shall_come_again(
    service: Service, sender: Sender
) -> None:
    """Case 50."""
    box = service.world.box
    service.world.box = _DownBox()
    service.process = service.world.ingest()
    answer = sender.hook([ROW])
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert sender.hook([ROW], x_signature=None).status == 503
    assert service.kept_nothing()
    service.world.box = box
    service.process = service.world.ingest()
    assert sender.hook([ROW]).status == 200


def test_a_sender_may_ask_whether_the_url_is_ours(service: Service, sender: Sender) -> None:
    answer = sender.hook([], method="HEAD", x_signature=None)
    assert (answer.status, answer.document) == (200, {"here": True})
    assert service.kept_nothing()


def test_other_methods_are_refused(sender: Sender) -> None:
    """Case 19."""
    answer = sender.hook([ROW], method="PUT")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_gzip_body_is_signed_as_it_is_sent(service: Service, sender: Sender) -> None:
    packed = gzip.compress(json.dumps([ROW]).encode())
    assert sender.hook(packed, content_encoding="gzip").counts == (1, 1, 0)
    bomb = gzip.compress(b" " * 50_000_000, 9)
    assert sender.hook(bomb, content_encoding="gzip").status == 413
    assert sender.hook(bomb, content_encoding="gzip", x_signature=None).status == 401
    assert len(service.events()) == 1


def test_a_body_over_the_limit_is_refused_before_its_signature_is_looked_at(
    sender: Sender,
) -> None:
    """Case 15."""
    assert sender.hook(b" " * 1_000_001, x_signature=None).status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf[]\xff",
        '["ü"]'.encode("utf-16"),
        '["ü"]'.encode("latin-1"),
        b"[" * 100_000,
    ],
)
def test_a_body_that_cannot_be_read_is_malformed(
    service: Service, sender: Sender, body: bytes
) -> None:
    """Cases 17 and 18: whatever the decoder of a format raises."""
    assert sender.hook(body).status == 400
    assert service.kept_nothing()


def test_more_rows_than_allowed_are_refused(service: Service, sender: Sender) -> None:
    """Case 15."""
    assert sender.hook(["bad"] * 10_001).status == 413
    assert service.kept_nothing()
