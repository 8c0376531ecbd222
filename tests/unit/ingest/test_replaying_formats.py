"""Rows of every format can be tried again from the bytes that quarantine keeps of them."""

import json

import pytest

from functions.ingest.original_rows import rows_again
from functions.ingest.replaying import Replayer
from functions.ingest.requests import Request
from functions.ingest.wire_formats import wire_format
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.quarantine import Docket, QuarantinedRow
from shared.metrics.storage.replays import Replays, Wanted
from shared.metrics.storage.sources import Source, SourceStore
from shared.metrics.storage.tenants import TenantCache
from tests.builders import DAY_MS
from tests.faults.world import NOON_MS, TENANT, World
from tests.unit.ingest.service import Service
from tests.unit.ingest.sources.sending import fixture, request
from tests.unit.ingest.sources.test_crm_routes import CASES, crm, identities, is_success

BATCH = "application/cloudevents-batch+json"
SENT = [
    (SourceKind.SEGMENT, "/v1/batch", "segment/python"),
    (SourceKind.SEGMENT, "/v1/batch", "segment/node"),
    (SourceKind.RUDDERSTACK, "/v1/batch", "rudderstack/python"),
    (SourceKind.POSTHOG, "/batch/", "posthog/python"),
    (SourceKind.POSTHOG, "/i/v1/analytics/events", "posthog/python_v1"),
    (SourceKind.AMPLITUDE, "/2/httpapi", "amplitude/python"),
    (SourceKind.MIXPANEL, "/track", "mixpanel/python_track"),
    (SourceKind.MIXPANEL, "/engage", "mixpanel/python_engage"),
    (SourceKind.INTERCOM, "/v1/in/s", "intercom/conversation_admin_replied"),
    (SourceKind.STRIPE, "/v1/in/s", "stripe/invoice_paid"),
    (SourceKind.ZENDESK, "/v1/in/s", "zendesk/ticket_status_changed"),
    (SourceKind.STANDARD_WEBHOOKS, "/v1/in/s", "standard-webhooks/contact_updated"),
]


def replay(service: Service) -> tuple[int, int]:
    replays = Replays(service.store, TENANT, service.clock)
    asked = replays.ask(Wanted(), "ann")
    Replayer(service.store, service.clock).run(1 << 60)
    done = replays.get(asked.replay_id).replay
    return done.stored, done.remaining


@pytest.mark.parametrize("name", CASES)
def test_what_a_crm_sent_too_early_is_stored_as_if_it_had_just_come(
    service: Service, name: str
) -> None:
    service.clock.now_ms = NOON_MS - 20 * DAY_MS
    sender = crm(service, name)
    assert is_success(CASES[name], sender.send())
    early = len(service.events())
    turned_away = len(service.quarantine())
    assert early + turned_away == CASES[name].rows
    service.clock.now_ms = NOON_MS
    assert replay(service) == (turned_away, 0)
    assert service.quarantine() == []
    found = identities(service.events())
    assert len(found) == CASES[name].rows
    assert is_success(CASES[name], sender.send())
    assert identities(service.events()) == found


def test_rows_of_an_organisation_pass_when_it_has_been_corrected(service: Service) -> None:
    """Case 10."""
    sender = crm(service, "hubspot", organization="another")
    sender.send()
    assert replay(service) == (0, 4)
    sender.admin.set_settings(sender.source_id, {"organization": "33344455"})
    assert replay(service) == (4, 0)
    assert len(service.events()) == 4


@pytest.mark.parametrize(("kind", "path", "name"), SENT, ids=[name for _, _, name in SENT])
def test_the_bytes_of_a_row_alone_are_the_same_events(
    kind: SourceKind, path: str, name: str
) -> None:
    sent = request(fixture(name), path)
    check(kind, sent)


def test_an_event_of_a_batch_alone_is_the_same_event() -> None:
    event = {"specversion": "1.0", "id": "1", "source": "/crm", "type": "deal.opened"}
    event |= {"time": "2026-11-22T11:00:00Z", "subject": "ann"}
    body = json.dumps([event, event | {"id": "2"}]).encode()
    check(SourceKind.CLOUDEVENTS, request(body, "/v1/in/s", content_type=BATCH))
    headers = {f"ce_{name}": value for name, value in event.items()}
    check(SourceKind.CLOUDEVENTS, request(b'{"a": 1}', "/v1/in/s", **headers))


def check(kind: SourceKind, sent: Request) -> None:
    """Whatever a delivery comes to, its rows alone come to the same."""
    world = World()
    world.clock.now_ms = NOON_MS + 400 * DAY_MS
    source = Source(source_id="s", tenant=TENANT, kind=kind, created_at_ms=0)
    SourceStore(world.store).add(source)
    delivery = wire_format(kind).parse(sent, sent.body, world.clock())
    assert delivery.rows
    assert delivery.rejections == []
    originals = list(dict.fromkeys(row.original for row in delivery.rows))
    rows = [
        QuarantinedRow("s", 0, at, "in_the_future", "", original)
        for at, original in enumerate(originals)
    ]
    docket = Docket(
        source="s",
        received_ms=world.clock(),
        parts=1,
        turned_away=len(rows),
        reasons={},
        path=sent.path,
        content_type=sent.headers.get("content-type", ""),
    )
    tenants = TenantCache(world.store, world.clock)
    tenant, _ = tenants.settings(TENANT)
    again = rows_again(rows, docket, world.store, tenants, tenant, world.clock())
    assert again.rejected == {}
    assert again.passed == set(range(len(rows)))
    keys = {row.sender_key for row in delivery.rows}
    assert len({event.event_id for event in again.events}) == len(keys) == len(delivery.rows)


def test_a_source_that_is_gone_leaves_its_rows_as_they_are(service: Service) -> None:
    tenants = TenantCache(service.store, service.clock)
    tenant, _ = tenants.settings(TENANT)
    docket = Docket(source="gone", received_ms=0, parts=1, turned_away=1, reasons={})
    row = QuarantinedRow("gone", 0, 0, "invalid_row", "", b"{}")
    again = rows_again([row], docket, service.store, tenants, tenant, 0)
    assert (again.events, again.passed, again.rejected) == ([], set(), {})
