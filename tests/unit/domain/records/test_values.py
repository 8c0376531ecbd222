"""What senders write, as fields have it; what cannot be used is listed."""

import pytest

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.record_changes import Value
from shared.metrics.domain.records.field_columns import FieldType
from shared.metrics.domain.records.field_maps import MappedField, ObjectMap, RecordMaps
from shared.metrics.domain.records.from_rows import ChangeRow, records_of
from shared.metrics.domain.records.listed_misses import listed_misses
from shared.metrics.domain.records.record_types import RecordType, Vocabulary
from shared.metrics.domain.records.typed_values import UnreadableError, typed
from tests.builders import instant_ms

DEAL = RecordType.DEAL
NOON = instant_ms("2026-02-03 12:00")


@pytest.mark.parametrize(
    ("field_type", "value", "expected"),
    [
        (FieldType.TEXT, "  won ", "won"),
        (FieldType.TEXT, 7, "7"),
        (FieldType.TEXT, 7.0, "7"),
        (FieldType.TEXT, True, "true"),
        (FieldType.TEXT, ["b", "a"], "a;b"),
        (FieldType.TEXT, [], None),
        (FieldType.REFERENCE, 12, "12"),
        (FieldType.INSTANT, "2026-02-03T13:00:00+01:00", NOON),
        (FieldType.INSTANT, "2026-02-03T12:00:00.000+0000", NOON),
        (FieldType.INSTANT, "2026-02-03 12:00", NOON),
        (FieldType.INSTANT, NOON, NOON),
        (FieldType.INSTANT, str(NOON), NOON),
        (FieldType.INSTANT, NOON // 1000, NOON),
        (FieldType.DATE, "2026-02-03", 20_487),
        (FieldType.DATE, "2026-02-03T23:00:00-05:00", 20_487),
        (FieldType.DATE, NOON, 20_487),
        (FieldType.MONEY, "10.50", 10_500),
        (FieldType.MONEY, 0.1, 100),
        (FieldType.MONEY, "0.0005", 0),
        (FieldType.MONEY, "0.0015", 2),
        (FieldType.NUMBER, "1e2", 100.0),
        (FieldType.INTEGER, "12", 12),
        (FieldType.INTEGER, 12.0, 12),
        (FieldType.BOOLEAN, "Yes", True),
        (FieldType.BOOLEAN, 0, False),
        (FieldType.BOOLEAN, "", None),
        (FieldType.NUMBER, None, None),
    ],
)
def test_a_value_is_of_its_fields_type(
    field_type: FieldType, value: Value, expected: object
) -> None:
    assert typed(field_type, value) == expected


@pytest.mark.parametrize(
    ("field_type", "value"),
    [
        (FieldType.INSTANT, "soon"),
        (FieldType.INSTANT, "2026-13-01"),
        (FieldType.DATE, "03/02/2026"),
        (FieldType.DATE, True),
        (FieldType.MONEY, "10,50"),
        (FieldType.MONEY, "NaN"),
        (FieldType.MONEY, 10**30),
        (FieldType.MONEY, 10**13),
        (FieldType.NUMBER, "many"),
        (FieldType.NUMBER, False),
        (FieldType.INTEGER, 1.5),
        (FieldType.BOOLEAN, "perhaps"),
        (FieldType.BOOLEAN, 2),
    ],
)
def test_what_is_of_another_type_cannot_be_read(field_type: FieldType, value: Value) -> None:
    with pytest.raises(UnreadableError):
        typed(field_type, value)


def test_a_map_makes_of_values_what_it_says() -> None:
    fields = {
        "status": MappedField("Phase", values={"Gewonnen": "WON"}, otherwise="OPEN"),
        "stage": MappedField("Phase"),
        "probability": MappedField("Prozent", divisor=100),
        "amount": MappedField("Cent", currency_from="Waehrung", in_minor_units=True),
        "region": MappedField("Gebiet"),
    }
    maps = RecordMaps.of(
        [ObjectMap("Chance", DEAL, fields)],
        vocabularies={Vocabulary.REGION: {"nord": "North"}},
    )
    said: list[dict[str, Value]] = [
        {"Phase": "gewonnen ", "Prozent": 15, "Cent": 1999, "Waehrung": "eur", "Gebiet": "Nord"},
        {"Phase": "Angebot", "Prozent": "?", "Cent": 5, "Waehrung": None, "Gebiet": "Mond"},
        {"Gebiet": "North"},
    ]
    rows = [ChangeRow("Chance", f"c{at}", at, fields) for at, fields in enumerate(said)]
    found = records_of(rows, maps=maps)
    table = found.table(DEAL)
    values = {
        name: [table.column(name).value(row) for row in range(3)]
        for name in ("status", "stage", "probability", "amount", "region")
    }
    assert values == {
        "status": ["WON", "OPEN", None],
        "stage": ["gewonnen", "Angebot", None],
        "probability": [0.15, None, None],
        "amount": [1999, None, None],
        "region": ["North", "Mond", "North"],
    }
    assert dict(listed_misses(found)) == {
        "deal.probability": {"unreadable": ["?"]},
        "deal.region": {"unmapped": ["Mond"]},
    }


def test_a_tenants_currency_is_that_of_money_without_one() -> None:
    maps = RecordMaps.of([], currency="KWD")
    found = records_of([ChangeRow(DEAL, "d", 1, {"amount": "1.2345"})], maps=maps)
    amount = found.table(DEAL).column("amount")
    assert (amount.value(0), amount.currencies[amount.currency[0]]) == (1234, "KWD")


def test_an_unknown_field_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(BadInputError, match=r"no field 'phase'; it has name, account"):
        records_of([]).history(DEAL, "phase")


def test_records_of_nothing_are_none() -> None:
    found = records_of([])
    assert len(found.table(DEAL)) == 0
    assert len(found.table(DEAL).column("amount")) == 0
    assert len(found.history(DEAL, "stage")) == 0
