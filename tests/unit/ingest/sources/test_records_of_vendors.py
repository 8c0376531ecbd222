"""What webhooks say of records, read by the usual maps of their vendors."""

from types import ModuleType
from typing import cast

import pytest

from functions.ingest.sources import hubspot, pipedrive, salesforce_cdc, stripe, zendesk
from functions.ingest.sources.wire_format import WireFormat
from shared.metrics.domain.records.change_log import ChangeEvent, log_of
from shared.metrics.domain.records.field_maps import RecordMaps
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.from_rows import weekday_calendar
from shared.metrics.domain.records.record_fields import FIELDS
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.vendor_maps import Vendor, maps_of
from tests.unit.ingest.sources.sending import fixture, request, rows


def records(vendor: Vendor, form: ModuleType, *names: str) -> FoldedRecords:
    """The records that recorded bodies tell of."""
    sent = [row for name in names for row in rows(cast("WireFormat", form), request(fixture(name)))]
    changes = [
        ChangeEvent(row.record_id, row.occurred_at_ms or 0, row.change)
        for row in sent
        if row.change is not None
    ]
    maps = RecordMaps.of([], maps_of(vendor), currency="EUR")
    return FoldedRecords(log_of(changes), maps, weekday_calendar("UTC"))


def values(found: FoldedRecords, record_type: RecordType, *names: str) -> list[dict[str, object]]:
    """The known values of fields, record by record."""
    table = found.table(record_type)
    columns = {name: table.column(name) for name in names}
    return [
        {name: column.value(row) for name, column in columns.items() if column.known[row]}
        for row in range(len(table))
    ]


WON: dict[str, object] = {"stage": "Closed Won", "status": "WON", "amount": 1_200_050}
TICKET: dict[str, object] = {
    "subject": "Export stops",
    "account": "8447346622462",
    "contact": "8447379990014",
    "owner": "zendesk:8447388090494",
    "team": "8447320466430",
    "status": "NEW",
    "priority": "HIGH",
    "category": "INCIDENT",
    "channel": "web_service",
    "created_at": 1_795_163_631_000,
}


@pytest.mark.parametrize(
    ("vendor", "form", "name", "record_type", "expected"),
    [
        (
            Vendor.HUBSPOT,
            hubspot,
            "hubspot/property_changes",
            RecordType.DEAL,
            [{"stage": "closedwon", "status": "WON"}],
        ),
        (Vendor.PIPEDRIVE, pipedrive, "pipedrive/deal_change", RecordType.DEAL, [{"stage": "4"}]),
        (
            Vendor.SALESFORCE,
            salesforce_cdc,
            "salesforce/opportunity_update",
            RecordType.DEAL,
            [WON, WON],
        ),
        (
            Vendor.STRIPE,
            stripe,
            "stripe/customer_created",
            RecordType.ACCOUNT,
            [{"name": "Bo Customer"}],
        ),
        (
            Vendor.STRIPE,
            stripe,
            "stripe/customer_subscription_updated",
            RecordType.SUBSCRIPTION,
            [{"status": "active"}],
        ),
        (Vendor.ZENDESK, zendesk, "zendesk/ticket_created", RecordType.TICKET, [TICKET]),
        (
            Vendor.ZENDESK,
            zendesk,
            "zendesk/ticket_status_changed",
            RecordType.TICKET,
            [{"status": "WAITING"}],
        ),
    ],
)
def test_a_recorded_body(
    vendor: Vendor,
    form: ModuleType,
    name: str,
    record_type: RecordType,
    expected: list[dict[str, object]],
) -> None:
    found = values(records(vendor, form, name), record_type, *FIELDS[record_type])
    assert found == expected


def test_merged_companies_of_hubspot_are_part_of_the_one_that_is_left() -> None:
    found = records(Vendor.HUBSPOT, hubspot, "hubspot/merge_and_association")
    assert found.table(RecordType.ACCOUNT).ids == ["88010"]
    ids = found.ids(RecordType.ACCOUNT)
    survivors = found.survivors(RecordType.ACCOUNT).tolist()
    merged = {"88001", "88002", "88003"}
    assert {ids[survivors[ids.index(each)]] for each in merged} == {"88010"}
