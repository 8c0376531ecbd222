"""The paths that client SDKs post to by themselves: found by the write key that they send."""

import gzip
import json

import pytest

from shared.metrics.source_admin import OVERLAP_MS
from tests.builders import MINUTE_MS
from tests.faults.world import NOON_MS
from tests.unit.ingest.fake_formats import use_fakes
from tests.unit.ingest.senders import Sender, keyed_sender, signed_sender
from tests.unit.ingest.service import Service

ROW = {"name": "Deals", "sender_key": "k1", "occurred_at_ms": NOON_MS}


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fakes(monkeypatch)


@pytest.fixture
def sender(service: Service) -> Sender:
    return keyed_sender(service)


@pytest.mark.parametrize("path", ["/batch/", "/batch", "/i/v1/analytics/events"])
def test_a_delivery_is_stored_and_answered_as_its_sdk_expects(
    service: Service, sender: Sender, path: str
) -> None:
    answer = sender.track([ROW], path=path)
    assert (answer.status, answer.document) == (200, {"status": 1, "names": ["Deals"]})
    assert [event.source for event in service.events()] == [sender.source_id]


def test_it_may_post_to_its_own_url_as_well(service: Service, sender: Sender) -> None:
    other = keyed_sender(service)
    assert sender.track([ROW], path=f"/v1/in/{sender.source_id}").status == 200
    assert sender.track([ROW], path=f"/v1/in/{other.source_id}").status == 401
    assert len(service.events()) == 1


def test_a_key_is_good_on_the_paths_of_its_kind_alone(service: Service, sender: Sender) -> None:
    assert sender.track([ROW], path="/2/httpapi").status == 401
    native = f"Bearer {sender.secret}"
    assert service.post(json.dumps({"events": []}), authorization=native).status == 401
    assert service.kept_nothing()


def test_two_keys_are_valid_while_one_is_rotated(service: Service, sender: Sender) -> None:
    """Case 8."""
    new = sender.admin.rotate(sender.source_id).secret
    service.clock.now_ms += 2 * MINUTE_MS
    assert [sender.track([ROW], key=key).status for key in (sender.secret, new)] == [200, 200]
    service.clock.now_ms += OVERLAP_MS
    assert [sender.track([ROW], key=key).status for key in (sender.secret, new)] == [401, 200]


def test_gzip_is_told_by_its_content(service: Service, sender: Sender) -> None:
    document = {"api_key": sender.secret, "batch": [ROW]}
    packed = gzip.compress(json.dumps(document).encode())
    form = "application/x-www-form-urlencoded"
    answers = [
        service.post(packed, path="/batch", authorization=None, content_type=form),
        service.post(packed, path="/batch", authorization=None, content_encoding="gzip"),
    ]
    assert [answer.status for answer in answers] == [200, 200]


def test_bodies_may_be_five_mebibytes_and_no_more(service: Service, sender: Sender) -> None:
    """Cases 15 and 16."""
    row = {**ROW, "context": {"text": "x" * 20_000}}
    assert sender.track([row] * 200).status == 200  # 4 MB
    assert sender.track([row] * 270).status == 413
    bomb = gzip.compress(b" " * 50_000_000, 9)
    assert service.post(bomb, path="/batch", authorization=None).status == 413
    assert service.post(bomb[:-9], path="/batch", authorization=None).status == 413
    cut_off = gzip.compress(json.dumps({"api_key": sender.secret}).encode())[:-9]
    assert service.post(cut_off, path="/batch", authorization=None).status == 400


@pytest.mark.parametrize("path", ["/batches", "/v1", "/v1/in/", "/v1/in", "/3/httpapi", "/"])
def test_other_paths_are_not_there(sender: Sender, path: str) -> None:
    """Case 19."""
    assert sender.track([ROW], path=path).status == 404


def test_methods_that_no_sdk_uses_are_refused(service: Service) -> None:
    """Case 19."""
    answer = service.post("{}", path="/batch", method="PUT")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert service.post("", path="/v1/in/x", method="PUT").status == 401


def test_sources_of_two_tenants_do_not_mix(service: Service) -> None:
    service.world.add_tenant("beta", "src-of-beta")
    ours, theirs = keyed_sender(service), keyed_sender(service, tenant="beta")
    signed = signed_sender(service, tenant="beta")
    assert [ours.track([ROW]).status, theirs.track([ROW]).status] == [200, 200]
    assert signed.hook([ROW]).status == 200
    assert len(service.events()) == 1
    assert len(service.events("beta")) == 2
