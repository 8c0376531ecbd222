"""PostHog's SDKs, in both modes."""

import json

import pytest

from functions.ingest.rows import Reason, Rejection, Rows
from functions.ingest.sources import posthog
from shared.metrics.domain.events import Signal
from tests.builders import instant_ms
from tests.unit.ingest.sources.sending import KEY, document, fixture, only, parsed, request, rows

OLD, NEW = "/batch/", "/i/v1/analytics/events"


def event(**fields: object) -> bytes:
    usual = {"event": "Won", "uuid": "u1", "distinct_id": "ada", "properties": {}}
    return json.dumps({**usual, **fields}).encode()


@pytest.mark.parametrize("name", ["python", "python_v1", "node", "node_v1"])
def test_what_the_sdks_send(name: str) -> None:
    path = NEW if name.endswith("v1") else OLD
    told, won, reports, unknown = rows(posthog, request(fixture(f"posthog/{name}"), path))
    assert told.directory == {"name": "Ada Byron", "email": "ada@example.com", "country": "GB"}
    assert (won.name, won.person.user_id, won.signal) == ("Deal Won", "ada", Signal.ACTION)
    assert won.fields["properties"]["record_id"] == "deal-7"
    assert reports.name == "Reports"
    assert unknown.person.user_id == ""
    assert unknown.person.anonymous_id
    assert [row.sender_key for row in (told, won, reports, unknown)] == [
        each["uuid"] for each in document(f"posthog/{name}")["batch"]
    ]
    assert won.occurred_at_ms is not None
    assert won.occurred_at_ms // 3_600_000 == instant_ms("2026-11-22 11:00") // 3_600_000


def test_the_key_is_in_the_body_or_a_bearer_token() -> None:
    assert posthog.key_of(request(), fixture("posthog/python")) == KEY
    assert posthog.key_of(request(authorization=f"Bearer {KEY}"), b"{}") == KEY
    assert posthog.key_of(request(), b'{"token":"k","event":"x"}') == "k"
    for body in (b"", b"[]", b"{", b'{"api_key":[]}', b"\xff"):
        assert posthog.key_of(request(), body) == ""


def test_an_event_may_come_alone() -> None:
    row = only(posthog, request(event(timestamp="2026-11-22T11:00:00+01:00")))
    assert (row.name, row.occurred_at_ms) == ("Won", instant_ms("2026-11-22 10:00"))


def test_identify_joins_and_tells() -> None:
    properties = {"$anon_distinct_id": "browser-1", "$set": {"email": "ada@example.com"}}
    row = only(posthog, request(event(event="$identify", properties=properties)))
    assert (row.person.user_id, row.person.anonymous_id) == ("ada", "browser-1")
    assert row.directory == {"email": "ada@example.com"}
    assert row.person.email == "ada@example.com"


def test_an_alias_joins() -> None:
    row = only(posthog, request(event(event="$create_alias", properties={"alias": "browser-1"})))
    assert (row.person.user_id, row.person.anonymous_id) == ("ada", "browser-1")
    assert row.directory == {"same_as": "browser-1"}


def test_any_event_may_tell_of_its_person_besides() -> None:
    """Fan-out: the second row has a key of its own, the same whenever it is sent again."""
    body = event(**{"$set": {"country": "GB"}, "$unset": ["role", "other"]})
    won, told = rows(posthog, request(body))
    assert (won.name, won.directory) == ("Won", None)
    assert told.directory == {"country": "GB", "role": ""}
    assert (won.sender_key, told.sender_key) == ("u1", "u1#$set")


def test_what_is_set_once_says_nothing() -> None:
    row = only(posthog, request(event(properties={"$set_once": {"country": "GB"}})))
    assert row.name == "Won"


@pytest.mark.parametrize("name", sorted(posthog.NOT_DEEDS))
def test_what_the_sdk_sends_by_itself_is_no_deed(name: str) -> None:
    row = only(posthog, request(event(event=name)))
    assert row.signal is Signal.SYSTEM
    assert row.directory is None


def test_the_person_of_a_group_is_made_up() -> None:
    properties = {"$group_type": "company", "$group_key": "g1", "$group_set": {"name": "Acme"}}
    row = only(posthog, request(event(event="$groupidentify", properties=properties)))
    assert (row.person.user_id, row.account_id) == ("", "g1")


@pytest.mark.parametrize(
    "fields",
    [
        {"properties": {"$process_person_profile": False}},
        {"options": {"process_person_profile": False}},
        {"properties": {"$is_identified": False}},
    ],
)
def test_somebody_without_a_profile_is_unknown(fields: dict[str, object]) -> None:
    row = only(posthog, request(event(**fields)))
    assert (row.person.user_id, row.person.anonymous_id) == ("", "ada")


def test_a_screen_has_its_own_name() -> None:
    row = only(posthog, request(event(event="$screen", properties={"$screen_name": "Deals"})))
    assert row.name == "Deals"


def test_the_answer_says_what_became_of_each_event() -> None:
    """An event of which one row is good and one is not was not taken as it is."""
    delivery = parsed(posthog, request(fixture("posthog/python"), OLD))
    gone, *kept = delivery.rows
    rejection = Rejection(0, Reason.TOO_OLD, "too long ago", gone.original)
    response = posthog.answer(request(), Rows(rejections=[rejection], sent=delivery.rows))
    assert isinstance(response.document, dict)
    details = "too_old: too long ago"
    assert response.document["results"] == {
        gone.sender_key: {"result": "drop", "details": details},
        **{row.sender_key: {"result": "ok"} for row in kept},
    }


def test_times_are_not_guessed() -> None:
    """Case 14."""
    (rejection,) = parsed(posthog, request(event(timestamp="2026-11-22T11:00:00"))).rejections
    assert rejection.reason is Reason.AMBIGUOUS_TIME
