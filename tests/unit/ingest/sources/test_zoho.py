"""Zoho CRM's notifications and workflow webhooks."""

import json
from typing import Any

import pytest

from functions.ingest.requests import RefusedError
from functions.ingest.rows import Reason, Rows
from functions.ingest.sources import zoho, zoho_notifications
from functions.ingest.sources.wire_format import Secrets
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, Precision, RecordChange
from tests.unit.ingest.sources.deliveries import (
    NEW,
    OLD,
    REVOKED,
    altered,
    fixture,
    is_authentic,
    keys,
    parsed,
    request,
)

NOTIFICATION = fixture("zoho/notification.json")
WORKFLOW = fixture("zoho/workflow.json")
FIRST, SECOND = "5725767000003000010", "5725767000003000020"


def notification(**fields: object) -> bytes:
    """A notification with fields replaced (None: left out)."""
    changed: dict[str, Any] = json.loads(NOTIFICATION) | fields
    return json.dumps(
        {name: value for name, value in changed.items() if value is not None}
    ).encode()


def test_the_token_in_the_body_is_the_secret() -> None:
    """Case 8."""
    assert is_authentic(zoho, request(NOTIFICATION))
    assert is_authentic(zoho, request(notification(token=OLD)))
    assert not is_authentic(zoho, request(notification(token=OLD)), REVOKED)
    assert is_authentic(zoho, request(notification(token=12345)), Secrets(("12345",)))


@pytest.mark.parametrize("token", [None, "", f"{NEW}x", [NEW], {"a": NEW}])
def test_another_token_or_none_is_not_accepted(token: object) -> None:
    """Case 9; a secret elsewhere does not help a notification."""
    body = notification(token=token)
    assert not is_authentic(zoho, request(body))
    assert not is_authentic(zoho, request(body, query=f"key={NEW}", x_api_key=NEW))


def test_a_token_that_was_altered_is_not_accepted() -> None:
    """Case 7, as far as there is something to check: only the token is."""
    body = NOTIFICATION.replace(NEW.encode(), altered(NEW.encode()))
    assert not is_authentic(zoho, request(body))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_what_cannot_be_read_is_not_authentic(body: bytes) -> None:
    """Cases 9, 17 and 18."""
    assert not is_authentic(zoho, request(body))
    assert not is_authentic(zoho_notifications, request(body))


def test_a_notification_is_a_row_for_each_of_its_records() -> None:
    rows = parsed(zoho, request(NOTIFICATION)).rows
    assert [(row.record_id, row.change) for row in rows] == [
        (
            FIRST,
            RecordChange(
                "Deals",
                Op.UPDATE,
                {"Stage": "Closed Won", "Amount": 12000},
                precision=Precision.BOUNDED,
            ),
        ),
        (
            SECOND,
            RecordChange("Deals", Op.UPDATE, {"Stage": "Negotiation"}, precision=Precision.BOUNDED),
        ),
    ]
    assert [row.name for row in rows] == ["Deals.UPDATE"] * 2
    assert [row.occurred_at_ms for row in rows] == [1_795_348_680_000] * 2
    assert rows[0].fields["Stage"] == "Closed Won"
    assert rows[0].context["affected_fields"] == ["Stage", "Amount"]
    assert rows[1].context["channel_id"] == "1000000068001"


def test_a_notification_names_nobody() -> None:
    for row in parsed(zoho, request(NOTIFICATION)).rows:
        assert (row.person.user_id, row.actor_kind) == ("", ActorKind.UNKNOWN)
        assert (row.signal, row.tenant_named) == (Signal.CHANGE, "")


def test_the_token_is_kept_nowhere() -> None:
    delivery = parsed(zoho, request(notification(ids=[FIRST, None, {}])))
    assert (len(delivery.rows), len(delivery.rejections)) == (1, 2)
    assert NEW not in repr(delivery)
    assert NEW not in repr(parsed(zoho, request(notification(module=7))))


def test_what_is_kept_of_a_row_is_that_row_alone() -> None:
    rows = parsed(zoho, request(NOTIFICATION)).rows
    for row in rows:
        again = parsed(zoho, request(row.original)).rows
        assert [(each.sender_key, each.change) for each in again] == [(row.sender_key, row.change)]


@pytest.mark.parametrize(
    ("operation", "op"), [("insert", Op.CREATE), ("update", Op.UPDATE), ("delete", Op.DELETE)]
)
def test_operations(operation: str, op: Op) -> None:
    body = notification(operation=operation, affected_values=None, affected_fields=[])
    row = parsed(zoho, request(body)).rows[0]
    assert row.change == RecordChange("Deals", op, precision=Precision.BOUNDED)
    assert row.name == f"Deals.{op.value}"


def test_an_operation_that_is_new_is_kept() -> None:
    """Case 21."""
    row = parsed(zoho, request(notification(operation="restore", new=[1]))).rows[0]
    assert (row.name, row.change, row.context["new"]) == ("Deals.restore", None, [1])


def test_a_notification_that_comes_again_has_the_same_keys() -> None:
    """Cases 1, 3 and 5."""
    usual = keys(parsed(zoho, request(NOTIFICATION)))
    assert len(set(usual)) == 2
    assert keys(parsed(zoho, request(notification(ids=[SECOND, FIRST])))) == usual[::-1]
    for other in (
        {"channel_id": "2"},
        {"module": "Leads"},
        {"operation": "insert"},
        {"server_time": 1_795_348_680_001},
    ):
        assert set(keys(parsed(zoho, request(notification(**other))))).isdisjoint(usual)


def test_a_bad_id_costs_itself_alone() -> None:
    """Case 20."""
    delivery = parsed(zoho, request(notification(ids=[FIRST, None, 7, "", True, SECOND])))
    assert [row.record_id for row in delivery.rows] == [FIRST, "7", SECOND]
    assert [each.index for each in delivery.rejections] == [1, 3, 4]


@pytest.mark.parametrize(
    ("server_time", "reason"),
    [
        (1_795_348_680, Reason.AMBIGUOUS_TIME),
        ("now", Reason.INVALID_ROW),
        (10**20, Reason.INVALID_ROW),
    ],
)
def test_other_times_are_turned_away(server_time: object, reason: Reason) -> None:
    """Case 14."""
    delivery = parsed(zoho, request(notification(server_time=server_time)))
    assert [each.reason for each in delivery.rejections] == [reason]


def test_more_records_than_a_delivery_may_have_are_refused() -> None:
    """Case 15."""
    for ids, unknown in (([1] * 10_001, ""), ([1] * 5_000, "x" * 10_000)):
        with pytest.raises(RefusedError) as caught:
            parsed(zoho, request(notification(ids=ids, unknown=unknown)))
        assert caught.value.status == 413


@pytest.mark.parametrize("affected", [[7], [{"record_id": 1}], [{"record_id": 1, "values": 2}]])
def test_affected_values_of_another_form_say_nothing(affected: object) -> None:
    body = notification(affected_values=affected, affected_fields=affected)
    change = parsed(zoho, request(body)).rows[0].change
    assert change is not None
    assert change.set == {}


def test_a_workflow_webhook_names_who_modified_the_record() -> None:
    row = parsed(zoho, request(WORKFLOW)).rows[0]
    assert row.change == RecordChange(
        "Deals", Op.UPDATE, {"Stage": "Closed Won", "Amount": "12000"}
    )
    assert (row.person.user_id, row.person.email) == ("5725767000000411001", "ada@example.com")
    assert (row.actor_kind, row.person.email_verified) == (ActorKind.USER, False)
    assert (row.record_id, row.account_id) == (FIRST, "5725767000000500007")
    assert row.occurred_at_ms == 1_795_348_680_000


def test_the_usual_answer_will_do() -> None:
    assert zoho.answer(request(), Rows()) is None


def test_half_of_a_surrogate_pair_costs_the_notification_but_not_its_authenticity() -> None:
    """Case 18: what cannot be read is kept, without the token."""
    body = NOTIFICATION.replace(b'"query_params": {}', b'"query_params": {"a": "\\ud83d"}')
    assert is_authentic(zoho, request(body))
    delivery = parsed(zoho, request(body))
    assert [each.reason for each in delivery.rejections] == [Reason.INVALID_ROW]
    assert b"ud83d" in delivery.rejections[0].original
    assert NEW not in repr(delivery)
