"""From the bytes of a file to the values of fields."""

import gzip
from pathlib import Path

import pytest

from devstack.importing.files import MAX_LINE, DamagedFileError, opened
from devstack.importing.mapping import Values, mapping_of
from devstack.importing.records import MAX_CELL, records_of
from devstack.importing.turned_away import TurnedAwayError
from shared.metrics.domain.errors import BadInputError

MAPPING = mapping_of({"user": "who", "time": "when", "feature": "what"}, ["account=a1"])
HEADER = "when,who,what\n"


def values(user: str, time: str, feature: str) -> Values:
    return (user, time, feature, "", "", "use", "", "a1", "ACTION", "USER")


def read(path: Path, content: bytes | str) -> list[tuple[Values | str, str]]:
    """What each row gives, values or the reason, and its original."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with opened(path) as file:
        records = records_of(file, MAPPING)
        return [
            (row.why.value if isinstance(row, TurnedAwayError) else row, records.original())
            for row in records
        ]


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    return tmp_path / "rows.csv"


@pytest.fixture
def json_file(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


def test_rows_of_csv_are_picked_by_the_header(csv_file: Path) -> None:
    rows = read(csv_file, HEADER + '1,ann,Leads\n\n2,"b, ""o"" b","Le\nads"\r\n3,ü😀,x')
    assert rows == [
        (values("ann", "1", "Leads"), "1,ann,Leads\n"),
        (values('b, "o" b', "2", "Le\nads"), '2,"b, ""o"" b","Le\nads"\r\n'),
        (values("ü😀", "3", "x"), "3,ü😀,x"),
    ]


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"\r\n\r\n", b""])
def test_a_mark_or_blank_lines_before_the_header_do_not_matter(
    csv_file: Path, start: bytes
) -> None:
    assert [row for row, _ in read(csv_file, start + HEADER.encode() + b"1,ann,x\r\n")] == [
        values("ann", "1", "x")
    ]


def test_a_row_that_cannot_be_read_costs_itself_alone(csv_file: Path) -> None:
    rows = read(
        csv_file, HEADER + '1,ann\n2,ann,x,more\n3,"an"n,x\n4,ann,x\n5,ann,"never closed\n6,ann,x\n'
    )
    assert rows == [
        ("wrong_columns", "1,ann\n"),
        ("wrong_columns", "2,ann,x,more\n"),
        ("bad_csv", '3,"an"n,x\n'),
        (values("ann", "4", "x"), "4,ann,x\n"),
        ("bad_csv", '5,ann,"never closed\n6,ann,x\n'),
    ]


def test_a_quote_that_is_never_closed_does_not_swallow_the_file(csv_file: Path) -> None:
    line = "1,ann,x\n"
    after = 2 * MAX_CELL // len(line)
    rows = [row for row, _ in read(csv_file, HEADER + '1,ann,"x\n' + line * after)]
    assert rows[0] == "bad_csv"
    assert set(rows[1:]) == {values("ann", "1", "x")}
    assert len(rows) > after // 3


def test_an_endless_line_is_cut_and_turned_away(csv_file: Path) -> None:
    rows = read(csv_file, HEADER + "1,ann," + "x," * MAX_LINE + "\n2,ann,x\n")
    assert [row for row, _ in rows] == ["line_too_long", values("ann", "2", "x")]
    assert len(rows[0][1]) == MAX_LINE


def test_gzip_is_told_by_its_content(csv_file: Path, tmp_path: Path) -> None:
    content = HEADER + "1,ann,x\n"
    assert read(csv_file, gzip.compress(content.encode())) == read(tmp_path / "b.gz", content)


def test_a_file_that_breaks_off_gives_its_rows_first(csv_file: Path) -> None:
    rows = "".join(f"{number},ann,x\n" for number in range(200_000))
    csv_file.write_bytes(gzip.compress((HEADER + rows).encode())[:-2_000])
    seen: list[object] = []
    with (
        opened(csv_file) as file,
        pytest.raises(DamagedFileError, match="cut off or damaged"),
    ):
        seen.extend(records_of(file, MAPPING))
    assert 100_000 < len(seen) < 200_000


def test_json_lines_are_read_by_name(json_file: Path) -> None:
    rows = read(
        json_file,
        '{"who": "ann", "when": 1, "what": "x", "more": [1]}\n'
        " \n"
        '{"when": "2", "what": true, "who": null}\n'
        '{"when": "3", "what": "x"}',
    )
    assert [row for row, _ in rows] == [
        values("ann", "1", "x"),
        values("", "2", "true"),
        values("", "3", "x"),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "bad_json"),
        (b"[1]", "bad_json"),
        (b'{"who": NaN}', "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"who": "\xff"}', "not_utf8"),
        (b'{"who": ["a"]}', "bad_value"),
        (b'{"who": 1.5}', "bad_value"),
        (b'{"who": "' + b"x" * MAX_LINE + b'"}', "line_too_long"),
    ],
)
def test_a_line_that_is_no_object_costs_itself_alone(
    json_file: Path, line: bytes, why: str
) -> None:
    good = b'{"who": "ann", "when": "1", "what": "x"}\n' * 1_000
    rows = [row for row, _ in read(json_file, good + line + b"\n" + good)]
    assert rows[1_000] == why
    assert set(rows[:1_000] + rows[1_001:]) == {values("ann", "1", "x")}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary data"),
        ("when,who,what\n".encode("utf-16"), "UTF-16"),
        (b'[{"who": 1}]', "a JSON array"),
        (b"{nothing}\n", "not JSON lines"),
        (b'{"who": 1, "when": 2}\n', "no column 'what' .* are: who, when"),
        (b"when;who;what\n", "no column 'who' .* are: when;who;what"),
        (b'"when,who', "not CSV"),
        (b"\x1f\x8b\x08junk", "cut off or damaged"),
    ],
)
def test_what_is_no_file_of_rows_is_said_at_once(
    csv_file: Path, content: bytes, message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        read(csv_file, content)


def test_a_file_that_cannot_be_opened_is_said_so(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(BadInputError, match="cannot be read"), opened(path):
            pass
