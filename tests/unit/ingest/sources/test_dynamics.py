"""Dynamics 365's webhooks."""

import json
from typing import Any

import pytest

from functions.ingest.rows import Reason, Rows
from functions.ingest.sent_rows import SentRow
from functions.ingest.sources import dynamics
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange
from tests.unit.ingest.sources.deliveries import fixture, parsed, request

UPDATE = fixture("dynamics/opportunity_update.json")
OWNER = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
RECORD = "9b2c1de0-1234-4c9a-8f00-aaaaaaaaaaaa"


def message(**fields: object) -> bytes:
    """A message with fields replaced (None: left out)."""
    changed: dict[str, Any] = json.loads(UPDATE) | fields
    return json.dumps(
        {name: value for name, value in changed.items() if value is not None}
    ).encode()


def parameters(**values: object) -> list[dict[str, object]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def reference(record_id: str) -> dict[str, object]:
    kind = "EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts"
    return {"__type": kind, "Id": record_id, "LogicalName": "systemuser"}


def option(number: int) -> dict[str, object]:
    kind = "OptionSetValue:http://schemas.microsoft.com/xrm/2011/Contracts"
    return {"__type": kind, "Value": number}


def row_of(body: bytes, **headers: str) -> SentRow:
    delivery = parsed(dynamics, request(body, **headers))
    assert (len(delivery.rows), delivery.rejections) == (1, [])
    return delivery.rows[0]


def test_an_update_has_what_was_written_and_what_was_before() -> None:
    row = row_of(UPDATE)
    assert row.change == RecordChange(
        "opportunity",
        Op.UPDATE,
        set={
            "opportunityid": RECORD,
            "salesstage": 2,
            "estimatedvalue": 12500.5,
            "ownerid": OWNER,
            "estimatedclosedate": "2026-12-15T00:00:00.000+00:00",
            "description": None,
        },
        was={"salesstage": 1, "estimatedvalue": 9000},
    )
    assert (row.name, row.record_id) == ("opportunity.UPDATE", RECORD)
    assert row.account_id == "77777777-0000-4000-8000-000000000001"
    assert row.occurred_at_ms == 1_795_348_680_000
    assert (row.signal, row.actor_kind) == (Signal.CHANGE, ActorKind.USER)
    assert row.person.user_id == OWNER
    assert row.tenant_named == "5a4e0b0f-0000-4000-8000-0000000000aa"
    assert row.fields["salesstage"] == 2
    assert row.context["Depth"] == 1


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"Depth": 2}, ActorKind.API),
        ({"Depth": 8}, ActorKind.API),
        ({"InitiatingUserId": None}, ActorKind.UNKNOWN),
    ],
)
def test_a_cascade_is_not_a_persons(fields: dict[str, object], kind: ActorKind) -> None:
    assert row_of(message(**fields)).actor_kind is kind


def test_a_created_and_a_deleted_record() -> None:
    created = row_of(message(MessageName="Create", PreEntityImages=[])).change
    assert created is not None
    assert (created.op, created.set["salesstage"], created.was) == (Op.CREATE, 2, {})
    target = parameters(Target=reference(RECORD))
    deleted = row_of(message(MessageName="Delete", InputParameters=target)).change
    assert deleted is not None
    assert (deleted.op, deleted.set, deleted.was["salesstage"]) == (Op.DELETE, {}, 1)


def test_assigning_and_setting_the_state_write_fields() -> None:
    given = parameters(Target=reference(RECORD), Assignee=reference("new-owner"))
    assigned = row_of(message(MessageName="Assign", InputParameters=given)).change
    assert assigned == RecordChange("opportunity", Op.UPDATE, {"ownerid": "new-owner"})
    given = parameters(EntityMoniker=reference(RECORD), State=option(1), Status=option(3))
    closed = row_of(message(MessageName="SetState", InputParameters=given)).change
    assert closed == RecordChange("opportunity", Op.UPDATE, {"statecode": 1, "statuscode": 3})


def test_a_merge_ends_the_subordinate() -> None:
    given = parameters(Target=reference("winner"), SubordinateId="loser")
    row = row_of(message(MessageName="Merge", InputParameters=given))
    assert row.record_id == "loser"
    assert row.change == RecordChange("opportunity", Op.MERGE, merged_into="winner")


def test_a_message_of_another_kind_is_kept() -> None:
    """Case 21."""
    row = row_of(message(MessageName="Win"))
    assert (row.name, row.change, row.record_id) == ("opportunity.Win", None, RECORD)


def test_a_message_that_was_too_large_is_a_change_of_unknown_fields() -> None:
    body = message(InputParameters=None, PreEntityImages=None, ParentContext=None)
    row = row_of(body, x_ms_dynamics_msg_size_exceeded="true")
    assert row.change == RecordChange("opportunity", Op.UPDATE)
    assert row.context["size_exceeded"] is True
    assert "size_exceeded" not in row_of(UPDATE).context


def test_a_message_that_comes_again_has_the_same_key() -> None:
    """Cases 1, 3 and 5."""
    first = row_of(UPDATE).sender_key
    assert row_of(message(RequestId="another attempt")).sender_key == first
    for other in (
        {"OperationId": "other"},
        {"CorrelationId": "other"},
        {"MessageName": "Create"},
        {"PrimaryEntityId": "other"},
    ):
        assert row_of(message(**other)).sender_key != first
    assert row_of(message(OperationId=None, CorrelationId=None)).sender_key is None


@pytest.mark.parametrize(
    ("created_on", "reason"),
    [
        ("/Date(1795348680)/", Reason.AMBIGUOUS_TIME),
        ("/Date(0)/", Reason.AMBIGUOUS_TIME),
        ("2026-11-22T11:58:00Z", Reason.INVALID_ROW),
        (1_795_348_680_000, Reason.INVALID_ROW),
    ],
)
def test_other_times_are_turned_away(created_on: object, reason: Reason) -> None:
    """Case 14."""
    delivery = parsed(dynamics, request(message(OperationCreatedOn=created_on)))
    assert [each.reason for each in delivery.rejections] == [reason]


@pytest.mark.parametrize(
    "value",
    [
        "/Date(63072000000)/",
        "/Date(-62135596800000)/",
        "/Date(999999999999999)/",
        [option(1), option(2)],
        {"__type": "AliasedValue:x", "Value": option(3)},
        {"__type": "EntityReference:x"},
        {"__type": 7, "Value": {}},
        [],
    ],
)
def test_attributes_of_any_type_are_kept(value: object) -> None:
    given = [{"key": "Target", "value": {"Attributes": [{"key": "a", "value": value}]}}]
    change = row_of(message(InputParameters=given)).change
    assert change is not None
    assert "a" in change.set


@pytest.mark.parametrize("given", [[{"key": 1}], [{}], [{"key": "Target", "value": 7}]])
def test_parameters_of_another_form_say_nothing(given: object) -> None:
    change = row_of(message(InputParameters=given, PreEntityImages=given)).change
    assert change == RecordChange("opportunity", Op.UPDATE)


def test_the_usual_answer_will_do() -> None:
    assert dynamics.answer(request(), Rows()) is None
