"""What a row must be, and what is kept of it."""

import json
import unicodedata
from typing import Any

import pytest

from shared.metrics.domain.events import ActorKind, Signal, event_id_from_sender
from tests.builders import SOURCE, instant_ms
from tests.faults.world import NOON_MS
from tests.unit.ingest.service import Service, row

FIVE_MINUTES_MS = 5 * 60_000


def reasons(service: Service, **fields: object) -> list[str]:
    """Why a row with these fields is turned away; nothing if it is accepted."""
    answer = service.send(row(**fields))
    assert answer.status == 200
    assert answer.document["received"] == 1
    return answer.reasons


def test_every_field_is_kept(service: Service) -> None:
    whole = row(
        property="views",
        attribute="list view",
        action="open",
        record_id="r1",
        account_id="a1",
        signal="CHANGE",
        actor_kind="API",
        context={"b": [1, None, "x"], "a": {"ü": 1.5}},
    )
    assert service.send(whole).counts == (1, 1, 0)
    [event] = service.events()
    assert event.event_id == event_id_from_sender(SOURCE, "e1")
    assert event[1:4] == ("ann", NOON_MS, NOON_MS)
    assert event[4:10] == ("leads", "views", "list view", "open", "r1", "a1")
    assert event[10:13] == (Signal.CHANGE, ActorKind.API, SOURCE)
    assert event.context == '{"a":{"ü":1.5},"b":[1,null,"x"]}'


def test_unknown_fields_are_kept_in_the_context(service: Service) -> None:
    extras = {"crm_field": {"new": True}, "zebra": 1}
    assert service.send(row(**extras), row(**extras, context={"known": 1})).counts == (2, 2, 0)
    assert [json.loads(event.context) for event in service.events()] == [
        extras,
        extras | {"known": 1},
    ]


def test_an_unknown_field_does_not_take_the_place_of_one_in_the_context(service: Service) -> None:
    answer = service.send(row(crm_field=1, context={"crm_field": 2}))
    assert answer.counts == (1, 0, 1)
    assert "'crm_field' is in the context too" in answer.document["rejected"][0]["detail"]


def test_an_unknown_field_does_not_change_what_is_checked(service: Service) -> None:
    """Rows with unknown fields are read another way, which must be as strict."""
    wrong: list[dict[str, Any]] = [
        {"occurred_at": "2026-11-22T12:00:00"},
        {"occurred_at": "yesterday"},
        {"occurred_at": NOON_MS * 1.0},
        {"occurred_at": True},
        {"occurred_at": [1]},
        {"occurred_at": 1_795_348_800},
        {"user_id": 7},
        {"user_id": ["ann"]},
        {"context": []},
        {"context": ""},
        {"context": 0},
        {"context": False},
        {"signal": "LOUD"},
        {"signal": 1},
        {"actor_kind": None, "signal": None, "feature": 3},
        {"is_integration": "yes"},
        {"type": "other"},
    ]
    for fields in wrong:
        plain = service.send({**row(), **fields})
        extended = service.send({**row(), **fields, "unknown": 1})
        assert plain.counts == (1, 0, 1), fields
        assert extended.reasons == plain.reasons, fields


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T12:00:00Z",
        "2026-11-22T13:00:00+01:00",
        "2026-11-22t06:30:00-05:30",
        "2026-11-22 12:00:00.000Z",
        "2026-11-22T12:00:00.000999Z",
        NOON_MS,
    ],
)
def test_times_are_kept_to_the_millisecond(service: Service, text: str | int) -> None:
    assert reasons(service, occurred_at=text) == []
    assert [event.occurred_at_ms for event in service.events()] == [NOON_MS]


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2026-11-22T12:00:00", "ambiguous_time"),
        (NOON_MS // 1000, "ambiguous_time"),
        (0, "ambiguous_time"),
        (99_999_999_999, "ambiguous_time"),
        (-1, "too_old"),
        (-NOON_MS, "too_old"),
        (-(10**30), "too_old"),
        (10**30, "in_the_future"),
        (253_402_300_800_000, "in_the_future"),
        ("9999-12-31T23:59:59-12:00", "in_the_future"),
        ("0001-01-01T00:00:00+14:00", "too_old"),
        ("1970-01-01T00:00:00Z", "too_old"),
        ("1999-12-31T23:59:59.999Z", "too_old"),
        ("2000-01-01T00:00:00Z", None),
        (NOON_MS + FIVE_MINUTES_MS, None),
        (NOON_MS + FIVE_MINUTES_MS + 1, "in_the_future"),
        ("10000-01-01T00:00:00Z", "invalid_row"),
        ("2026-02-30T00:00:00Z", "invalid_row"),
        ("2026-11-22T24:00:00Z", "invalid_row"),
        ("2026-11-22", "invalid_row"),
        ("/Date(1795348800000)/", "invalid_row"),
        (str(NOON_MS), "invalid_row"),
        (float(NOON_MS), "invalid_row"),
        (True, "invalid_row"),
        ("", "invalid_row"),
        (None, "invalid_row"),
    ],
)
def test_a_time_is_unambiguous_and_neither_too_old_nor_in_the_future(
    service: Service, at: object, reason: str | None
) -> None:
    """Cases 12, 13 and 14."""
    assert reasons(service, occurred_at=at) == ([] if reason is None else [reason])


def test_the_sender_learns_what_would_be_right(service: Service) -> None:
    for at, hint in (
        ("2026-11-22T12:00:00", "end it with Z or an offset"),
        (NOON_MS // 1000, "send milliseconds since 1970"),
        ("1999-12-31T00:00:00Z", "1999-12-31T00:00:00.000+00:00 is before 2000-01-01"),
        (10**30, "more than 5 minutes in the future"),
    ):
        answer = service.send(row(occurred_at=at))
        assert hint in answer.document["rejected"][0]["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "#",
        "a#b|c%d/e\\f",
        "%23",
        "%h0123",
        "👩‍💻",
        "\u202eright to left",
        "\x00",
        "'; DROP TABLE events; --",
        "<script>alert(1)</script>",
        "=cmd|'/C calc'!A0",
        "line\nbreak\r\n\t",
        " ",
        unicodedata.normalize("NFC", "Amélie"),
        unicodedata.normalize("NFD", "Amélie"),
        "i" * 1_024,
        "é" * 512,
        "👩" * 256,
    ],
)
def test_ids_are_kept_byte_for_byte(service: Service, text: str) -> None:
    fields = ("user_id", "feature", "property", "attribute", "action", "record_id", "account_id")
    sent = row(event_id=text, context={text: text}, **dict.fromkeys(fields, text))
    assert service.send(sent).counts == (1, 1, 0)
    [event] = service.events()
    assert {getattr(event, field) for field in fields} == {text}
    assert event.event_id == event_id_from_sender(SOURCE, text)
    assert json.loads(event.context) == {text: text}


@pytest.mark.parametrize("text", ["i" * 1_025, "é" * 513, "👩" * 257])
def test_ids_over_a_kilobyte_are_turned_away_whole(service: Service, text: str) -> None:
    for field in ("event_id", "user_id", "feature", "action", "record_id", "account_id"):
        sent = row(**{field: text})
        assert service.send(sent).reasons == ["too_long"]
        assert sent in [json.loads(kept.original) for kept in service.quarantine()]


def test_a_context_has_its_own_limit(service: Service) -> None:
    assert reasons(service, context={"a": "x" * 32_760}) == []
    assert reasons(service, context={"a": "x" * 32_761}) == ["too_long"]


def test_ids_that_look_alike_are_different_events(service: Service) -> None:
    names = ["\u00e9", "e\u0301", "E", "e", "e ", "", "1", "01"]
    answer = service.send(*(row(event_id=name) for name in names))
    assert answer.counts == (8, 8, 0)
    assert len({event.event_id for event in service.events()}) == 8


def test_rows_without_an_id_of_their_own_are_told_apart_by_content_and_repetition(
    service: Service,
) -> None:
    delivery = [row(event_id=None), row(event_id=None), row(event_id=None, feature="deals")]
    service.send(*delivery)
    ids = {event.event_id for event in service.events()}
    assert len(ids) == 3
    service.send(*delivery)
    assert len(service.events()) == 6
    assert {event.event_id for event in service.events()} == ids


def test_another_tenants_row_is_kept_in_quarantine_here_and_goes_nowhere_else(
    service: Service,
) -> None:
    service.world.add_tenant("globex", "src2")
    answer = service.send(row(tenant="globex"), row(tenant="acme", event_id="e2"), row(tenant=""))
    assert answer.counts == (3, 1, 2)
    assert answer.reasons == ["other_tenant", "other_tenant"]
    assert [kept.reason for kept in service.quarantine()] == ["other_tenant", "other_tenant"]
    assert service.events("globex") == []
    assert service.quarantine("globex") == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"user_id": None}, "missing_user"),
        ({"user_id": ""}, "missing_user"),
        ({"user_id": None, "signal": "CHANGE"}, None),
        ({"user_id": None, "signal": "SYSTEM"}, None),
        ({"user_id": None, "signal": "CHANGE", "action": "login"}, "missing_user"),
        ({"feature": None}, "missing_feature"),
        ({"feature": ""}, "missing_feature"),
        ({"feature": None, "action": "login"}, None),
        ({"feature": None, "action": "logout"}, None),
        ({"feature": None, "action": "heartbeat"}, None),
        ({"feature": None, "action": "Login"}, "missing_feature"),
        ({"signal": "action"}, "invalid_row"),
        ({"actor_kind": "ROBOT"}, "invalid_row"),
        ({"type": "user.deleted"}, "invalid_row"),
        ({"type": "user.upserted", "user_id": None}, "missing_user"),
    ],
)
def test_a_row_says_who_and_what(
    service: Service, fields: dict[str, object], reason: str | None
) -> None:
    assert reasons(service, **fields) == ([] if reason is None else [reason])


def test_directory_events_bring_attributes_instead_of_a_feature(service: Service) -> None:
    upserted = {
        "type": "user.upserted",
        "user_id": "ann",
        "occurred_at": NOON_MS,
        "email": "ann@example.com",
        "country": "DE",
        "role": "",
        "is_integration": False,
        "feature": "ignored",
    }
    gone = {"type": "user.deactivated", "user_id": "ann", "occurred_at": NOON_MS, "name": "Ann"}
    assert service.send(upserted, gone).counts == (2, 2, 0)
    by_action = {event.action: event for event in service.events()}
    assert json.loads(by_action["user.upserted"].context) == {
        "email": "ann@example.com",
        "country": "DE",
        "role": "",
        "is_integration": "false",
    }
    assert by_action["user.deactivated"].context == ""
    assert {(event.feature, event.signal) for event in by_action.values()} == {("", Signal.SYSTEM)}


def test_the_use_of_a_feature_may_call_its_action_what_it_likes(service: Service) -> None:
    assert reasons(service, action="user.upserted", context={"email": [1]}) == []
    assert [mark.unit for mark in service.world.data().units.marks()] == ["2026-11-22"]


def test_rows_go_to_the_local_day_they_happened_on(service: Service) -> None:
    service.world.add_tenant("tokyo", "src-tokyo", "Asia/Tokyo")
    service.send(
        row(occurred_at="2026-11-21T14:59:59.999Z"),
        row(occurred_at="2026-11-21T15:00:00Z", event_id="e2"),
        authorization="Bearer src-tokyo.open sesame",
    )
    partitions = {item.key.partition for item in service.store.everything()}
    assert {name for name in partitions if name.startswith("packs#")} == {
        "packs#tokyo#1#2026-11-21",
        "packs#tokyo#1#2026-11-22",
    }


def test_an_event_of_long_ago_is_accepted_and_marks_its_day(service: Service) -> None:
    service.send(row(occurred_at=instant_ms("2020-02-29 12:00")))
    assert [mark.unit for mark in service.world.data().units.marks()] == ["2020-02-29"]
