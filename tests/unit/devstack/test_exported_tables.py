"""Tables as files, the queries that ask for them, and where they go."""

import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import parse
from graphql.validation import validate
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from devstack.exporting.output import STANDARD_OUTPUT, format_of, write
from devstack.exporting.queries import query_for, table_names
from devstack.exporting.tables import Format, written
from functions.graphql.complexity import ComplexityRule
from functions.graphql.export.exporting import types_of
from functions.graphql.export.table import Column, Kind, Table
from functions.graphql.schema import metrics_schema
from shared.metrics.domain.errors import BadInputError

SCHEMA = types_of(metrics_schema(introspection=True))
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.text(),
    Kind.WHOLE: st.integers(-(2**63), 2**63 - 1),
    Kind.REAL: st.floats(allow_nan=False),
    Kind.FLAG: st.booleans(),
    Kind.DAY: st.dates().map(date.isoformat),
    Kind.INSTANT: st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).map(  # noqa: DTZ001
        lambda at: at.isoformat(timespec="milliseconds") + "Z"
    ),
    Kind.LIST: st.lists(st.none() | st.integers() | st.text()),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows = draw(st.integers(0, 4))
    kinds = draw(st.lists(st.sampled_from(Kind), min_size=1, max_size=4))
    return Table(
        "view",
        [
            Column(
                f"column.{at}",
                kind,
                draw(st.lists(st.none() | VALUES[kind], min_size=rows, max_size=rows)),
            )
            for at, kind in enumerate(kinds)
        ],
    )


@given(tables())
def test_json_lines_are_the_values(table: Table) -> None:
    lines = written(table, Format.JSON_LINES).decode("ascii").splitlines()
    names = [column.name for column in table.columns]
    wanted = [dict(zip(names, row, strict=True)) for row in table.rows()]
    assert [json.loads(line) for line in lines] == wanted


def read_back(kind: Kind, value: Any) -> Any:  # noqa: ANN401
    """A value of Parquet as the API would write it."""
    if value is None:
        return None
    if kind is Kind.DAY:
        return value.isoformat()
    if kind is Kind.INSTANT:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    return json.loads(value) if kind is Kind.LIST else value


@given(tables())
def test_parquet_has_the_values_with_their_types(table: Table) -> None:
    found = parquet.read_table(io.BytesIO(written(table, Format.PARQUET)))
    assert found.column_names == [column.name for column in table.columns]
    for column in table.columns:
        values = found.column(column.name).to_pylist()
        assert [read_back(column.kind, value) for value in values] == column.values


def test_csv_may_have_a_byte_order_mark() -> None:
    table = Table("view", [Column("name", Kind.TEXT, ["ü", "=1"])])
    assert written(table, Format.CSV) == "name\r\nü\r\n'=1\r\n".encode()
    assert written(table, Format.CSV, byte_order_mark=True).startswith(b"\xef\xbb\xbfname")


def test_without_pyarrow_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    table = Table("view", [Column("name", Kind.TEXT, [])])
    with pytest.raises(BadInputError, match=r"crm-usage-metrics\[parquet\]"):
        written(table, Format.PARQUET)
    assert written(table, Format.CSV) == b"name\r\n"


@pytest.mark.parametrize(
    ("text", "output", "wanted"),
    [
        (None, "-", Format.CSV),
        (None, "a.CSV", Format.CSV),
        (None, "a.jsonl", Format.JSON_LINES),
        (None, "a.ndjson", Format.JSON_LINES),
        (None, "a.parquet", Format.PARQUET),
        (None, "a.txt", Format.CSV),
        ("jsonl", "a.csv", Format.JSON_LINES),
    ],
)
def test_the_format_is_the_one_named_or_that_of_the_file(
    text: str | None, output: str, wanted: Format
) -> None:
    assert format_of(text, Path(output)) is wanted


def test_another_format_is_told() -> None:
    with pytest.raises(BadInputError, match="'xlsx'; there are csv, jsonl, parquet"):
        format_of("xlsx", STANDARD_OUTPUT)


def test_a_file_is_replaced_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.csv"
    write(b"one", Format.CSV, path)
    write(b"two", Format.CSV, path)
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(BadInputError, match="cannot be written"):
        write(b"three", Format.CSV, path / "below")
    assert path.read_bytes() == b"two"


def test_standard_output_gets_the_bytes_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii"))
    write("ü\r\n".encode(), Format.CSV, STANDARD_OUTPUT)
    assert printed.getvalue() == "ü\r\n".encode()


def test_parquet_is_not_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", terminal)
    with pytest.raises(BadInputError, match="--output"):
        write(b"PAR1", Format.PARQUET, STANDARD_OUTPUT)


def test_every_root_field_with_an_answer_has_a_table() -> None:
    assert SCHEMA.query_type is not None
    views = {name.partition(".")[0] for name in table_names(SCHEMA)}
    assert views == SCHEMA.query_type.fields.keys() - {"node"}


@pytest.mark.parametrize("name", table_names(SCHEMA))
def test_every_table_has_a_query(name: str) -> None:
    """It lacks nothing but arguments that only the caller can know."""
    text, variables = query_for(SCHEMA, name, {})
    assert variables == {}
    errors = [error.message for error in validate(SCHEMA, parse(text))]
    assert not [error for error in errors if "is required, but it was not provided" not in error]
    assert validate(SCHEMA, parse(text), [ComplexityRule]) == []


def test_a_table_is_asked_for_with_all_that_it_has() -> None:
    assert query_for(SCHEMA, "home.hitsByWeek", {}) == (
        "query { home { hitsByWeek { dates hits isPeak isPartial noData } } }",
        {},
    )


def test_arguments_go_to_the_field_that_takes_them() -> None:
    arguments = {"range": {"from": "2026-11-01", "to": "2026-11-02"}, "groupBy": "COUNTRY"}
    text, variables = query_for(SCHEMA, "hub.popularity.groups", arguments)
    assert variables == arguments
    assert text.startswith(
        "query ($range: RangeInput, $groupBy: PeopleAttribute) "
        "{ hub(range: $range) { popularity(groupBy: $groupBy) { groups {"
    )
    assert validate(SCHEMA, parse(text)) == []


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("nonsense", {}, "there are home, trends, "),
        ("home.nonsense", {}, "there are home, home.totalHits.members, "),
        ("home", {"interval": "DAY"}, "no argument 'interval'; it has comparison, "),
        ("home.topByHits.nodes", {}, "there is no table"),
    ],
)
def test_what_there_is_not_is_told(name: str, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        query_for(SCHEMA, name, arguments)
