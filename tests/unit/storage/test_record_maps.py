"""How a tenant's objects and fields are records: what is kept, and what is refused."""

import json
from typing import Any

import pytest

from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.vendor_maps import Vendor, maps_of
from shared.metrics.storage.record_maps import StoredRecordMaps, maps_document, maps_text
from tests.faults.memory_store import MemoryStore
from tests.faults.world import Clock

MAP: dict[str, Any] = {"object": "Chance", "type": "deal", "fields": {"stage": "Phase"}}


def document(**keys: object) -> bytes:
    return json.dumps(keys).encode()


def test_maps_come_back_as_they_were_put_and_not_over_those_of_someone_faster() -> None:
    stored = StoredRecordMaps(MemoryStore(Clock()), "acme")
    asked = maps_document(document(vendors=["stripe"], objects=[MAP], currency="EUR"))
    before = stored.get()
    assert stored.replace(asked, expected_version=before.version) == stored.get()
    assert maps_document(maps_text(stored.get().document)) == asked
    with pytest.raises(ConflictError):
        stored.replace(maps_document(document()), expected_version=before.version)


def test_a_tenants_own_map_stands_before_a_vendors_and_that_before_the_native_one() -> None:
    own = {**MAP, "object": "Opportunity"}
    maps = maps_document(document(vendors=["salesforce"], objects=[own])).maps()
    by_source = {each.source: each for each in maps.objects}
    assert by_source["Opportunity"].fields["stage"].source == "Phase"
    assert by_source["Lead"].fields["source"].source == "LeadSource"
    assert by_source["deal"].fields["stage"].source == "stage"


@pytest.mark.parametrize("vendor", Vendor)
def test_the_maps_of_every_vendor_can_be_used(vendor: Vendor) -> None:
    assert maps_of(vendor)
    maps = maps_document(document(vendors=[vendor.value])).maps()
    types = {each.record_type for each in maps.objects}
    assert types == set(RecordType)


@pytest.mark.parametrize(
    "wrong",
    [
        b"{",
        b"[]",
        document(vendor=["stripe"]),
        document(vendors=["siebel"]),
        document(objects=[MAP, MAP]),
        document(objects=[{**MAP, "type": "chance"}]),
        document(objects=[{**MAP, "fields": {"phase": "Phase"}}]),
        document(objects=[{**MAP, "fields": {"stage": {"from": "Phase", "divisor": 100}}}]),
        document(objects=[{**MAP, "fields": {"amount": {"from": "Wert", "divisor": 100}}}]),
        document(objects=[{**MAP, "fields": {"stage": {"from": "P", "currency_from": "C"}}}]),
        document(objects=[{**MAP, "fields": {"stage": {"from": "P", "people_of": "hubspot"}}}]),
        document(vendors=["hubspot", "zendesk"]),
        document(vocabularies={"colour": {}}),
        document(opening_hours={"MOON": []}),
        document(opening_hours={"MONDAY": [["9 am", "17:00"]]}),
        document(opening_hours={"MONDAY": [["17:00", "09:00"]]}),
        document(opening_hours={"MONDAY": [["09:00", "13:00"], ["12:00", "17:00"]]}),
        b" " * 300_000,
    ],
    ids=lambda wrong: wrong[:60].decode(),
)
def test_what_is_no_map_is_refused(wrong: bytes) -> None:
    with pytest.raises(BadInputError):
        maps_document(wrong)
