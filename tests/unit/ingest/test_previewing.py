"""What a payload would become, before a mapping is switched on."""

import json

import pytest

from functions.ingest.previewing import PreviewedRow, Sample, preview
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.event_mapping import EventMapping, MappingRule
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import Tenant
from tests.faults.world import NOON_MS
from tests.unit.ingest.fake_formats import KEYED, SIGNED, use_fakes

TENANT = Tenant(name="acme", time_zone="UTC")
ROW = {"name": "Deals", "sender_key": "k1", "occurred_at_ms": NOON_MS}


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fakes(monkeypatch)


def previewed(
    rows: object, kind: SourceKind = SIGNED, mapping: EventMapping | None = None
) -> list[PreviewedRow]:
    source = Source(source_id="src", tenant="acme", kind=kind, created_at_ms=0)
    body = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    return preview(source, mapping, TENANT, Sample(body), NOON_MS)


def features(rows: list[PreviewedRow]) -> list[str]:
    return [row.event.feature if row.event else "" for row in rows]


def test_rows_come_in_the_order_of_the_sample_events_and_rejections_alike() -> None:
    rows = previewed(["bad", ROW, "bad", {**ROW, "name": "x" * 1_025}, {**ROW, "name": "Leads"}])
    assert [row.index for row in rows] == [0, 1, 2, 3, 4]
    assert features(rows) == ["", "Deals", "", "", "Leads"]
    reasons = [row.rejection.reason.value for row in rows if row.rejection]
    assert reasons == ["invalid_row", "invalid_row", "too_long"]


def test_a_mapping_is_tried_in_place_of_the_sources_own() -> None:
    rules = EventMapping((MappingRule(name="Deals", feature="Pipeline"),))
    assert features(previewed([ROW], mapping=rules)) == ["Pipeline"]
    body = {"api_key": "none is needed", "batch": [ROW]}
    assert features(previewed(body, KEYED, rules)) == ["Pipeline"]


def test_what_has_no_time_would_get_that_of_now() -> None:
    [row] = previewed([{**ROW, "occurred_at_ms": None}])
    assert row.event is not None
    assert row.event.occurred_at_ms == NOON_MS


def test_our_own_format_is_shown_too() -> None:
    row = {"user_id": "ann", "occurred_at": NOON_MS, "feature": "Leads"}
    assert features(previewed({"events": [row]}, SourceKind.NATIVE)) == ["Leads"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\xff", "would be refused: the body cannot be read"),
        (b"{}", "would be refused: the body is not a list"),
        (["bad"] * 101, "has 101 rows; it may have 100"),
        (["bad"] * 10_001, "would be refused: 10,001 rows"),
    ],
)
def test_a_sample_that_cannot_be_shown_says_why(body: object, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        previewed(body)
    assert refused.value.field == "sample"
