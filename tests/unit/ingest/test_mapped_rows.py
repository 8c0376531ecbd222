"""What becomes of a sender's rows: events, directory events, quarantine."""

import json

import pytest

from shared.metrics.domain.event_mapping import EventMapping, MappingRule
from shared.metrics.domain.events import ActorKind, Signal
from tests.builders import DAY_MS, MINUTE_MS
from tests.faults.world import NOON_MS
from tests.unit.ingest.fake_formats import use_fakes
from tests.unit.ingest.senders import keyed_sender, signed_sender
from tests.unit.ingest.service import Service


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fakes(monkeypatch)


def sent(key: str | None = "k1", **fields: object) -> dict[str, object]:
    return {"name": "Deals", "sender_key": key, "occurred_at_ms": NOON_MS, **fields}


def test_a_tracked_event_says_itself_where_it_belongs(service: Service) -> None:
    said = {"module": "Leads", "property": "Views", "attribute": "Kanban View", "action": "open"}
    ids = {"record_id": "lead-7", "account_id": 42}
    keyed_sender(service).track([sent(fields={"properties": {**said, **ids}})])
    [event] = service.events()
    path = (event.feature, event.property, event.attribute, event.action)
    assert path == ("Leads", "Views", "Kanban View", "open")
    assert (event.record_id, event.account_id) == ("lead-7", "42")


def test_a_change_of_a_record_is_kept_with_its_feature(service: Service) -> None:
    row = sent(
        change=["ticket", "CREATE"], signal=1, actor_kind=3, record_id="7", context={"channel": "x"}
    )
    signed_sender(service).hook([row])
    [event] = service.events()
    assert (event.feature, event.property, event.action) == ("Cases", "Records Added", "create")
    assert (event.signal, event.actor_kind) == (Signal.CHANGE, ActorKind.UNKNOWN)
    assert json.loads(event.change) == {"object": "ticket", "op": "CREATE"}
    assert (event.record_id, json.loads(event.context)) == ("7", {"channel": "x"})


def test_an_unknown_object_is_kept_under_its_own_name(service: Service) -> None:
    """Case 21."""
    signed_sender(service).hook([sent(change=["Weather__c", "UPDATE"])])
    assert [event.feature for event in service.events()] == ["Weather__c"]


def test_the_mapping_of_the_source_decides(service: Service) -> None:
    rule = MappingRule(name="deals", feature="Pipeline", record_id="$.deal.id")
    keyed_sender(service, mapping=EventMapping((rule,))).track([sent(fields={"deal": {"id": 9}})])
    [event] = service.events()
    assert (event.feature, event.record_id) == ("Pipeline", "9")


def test_a_changed_mapping_holds_for_what_comes_after_a_minute(service: Service) -> None:
    sender = keyed_sender(service)
    sender.track([sent("k1")])
    sender.admin.set_mapping(
        sender.source_id, EventMapping((MappingRule(name="Deals", feature="Pipeline"),))
    )
    service.clock.now_ms += 2 * MINUTE_MS
    sender.track([sent("k2")])
    assert sorted(event.feature for event in service.events()) == ["Deals", "Pipeline"]


def test_a_row_that_names_another_organization_is_quarantined_where_it_came_in(
    service: Service,
) -> None:
    """Case 10."""
    service.world.add_tenant("beta", "src-of-beta")
    sender = signed_sender(service, settings={"organization": "org-a"})
    rows = [sent("k1", tenant_named="org-a"), sent("k2", tenant_named="org-b"), sent("k3")]
    answer = sender.hook(rows)
    assert (answer.counts, answer.reasons) == ((3, 2, 1), ["other_tenant"])
    [kept] = service.quarantine()
    assert (kept.index, json.loads(kept.original)) == (1, rows[1])
    assert service.events("beta") == []
    assert service.world.counted["Quarantined_other_tenant"] == 1


def test_bad_rows_keep_their_places_in_the_delivery(service: Service) -> None:
    """Case 20."""
    rows = [sent("k0"), "bad", sent("k2", name="x" * 2_000), "bad", sent("k4")]
    answer = signed_sender(service).hook(rows)
    assert answer.counts == (5, 2, 3)
    assert sorted(rejected["index"] for rejected in answer.document["rejected"]) == [1, 2, 3]


@pytest.mark.parametrize(
    ("time_ms", "reason"),
    [
        (NOON_MS - 7 * DAY_MS, None),
        (NOON_MS + 5 * MINUTE_MS, None),
        (NOON_MS + 5 * MINUTE_MS + 1, "in_the_future"),
        (0, "too_old"),
        (-(10**20), "too_old"),
        (253_402_300_800_000, "in_the_future"),
    ],
)
def test_times_out_of_bounds_are_quarantined(
    service: Service, time_ms: int, reason: str | None
) -> None:
    """Cases 11 to 14: a week late, early within five minutes, too early, 1970, the year 10000."""
    answer = signed_sender(service).hook([sent(occurred_at_ms=time_ms)])
    assert answer.status == 200
    assert answer.reasons == ([] if reason is None else [reason])


def test_a_person_is_told_of_by_a_directory_event(service: Service) -> None:
    told = {"email": "ann@example.com", "country": "DE"}
    rows = [
        sent("k1", directory=told),
        sent("k2", directory={}, name="user.deactivated"),
        sent("k3", directory=told, person=""),
    ]
    answer = keyed_sender(service).track(rows)
    assert answer.status == 200
    first, second = sorted(service.events(), key=lambda event: event.action, reverse=True)
    assert (first.action, first.signal, first.feature) == ("user.upserted", Signal.SYSTEM, "")
    assert json.loads(first.context) == told
    assert second.action == "user.deactivated"
    assert [kept.reason for kept in service.quarantine()] == ["missing_user"]


@pytest.mark.parametrize("name", ["#|%", "e\u0301", "\u00e9", "🙂" * 200, "\u202eabc"])
def test_names_and_ids_are_kept_to_the_byte(service: Service, name: str) -> None:
    """Case 22."""
    keyed_sender(service).track([sent(name, name=name, person=name, record_id=name)])
    [event] = service.events()
    assert {event.feature, event.user_id, event.record_id} == {name}


def test_an_id_over_a_kilobyte_is_quarantined_and_a_lone_surrogate_too(service: Service) -> None:
    """Cases 18 and 22."""
    sender = signed_sender(service)
    answer = sender.hook([sent(record_id="x" * 1_025), sent(context={"x": "\ud800"})])
    assert answer.counts == (2, 0, 2)
    assert answer.reasons == ["too_long", "invalid_row"]


def test_a_login_needs_no_feature(service: Service) -> None:
    rule = MappingRule(name="Signed in", action="login")
    sender = keyed_sender(service, mapping=EventMapping((rule,)))
    sender.track([sent("k1", name="Signed in"), sent("k2", name="logout")])
    assert sorted((event.feature, event.action) for event in service.events()) == [
        ("", "login"),
        ("", "logout"),
    ]


def test_people_of_two_crms_are_not_one_by_chance(service: Service) -> None:
    signed_sender(service).hook([sent("k1", person={"user_id": "123"})])
    keyed_sender(service).track([sent("k2", person={"user_id": "123"})])
    assert sorted(event.user_id for event in service.events()) == ["123", "zendesk:123"]


def test_an_address_is_the_same_person_everywhere(service: Service) -> None:
    signed_sender(service).hook([sent("k1", person={"user_id": "ann@acme.example"})])
    assert [event.user_id for event in service.events()] == ["ann@acme.example"]


def test_who_is_not_known_has_an_id_and_is_counted_apart(service: Service) -> None:
    keyed_sender(service).track([sent(person={"anonymous_id": "browser-1"})])
    [event] = service.events()
    assert (event.user_id, event.actor_kind) == ("browser-1", ActorKind.UNKNOWN)
