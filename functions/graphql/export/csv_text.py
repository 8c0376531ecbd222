"""A table as CSV (RFC 4180) that a spreadsheet takes for data and never for a formula.

A text that begins as a formula does gets an apostrophe before it, and so does one behind a
semicolon or tab in a text, since spreadsheets of many countries end a cell there. A text that
begins with apostrophes and then as a formula gets one more: so what was written can be told from
what is read, by taking the same apostrophes away. Numbers are never texts: -3 stays a number.
"""

import json
import re
from typing import Final

from functions.graphql.export.table import Table

BYTE_ORDER_MARK: Final = "\ufeff"

_FORMULA: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
"""What formulas begin with, in full and small width too."""

GUARDED: Final = re.compile(
    rf"(?:(?:\A|(?<=[;\t\r\n]))(?=[\s'\ufeff]*[{_FORMULA}])|\A(?='*[\t\r\n]))"
)
"""Where an apostrophe is put in a text."""

_QUOTED: Final = re.compile(r'[",;\s]|\A\Z')
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NEW_LINE: Final = "\r\n"


def csv_text(table: Table, *, byte_order_mark: bool = False) -> str:
    """The table with a header row. What is null is an empty cell, an empty text is `""`; flags are
    `true` and `false`, lists are JSON. With a byte order mark some spreadsheets know it is UTF-8.
    """
    lines = [_line(tuple(column.name for column in table.columns))]
    lines += [_line(row) for row in table.rows()]
    text = _NEW_LINE.join([*lines, ""])
    return BYTE_ORDER_MARK + text if byte_order_mark else text


def _line(values: tuple[object, ...]) -> str:
    # A row of one empty cell would be an empty line, which readers skip.
    return ",".join(map(_cell, values)) or '""'


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text_cell(value)
    if isinstance(value, list):
        return _text_cell(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return json.dumps(value)


def _text_cell(text: str) -> str:
    # A name with half of a surrogate pair cannot be encoded.
    text = GUARDED.sub("'", _SURROGATE.sub("\ufffd", text))
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
