"""Webhooks whose content an administrator writes: Freshsales, and Zoho's workflows."""

import json
from urllib.parse import urlencode

import pytest

from functions.ingest.requests import RefusedError
from functions.ingest.rows import Reason, Rows
from functions.ingest.sent_rows import SentRow
from functions.ingest.sources import freshsales, zoho, zoho_workflow
from functions.ingest.sources.wire_format import SignedFormat
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, Precision, RecordChange
from tests.unit.ingest.sources.deliveries import NEW, fixture, keys, parsed, request

DEAL = fixture("freshsales/deal.json")
FORM = "application/x-www-form-urlencoded"
FORMATS = [freshsales, zoho_workflow, zoho]


def filled(**fields: object) -> dict[str, object]:
    """What the template puts in, with fields replaced (None: left out)."""
    changed = json.loads(DEAL) | fields
    return {name: value for name, value in changed.items() if value is not None}


def row_of(**fields: object) -> SentRow:
    delivery = parsed(freshsales, request(json.dumps(filled(**fields)).encode()))
    assert (len(delivery.rows), delivery.rejections) == (1, [])
    return delivery.rows[0]


@pytest.mark.parametrize("form", FORMATS)
def test_what_has_no_meaning_of_its_own_is_a_field_of_the_record(form: SignedFormat) -> None:
    row = parsed(form, request(DEAL)).rows[0]
    assert row.change == RecordChange("deal", Op.UPDATE, {"deal_stage": "Won", "amount": "12000.0"})
    assert (row.name, row.record_id, row.account_id) == (
        "deal.UPDATE",
        "70001234567",
        "70000991122",
    )
    assert (row.person.user_id, row.actor_kind) == ("70000055501", ActorKind.USER)
    assert (row.signal, row.occurred_at_ms) == (Signal.CHANGE, 1_795_348_680_000)
    assert row.fields["deal_stage"] == "Won"


@pytest.mark.parametrize("form", FORMATS)
def test_every_encoding_of_a_row_is_the_same_row(form: SignedFormat) -> None:
    usual = parsed(form, request(DEAL)).rows[0]
    pairs = urlencode(filled())
    for given in (
        request(fixture("freshsales/deal.xml"), content_type="application/xml"),
        request(fixture("freshsales/deal.xml"), content_type="text/xml; charset=utf-8"),
        request(pairs.encode(), content_type=FORM),
        request(DEAL, content_type="text/plain"),
        request(DEAL, content_type=""),
        request(method="GET", query=f"{pairs}&key={NEW}", content_type=""),
        request(method="DELETE", query=f"key={NEW}&{pairs}", content_type=FORM),
    ):
        row = parsed(form, given).rows[0]
        assert (row.change, row.sender_key, row.person) == (
            usual.change,
            usual.sender_key,
            usual.person,
        )
        assert NEW not in repr(row)
        again = parsed(form, request(row.original, content_type=given.headers["content-type"]))
        assert again.rows == [row]


def test_a_template_that_names_nobody_is_a_change_by_nobody() -> None:
    row = row_of(user_id=None, user_email="")
    assert (row.person.user_id, row.actor_kind) == ("", ActorKind.UNKNOWN)
    by_mail = row_of(user_id=None)
    assert (by_mail.person.user_id, by_mail.actor_kind) == ("ada@example.com", ActorKind.USER)


def test_placeholders_that_were_not_filled_say_nothing() -> None:
    row = row_of(user_id="${Deals.Modified By}", user_email="{{user.email}}", amount="${x}")
    assert (row.person.user_id, row.change and row.change.set) == ("", {"deal_stage": "Won"})


def test_an_operation_that_is_not_said_is_the_state_of_the_record() -> None:
    for operation in (None, "", "archived"):
        change = row_of(operation=operation).change
        assert change is not None
        assert change.op is Op.SNAPSHOT
    for operation, op in (("Create", Op.CREATE), ("edit", Op.UPDATE), ("delete", Op.DELETE)):
        assert row_of(operation=operation).name == f"deal.{op.value}"


def test_without_a_time_it_is_that_of_arrival() -> None:
    row = row_of(occurred_at=None)
    assert row.occurred_at_ms is None
    assert row.change is not None
    assert row.change.precision is Precision.BOUNDED


@pytest.mark.parametrize(
    ("occurred_at", "reason"),
    [
        ("2026-11-22T11:58:00", Reason.AMBIGUOUS_TIME),
        ("22/11/2026 11:58 AM", Reason.INVALID_ROW),
        ("1795348680", Reason.INVALID_ROW),
    ],
)
def test_a_time_that_could_be_read_in_two_ways_is_turned_away(
    occurred_at: str, reason: Reason
) -> None:
    """Case 14."""
    body = json.dumps(filled(occurred_at=occurred_at)).encode()
    delivery = parsed(freshsales, request(body))
    assert [(each.reason, each.original) for each in delivery.rejections] == [(reason, body)]


def test_a_row_that_comes_again_has_the_same_key() -> None:
    """Cases 1 and 3."""
    assert row_of().sender_key == row_of(amount="1").sender_key is not None
    assert row_of(operation="delete").sender_key != row_of().sender_key
    assert row_of(event_id="1").sender_key == row_of(event_id=1, record_id="x").sender_key
    assert row_of(event_id="1").sender_key != row_of(event_id="2").sender_key
    assert row_of(occurred_at=None).sender_key is None
    assert row_of(record_id=None).sender_key is None


def test_several_rows_answer_for_themselves() -> None:
    """Case 20."""
    body = json.dumps([filled(), {"record_id": "1"}, 7, filled(record_id="2")]).encode()
    delivery = parsed(freshsales, request(body))
    assert [row.record_id for row in delivery.rows] == ["70001234567", "2"]
    assert [each.index for each in delivery.rejections] == [1, 2]
    assert len(set(keys(delivery))) == 2


def test_an_organisation_may_be_named() -> None:
    """Case 10."""
    assert row_of(organization="globex").tenant_named == "globex"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("content_type", "status"),
    [("multipart/form-data; boundary=x", 415), ("image/png", 415), ("application/xml", 400)],
)
def test_other_bodies_are_refused(form: SignedFormat, content_type: str, status: int) -> None:
    """Cases 17 and 19."""
    with pytest.raises(RefusedError) as caught:
        parsed(form, request(DEAL, content_type=content_type))
    assert caught.value.status == status


def test_a_bomb_of_entities_is_refused() -> None:
    bomb = (
        b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        b"<deal><module>&b;</module></deal>"
    )
    with pytest.raises(RefusedError) as caught:
        parsed(freshsales, request(bomb, content_type="application/xml"))
    assert caught.value.status == 400


def test_the_usual_answer_will_do() -> None:
    assert freshsales.answer(request(), Rows()) is None
    assert zoho_workflow.answer(request(), Rows()) is None
