"""Pipedrive's webhooks, version 2."""

import json
from typing import Any

import pytest

from functions.ingest.requests import RefusedError
from functions.ingest.rows import Reason, Rows
from functions.ingest.sent_rows import SentRow
from functions.ingest.sources import pipedrive
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange
from tests.unit.ingest.sources.deliveries import fixture, keys, parsed, request

CHANGE = fixture("pipedrive/deal_change.json")
MERGED = fixture("pipedrive/person_merged.json")
MONEY = "custom_fields.0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"


def webhook(body: bytes = CHANGE, **meta: object) -> bytes:
    """A webhook with fields of its meta replaced (None: left out)."""
    fields: dict[str, Any] = json.loads(body)
    changed = fields["meta"] | meta
    fields["meta"] = {name: value for name, value in changed.items() if value is not None}
    return json.dumps(fields).encode()


def row_of(body: bytes) -> SentRow:
    delivery = parsed(pipedrive, request(body))
    assert (len(delivery.rows), delivery.rejections) == (1, [])
    return delivery.rows[0]


def test_of_an_update_only_what_differs_was_written() -> None:
    row = row_of(CHANGE)
    assert row.change == RecordChange(
        "deal",
        Op.UPDATE,
        set={
            "stage_id": 4,
            "update_time": "2026-11-22T11:59:00Z",
            f"{MONEY}.type": "monetary",
            f"{MONEY}.value": 250,
            f"{MONEY}.currency": "EUR",
        },
        was={
            "stage_id": 3,
            "update_time": "2026-11-20T09:00:00Z",
            f"{MONEY}.type": "monetary",
            f"{MONEY}.value": 200,
            f"{MONEY}.currency": "EUR",
        },
    )
    assert (row.name, row.record_id, row.account_id) == ("deal.UPDATE", "4711", "88")
    assert row.occurred_at_ms == 1_795_348_740_321
    assert (row.signal, row.tenant_named) == (Signal.CHANGE, "10203040")
    assert row.fields["title"] == "Forty seats"
    assert row.context["correlation_id"] == "e6f0b1d0-5b0e-4f6a-9a39-2f6b7f2a1c11"
    assert "attempt" not in row.context


def test_a_created_record_was_written_whole_and_a_deleted_one_was() -> None:
    fields = json.loads(CHANGE)
    created = json.dumps(
        fields | {"previous": None, "meta": fields["meta"] | {"action": "create"}}
    ).encode()
    change = row_of(created).change
    assert change is not None
    assert (change.op, change.set["title"], change.was) == (Op.CREATE, "Forty seats", {})
    assert change.set["label_ids"] == ["3", "5"]
    deleted = row_of(webhook(MERGED, merged_to_id=None))
    assert deleted.change == RecordChange(
        "person", Op.DELETE, was={"id": 302, "name": "G. Hopper", "org_id": 88}
    )


def test_a_record_that_is_deleted_by_a_merge_says_into_which() -> None:
    change = row_of(MERGED).change
    assert change is not None
    assert (change.op, change.merged_into) == (Op.MERGE, "301")


@pytest.mark.parametrize(
    ("meta", "kind"),
    [
        ({}, ActorKind.USER),
        ({"change_source": "api"}, ActorKind.API),
        ({"is_bulk_edit": True}, ActorKind.API),
        ({"change_source": "mystery"}, ActorKind.API),
        ({"change_source": None}, ActorKind.UNKNOWN),
        ({"user_id": None}, ActorKind.API),
    ],
)
def test_only_single_changes_in_the_app_are_a_persons(
    meta: dict[str, object], kind: ActorKind
) -> None:
    row = row_of(webhook(CHANGE, **meta))
    assert row.actor_kind is kind
    assert row.person.user_id == ("" if "user_id" in meta else "18487521")


def test_a_webhook_that_comes_again_has_the_same_key() -> None:
    """Cases 1, 3 and 5: also on another attempt."""
    first, again = row_of(CHANGE), row_of(webhook(attempt=4))
    assert first.sender_key == again.sender_key
    assert first.context == again.context
    assert row_of(webhook(id="other")).sender_key != first.sender_key
    assert row_of(webhook(webhook_id="992")).sender_key != first.sender_key


def test_times_are_text_or_seconds() -> None:
    """Case 14."""
    assert row_of(webhook(timestamp=1_795_348_740)).occurred_at_ms == 1_795_348_740_000
    for ambiguous in (1_795_348_740_000, "2026-11-22T11:59:00"):
        delivery = parsed(pipedrive, request(webhook(timestamp=ambiguous)))
        assert [each.reason for each in delivery.rejections] == [Reason.AMBIGUOUS_TIME]


def test_ids_may_be_numbers() -> None:
    row = row_of(webhook(entity_id=4711, user_id=18487521, company_id=10203040))
    assert (row.record_id, row.person.user_id, row.tenant_named) == (
        "4711",
        "18487521",
        "10203040",
    )


def test_an_action_that_is_new_is_kept() -> None:
    """Case 21."""
    row = row_of(webhook(action="archive", shelf="top"))
    assert (row.name, row.change, row.context["shelf"]) == ("deal.archive", None, "top")


@pytest.mark.parametrize(
    "body", [b"{}", b'{"meta": 1}', b'{"meta": {}}', webhook(entity_id=[]), webhook(action=1)]
)
def test_what_is_no_webhook_is_kept_in_quarantine(body: bytes) -> None:
    delivery = parsed(pipedrive, request(body))
    assert [(each.reason, each.original) for each in delivery.rejections] == [
        (Reason.INVALID_ROW, body)
    ]


def test_a_failure_is_never_answered_for_what_arrived() -> None:
    assert pipedrive.answer(request(), Rows()) is None
    with pytest.raises(RefusedError):
        parsed(pipedrive, request(b"not JSON"))
    assert keys(parsed(pipedrive, request(b"[]"))) == []
