"""What SDKs and services send, from the handler to the store, and the answer that they get."""

import gzip
import json
import zlib
from collections.abc import Callable
from datetime import date

import pytest
import zstandard
from msgspec.structs import replace

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event, Signal
from shared.metrics.domain.periods import Window
from shared.metrics.engine.requests import HomeRequest
from tests.builders import DAY_MS, MINUTE_MS
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Countdown
from tests.faults.world import TENANT, TODAY
from tests.unit.ingest.service import Service
from tests.unit.ingest.sources.sending import fixture
from tests.unit.ingest.sources.vendors import VENDORS, Source, bearer, counts

SIGNED = [name for name, vendor in VENDORS.items() if not vendor.path and name != "cloudevents"]
TIMED = [name for name in SIGNED if name != "intercom"]
FIVE_DAYS_MS = 5 * DAY_MS


def identities(events: list[Event]) -> set[tuple[bytes, int]]:
    return {(event.event_id, event.occurred_at_ms) for event in events}


@pytest.mark.parametrize("name", VENDORS)
def test_what_is_sent_is_stored_and_answered(service: Service, name: str) -> None:
    source = Source(service, name)
    result = source.send()
    assert result["statusCode"] == 200
    assert counts(result) in ((source.vendor.events, 0), None)
    events = service.events()
    assert (len(events), service.quarantine()) == (source.vendor.events, [])
    assert {event.source for event in events} == {source.source_id}
    service.world.fold()


@pytest.mark.parametrize("name", VENDORS)
def test_what_is_sent_again_is_the_same_event(service: Service, name: str) -> None:
    """Cases 1, 3, 5 and 11: days later as well."""
    source = Source(service, name)
    source.send()
    first = identities(service.events())
    assert len(first) == source.vendor.events
    service.clock.now_ms += FIVE_DAYS_MS
    assert source.send()["statusCode"] == 200
    assert identities(service.events()) == first
    assert len(service.events()) == 2 * source.vendor.events


@pytest.mark.parametrize("name", VENDORS)
def test_nothing_is_kept_of_what_is_not_authentic(service: Service, name: str) -> None:
    """Case 9: every cause is answered alike."""
    source = Source(service, name)
    refused = [source.send(secret=source.vendor.other)]
    good = source.secret
    source.secret = source.secret[:-1] + ("A" if source.secret[-1] != "A" else "B")
    if not source.is_theirs:
        refused.append(source.send())
    source.secret, source.source_id = good, "src_unknown"
    if not source.vendor.path:
        refused.append(source.send())
    assert {result["statusCode"] for result in refused} == {401}
    assert len({result["body"] for result in refused}) == 1
    assert service.kept_nothing()


@pytest.mark.parametrize("name", SIGNED)
def test_a_body_that_was_changed_is_not_authentic(service: Service, name: str) -> None:
    """Case 7: by a byte, or written anew."""
    source = Source(service, name)
    body = source.body()
    for arriving in (body.replace(b"1", b"2", 1), json.dumps(json.loads(body)).encode()):
        assert source.send(arriving=arriving)["statusCode"] == 401
    assert service.kept_nothing()


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
def test_signed_times_may_be_five_minutes_off(
    service: Service, name: str, minutes: int, status: int
) -> None:
    """Cases 4 and 6."""
    source = Source(service, name)
    result = source.send(signed_ms=service.clock() + minutes * MINUTE_MS)
    assert result["statusCode"] == status
    assert service.world.counted["ClockSkew"] == (status == 401)


@pytest.mark.parametrize("name", [name for name in VENDORS if "standard" not in name])
def test_two_secrets_are_good_while_one_is_rotated(service: Service, name: str) -> None:
    """Case 8; for Standard Webhooks, whose secrets are no texts, see their own tests."""
    source = Source(service, name)
    old = source.secret
    rotated = source.admin.rotate(source.source_id, secret="the next" if source.is_theirs else None)
    source.secret = rotated.secret or "the next"
    assert source.send()["statusCode"] == 200
    assert source.send(secret=old)["statusCode"] == 200


@pytest.mark.parametrize("name", ["zendesk", "intercom"])
def test_rows_of_another_organization_are_quarantined(service: Service, name: str) -> None:
    """Case 10; the answer is a success, as sending again would change nothing."""
    source = Source(service, name, organization="another")
    assert source.send()["statusCode"] == 200
    assert service.events() == []
    assert [row.reason for row in service.quarantine()] == ["other_tenant"]


@pytest.mark.parametrize("name", VENDORS)
def test_what_has_not_happened_yet_is_quarantined(service: Service, name: str) -> None:
    """Case 13; the fixtures are of less than an hour before the service's noon."""
    source = Source(service, name)
    service.clock.now_ms -= 60 * MINUTE_MS
    assert source.send()["statusCode"] == 200
    assert service.events() == []
    assert {row.reason for row in service.quarantine()} == {"in_the_future"}
    assert len(service.quarantine()) == source.vendor.events


@pytest.mark.parametrize("name", VENDORS)
def test_what_is_older_than_what_is_kept_is_quarantined(service: Service, name: str) -> None:
    """Case 12."""
    tenants = service.world.services().tenants
    stored = tenants.stored(TENANT)
    assert tenants.replace(stored, replace(stored.tenant, keeps_from=date(2026, 11, 23)))
    source = Source(service, name)
    assert source.send()["statusCode"] == 200
    assert {row.reason for row in service.quarantine()} == {"too_old"}


@pytest.mark.parametrize("name", VENDORS)
def test_what_is_not_durable_is_not_acknowledged(service: Service, name: str) -> None:
    """Cases 24 to 26: a repetition mends it."""
    source = Source(service, name)
    fault = Countdown(1, StorageUnavailableError)
    service.process = service.world.ingest(ProbedStore(service.store, after=fault))
    result = source.send()
    if fault.is_over:
        assert result["statusCode"] == 503
        assert result["headers"]["retry-after"] == "30"
    assert source.send()["statusCode"] == 200
    assert len(identities(service.events())) == source.vendor.events


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(service: Service, name: str, method: str) -> None:
    """Case 19."""
    source = Source(service, name)
    proof = source.vendor.proof
    source.vendor = source.vendor._replace(
        proof=lambda *given: proof(*given)._replace(method=method)
    )
    assert source.send()["statusCode"] == 405
    assert service.kept_nothing()


@pytest.mark.parametrize("name", VENDORS)
def test_what_cannot_be_read_is_refused_as_a_whole(service: Service, name: str) -> None:
    """Cases 17 and 18."""
    source = Source(service, name)
    for damaged in (b"\xff\xfe" + source.body(), b"", b"[" * 100_000, source.body()[:-9]):
        assert source.send(damaged)["statusCode"] in (400, 401)
    assert service.kept_nothing()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
    ],
)
def test_posthog_may_be_told_to_compress(
    service: Service, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    """Case 16: within bounds, and whole."""
    source = Source(service, "posthog_v1")
    source.vendor = source.vendor._replace(
        proof=lambda body, secret, now_ms: bearer(body, secret, now_ms)._replace(
            headers={"authorization": f"Bearer {secret}", "content-encoding": encoding}
        )
    )
    packed = pack(source.body())
    assert source.send(packed)["statusCode"] == 200
    assert len(service.events()) == source.vendor.events
    assert source.send(pack(b" " * 50_000_000))["statusCode"] == 413
    assert source.send(packed[:-9])["statusCode"] == 400
    assert source.send(packed[:20] + b"\0\0\0\0" + packed[24:])["statusCode"] == 400
    assert len(service.events()) == source.vendor.events


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        ("posthog", "/capture/", "posthog/python"),
        ("posthog", "/i/v0/e", "posthog/python"),
        ("amplitude", "/batch", "amplitude/node"),
        ("mixpanel", "/import", "mixpanel/python_track"),
    ],
)
def test_other_paths_of_the_sdks(service: Service, name: str, path: str, body: str) -> None:
    source = Source(service, name)
    source.vendor = source.vendor._replace(path=path, body=fixture(body))
    assert source.send()["statusCode"] == 200
    assert len(service.events()) == source.vendor.events


def test_a_group_of_mixpanel_is_kept_and_counts_for_nobody(service: Service) -> None:
    source = Source(service, "mixpanel")
    source.vendor = source.vendor._replace(path="/groups")
    group = {"$token": source.secret, "$group_key": "company", "$group_id": "g1", "$set": {"a": 1}}
    assert source.send(json.dumps(group).encode())["statusCode"] == 200
    [event] = service.events()
    assert (event.user_id, event.account_id, event.signal) == ("", "g1", Signal.SYSTEM)


def test_two_ids_of_one_person_count_as_one(service: Service) -> None:
    source = Source(service, "segment")
    calls = [
        {"type": "track", "messageId": "1", "userId": "ada", "event": "Deal Won"},
        {"type": "track", "messageId": "2", "userId": "ada@old.example", "event": "Deal Won"},
        {"type": "alias", "messageId": "3", "userId": "ada", "previousId": "ada@old.example"},
    ]
    batch = {"batch": [{**each, "timestamp": "2026-11-22T11:00:00Z"} for each in calls]}
    assert source.send(json.dumps(batch).encode())["statusCode"] == 200
    service.world.fold()
    today = Window(TODAY, TODAY)
    home = service.world.services().views.ask(HomeRequest(tenant=TENANT, window=today))
    assert (home.total_hits.value, home.active_users.value) == (2, 1)
