"""Salesforce's change events as relayed over HTTP."""

import json
from typing import Any

import pytest

from functions.ingest.requests import RefusedError
from functions.ingest.rows import Reason, Rows
from functions.ingest.sent_rows import SentRow
from functions.ingest.sources import salesforce
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, Precision, RecordChange
from tests.unit.ingest.sources.deliveries import fixture, keys, parsed, request

UPDATE = fixture("salesforce/opportunity_update.json")
RELAYED = fixture("salesforce/contact_create_relayed.json")
GAP = fixture("salesforce/gap.json")


def event(
    given: bytes = UPDATE, values: dict[str, object] | None = None, **header: object
) -> bytes:
    """A change event with fields of the record and of its header replaced (None: left out)."""
    fields: dict[str, Any] = json.loads(given)
    payload = fields["payload"] | (values or {})
    changed = payload["ChangeEventHeader"] | header
    payload["ChangeEventHeader"] = {
        name: value for name, value in changed.items() if value is not None
    }
    return json.dumps(fields | {"payload": payload}).encode()


def row_of(body: bytes) -> SentRow:
    return parsed(salesforce, request(body)).rows[0]


def test_an_event_is_a_row_for_each_of_its_records() -> None:
    rows = parsed(salesforce, request(UPDATE)).rows
    change = RecordChange(
        "Opportunity",
        Op.UPDATE,
        {
            "StageName": "Closed Won",
            "Amount": 12000.5,
            "NextStep": None,
            "LastModifiedDate": "2026-11-22T11:58:00Z",
        },
        sequence=1,
    )
    assert [(row.record_id, row.change) for row in rows] == [
        ("0065f00000AbCdEAAV", change),
        ("0065f00000AbCdFAAV", change),
    ]
    assert rows[0].name == "Opportunity.UPDATE"
    assert rows[0].occurred_at_ms == 1_795_348_680_000
    assert (rows[0].signal, rows[0].actor_kind) == (Signal.CHANGE, ActorKind.USER)
    assert rows[0].person.user_id == "0055f000005mc66AAA"
    assert rows[0].fields["StageName"] == "Closed Won"
    assert rows[0].context["diffFields"] == ["Description"]


def test_an_event_in_the_envelope_of_a_bus_is_the_same() -> None:
    row = row_of(RELAYED)
    assert row.change == RecordChange(
        "Contact",
        Op.CREATE,
        {"Name.FirstName": "Grace", "Name.LastName": "Hopper", "AccountId": "0015f00002J9YYEAA3"},
        sequence=2,
    )
    assert (row.record_id, row.account_id) == ("0035f00000XyZ12AAF", "0015f00002J9YYEAA3")
    assert row.tenant_named == "00D5f000000ABCDEA4"
    payload = json.loads(RELAYED)["detail"]["payload"]
    for envelope in (payload, {"payload": payload}, {"data": {"payload": payload}}):
        again = row_of(json.dumps(envelope).encode())
        assert (again.change, again.sender_key) == (row.change, row.sender_key)
        assert again.tenant_named == ""


@pytest.mark.parametrize(
    ("origin", "user", "kind"),
    [
        ("com/salesforce/api/soap/65.0;client=SfdcInternalAPI/", "005", ActorKind.USER),
        ("", "005", ActorKind.USER),
        (None, "005", ActorKind.USER),
        ("com/salesforce/api/rest/65.0;client=Astro", "005", ActorKind.API),
        ("com/salesforce/api/soap/65.0", "005", ActorKind.API),
        ("com/salesforce/api/bulkapi/65.0", "005", ActorKind.IMPORT),
        ("", None, ActorKind.UNKNOWN),
    ],
)
def test_only_changes_on_salesforces_own_pages_are_a_persons(
    origin: str | None, user: str | None, kind: ActorKind
) -> None:
    row = row_of(event(changeOrigin=origin, commitUser=user))
    assert (row.actor_kind, row.person.user_id) == (kind, user or "")


@pytest.mark.parametrize(
    ("change_type", "op"),
    [
        ("CREATE", Op.CREATE),
        ("UPDATE", Op.UPDATE),
        ("DELETE", Op.DELETE),
        ("UNDELETE", Op.RESTORE),
    ],
)
def test_types_of_changes(change_type: str, op: Op) -> None:
    for prefix in ("", "GAP_"):
        change = row_of(event(changeType=f"{prefix}{change_type}")).change
        assert change is not None
        assert change.op is op


def test_of_a_gap_it_is_known_that_something_was_changed_by_then() -> None:
    row = row_of(GAP)
    assert row.change == RecordChange("Account", Op.UPDATE, sequence=1, precision=Precision.BOUNDED)
    assert (row.signal, row.actor_kind) == (Signal.CHANGE, ActorKind.UNKNOWN)
    assert row.context["changeType"] == "GAP_UPDATE"


@pytest.mark.parametrize(
    ("change_type", "record_id"),
    [("GAP_OVERFLOW", "000000000000000AAA"), ("UPDATE", "001*"), ("SNAPSHOT", "001000000000001")],
)
def test_what_is_not_about_single_records_is_no_change_of_one(
    change_type: str, record_id: str
) -> None:
    row = row_of(event(GAP, changeType=change_type, recordIds=[record_id]))
    assert (row.change, row.record_id) == (None, "")
    assert (row.signal, row.actor_kind) == (Signal.SYSTEM, ActorKind.UNKNOWN)
    assert row.name == f"Account.{change_type}"
    assert row.context["recordIds"] == record_id


def test_fields_that_did_not_change_were_not_written() -> None:
    """Some relays give all fields, null if they did not change."""
    change = row_of(event(values={"Name": "Forty seats", "CampaignId": None})).change
    assert change is not None
    assert change.set.keys() == {"StageName", "Amount", "NextStep", "LastModifiedDate"}
    compound = row_of(
        event(
            values={"BillingAddress": {"City": "Ulm", "Street": None}},
            changedFields=["BillingAddress"],
            nulledFields=None,
            diffFields=None,
        )
    ).change
    assert compound is not None
    assert compound.set == {"BillingAddress.City": "Ulm", "BillingAddress.Street": None}


def test_an_event_without_the_list_of_changed_fields_has_those_with_a_value() -> None:
    change = row_of(event(changedFields=None, nulledFields=None, diffFields=None)).change
    assert change is not None
    assert change.set.keys() == {"StageName", "Amount", "Description", "LastModifiedDate"}


def test_an_event_that_comes_again_has_the_same_keys() -> None:
    """Cases 1, 3 and 5."""
    usual = keys(parsed(salesforce, request(UPDATE)))
    assert len(set(usual)) == 2
    assert keys(parsed(salesforce, request(event(commitNumber=1)))) == usual
    for other in ({"transactionKey": "x"}, {"sequenceNumber": 2}):
        assert set(keys(parsed(salesforce, request(event(**other))))).isdisjoint(usual)
    assert set(keys(parsed(salesforce, request(event(transactionKey=None))))) == {None}


def test_what_is_kept_of_a_row_is_that_row_alone() -> None:
    for row in parsed(salesforce, request(UPDATE)).rows:
        again = parsed(salesforce, request(row.original)).rows
        assert [(each.sender_key, each.change) for each in again] == [(row.sender_key, row.change)]


def test_short_ids_are_the_long_ones() -> None:
    row = row_of(event(recordIds=["0065f00000AbCdE"], commitUser="0055f000005mc66"))
    assert (row.record_id, row.person.user_id) == ("0065f00000AbCdEAAV", "0055f000005mc66AAA")


def test_several_events_answer_for_themselves() -> None:
    """Case 20."""
    bad = [b"{}", b'{"payload": 1}', b'{"ChangeEventHeader": {}}', event(commitTimestamp="x")]
    body = b"[" + b",".join([UPDATE, *bad, GAP]) + b"]"
    delivery = parsed(salesforce, request(body))
    assert len(delivery.rows) == 3
    assert [each.index for each in delivery.rejections] == [2, 3, 4, 5]
    assert {each.reason for each in delivery.rejections} == {Reason.INVALID_ROW}


def test_more_records_than_a_delivery_may_have_are_refused() -> None:
    """Case 15."""
    for body in (
        event(recordIds=["001"] * 10_001),
        event(values={"x": "x" * 9_000}, recordIds=["001"] * 5_000),
    ):
        with pytest.raises(RefusedError) as caught:
            parsed(salesforce, request(body))
        assert caught.value.status == 413


def test_the_usual_answer_will_do() -> None:
    assert salesforce.answer(request(content_type="application/json"), Rows()) is None
