"""Changes of records in our own wire format."""

from typing import Any

import pytest

from shared.metrics.columns.change_texts import change_of
from shared.metrics.domain.record_changes import Op, Precision, RecordChange
from tests.unit.ingest.service import Service, row

CHANGE: dict[str, Any] = {
    "object": "deal",
    "op": "UPDATE",
    "set": {"stage": "won", "amount": 10.5, "tags": ["a"], "note": None},
    "was": {"stage": "offer"},
    "sequence": 3,
    "precision": "BOUNDED",
}


def test_a_change_is_kept_with_its_event(service: Service) -> None:
    assert service.send(row(record_id="d1", change=CHANGE)).counts == (1, 1, 0)
    [event] = service.events()
    assert event.record_id == "d1"
    assert change_of(event.change) == RecordChange(
        "deal",
        Op.UPDATE,
        {"stage": "won", "amount": 10.5, "tags": ["a"], "note": None},
        {"stage": "offer"},
        3,
        precision=Precision.BOUNDED,
    )


def test_a_system_event_that_has_a_change_needs_no_feature(service: Service) -> None:
    without: dict[str, Any] = {"feature": None, "user_id": None, "record_id": "d1"}
    assert service.send(row(**without, signal="SYSTEM", change=CHANGE)).counts == (1, 1, 0)
    assert service.send(row(**without, signal="SYSTEM")).reasons == ["missing_feature"]
    assert service.send(row(**without, signal="CHANGE", change=CHANGE)).reasons == [
        "missing_feature"
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"object": ""},
        {"op": "DROP"},
        {"op": "MERGE"},
        {"merged_into": "d2"},
        {"set": {"stage": {"id": 1}}},
        {"sett": {}},
        {"precision": "GUESSED"},
    ],
)
def test_what_is_no_change_is_turned_away(service: Service, wrong: dict[str, Any]) -> None:
    assert service.send(row(record_id="d1", change={**CHANGE, **wrong})).reasons == ["invalid_row"]


def test_a_change_is_of_a_record(service: Service) -> None:
    assert service.send(row(change=CHANGE)).reasons == ["invalid_row"]
