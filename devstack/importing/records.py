"""The rows of a file as the values of fields, and what cannot be read as one."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from operator import itemgetter
from typing import Any, Final, Generic, Protocol, TypeVar, cast

import msgspec

from devstack.importing.files import MAX_LINE, Lines, RowFile
from devstack.importing.mapping import FIELDS, Mapping, Values
from devstack.importing.turned_away import TurnedAwayError, Why
from shared.metrics.domain.errors import BadInputError

MAX_CELL: Final = 500_000
"""Characters. Ends a cell whose closing quote is missing before it swallows the whole file."""

_PEEKED_CHARACTERS: Final = 1_000_000
_PEEKED_LINES: Final = 1_000
"""Lines of a JSON file in which every mapped column must occur at least once."""

_LINE_CUT: Final = TurnedAwayError(Why.LINE_TOO_LONG, f"a line is over {MAX_LINE:,} characters")
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)


class Shape(Protocol[V_co]):
    """What is made of a row."""

    def check(self, present: Sequence[str], file: object) -> None:
        """Raise BadInputError if the file has not the columns that are needed."""
        ...

    def of_header(self, header: list[str]) -> Callable[[list[str]], V_co]:
        """What makes it of the cells of CSV with such a header."""
        ...

    def of_object(self, fields: dict[str, Any]) -> V_co:
        """Make it of an object of JSON; TurnedAwayError if it cannot be."""
        ...


class MappedShape:
    """The values of FIELDS, as a mapping picks them."""

    def __init__(self, mapping: Mapping) -> None:
        self.check = mapping.check
        self._mapping = mapping
        self._columns = [mapping.columns.get(name) for name in FIELDS]
        self._values = [mapping.constants.get(name, "") for name in FIELDS]

    def of_header(self, header: list[str]) -> Callable[[list[str]], Values]:
        """See `Shape`."""
        # The fixed values are appended to every row, so that one itemgetter picks everything.
        mapping, width = self._mapping, len(header)
        constants = list(mapping.constants.values())
        places = {name: width + at for at, name in enumerate(mapping.constants)}
        places |= {name: header.index(column) for name, column in mapping.columns.items()}
        pick = cast("Callable[[list[str]], Values]", itemgetter(*(places[name] for name in FIELDS)))

        def picked(row: list[str]) -> Values:
            row.extend(constants)
            return pick(row)

        return picked

    def of_object(self, fields: dict[str, Any]) -> Values:
        """See `Shape`."""
        return cast(
            "Values",
            tuple(
                fixed if column is None else _text(column, fields.get(column))
                for column, fixed in zip(self._columns, self._values, strict=True)
            ),
        )


class Records(Protocol[V_co]):
    """The rows of a file, in its order."""

    def __iter__(self) -> Iterator[V_co | TurnedAwayError]:
        """The values of each row, or why it cannot be read. Blank lines are no rows."""
        ...

    def original(self) -> str:
        """The text of the row that was given out last."""
        ...


def records_of(file: RowFile, mapping: Mapping) -> Records[Values]:
    """The rows of a file; BadInputError if it has not the columns of the mapping."""
    return shaped(file, MappedShape(mapping))


def shaped(file: RowFile, shape: Shape[V]) -> Records[V]:
    """The rows of a file in a shape; BadInputError if it has not the columns of that."""
    return JsonRecords(file, shape) if file.is_json else CsvRecords(file, shape)


class CsvRecords(Generic[V]):
    """Rows of CSV (RFC 4180), of which the first one names the columns."""

    def __init__(self, file: RowFile, shape: Shape[V]) -> None:
        self._lines = Lines(file.text)
        self._reader = csv.reader(self._lines, strict=True)
        csv.field_size_limit(MAX_CELL)
        try:
            header = next(row for row in self._reader if row)
        except csv.Error as error:
            raise BadInputError(f"{file.path} is not CSV: {error}") from None
        self._width = len(header)
        shape.check(header, file.path)
        self._pick = shape.of_header(header)

    def __iter__(self) -> Iterator[V | TurnedAwayError]:
        """Read on after each row that is not CSV."""
        lines, pick, width = self._lines, self._pick, self._width
        while True:
            lines.clear()
            try:
                for row in self._reader:
                    if len(row) == width and not lines.was_cut:
                        yield pick(row)
                    elif row:
                        yield self._problem(row)
                    lines.clear()
            except csv.Error as error:
                yield _LINE_CUT if lines.was_cut else TurnedAwayError(Why.BAD_CSV, str(error))
            else:
                return

    def original(self) -> str:
        """The lines of the row."""
        return "".join(self._lines.taken)

    def _problem(self, row: list[str]) -> TurnedAwayError:
        if self._lines.was_cut:
            return _LINE_CUT
        detail = f"{len(row)} columns instead of {self._width}"
        return TurnedAwayError(Why.WRONG_COLUMNS, detail)


class JsonRecords(Generic[V]):
    """One JSON object a line."""

    def __init__(self, file: RowFile, shape: Shape[V]) -> None:
        self._lines = Lines(file.text)
        self._rest = iter(self._lines)
        self._shape = shape
        self._peeked = self._peek(file)
        self._line = ""

    def __iter__(self) -> Iterator[V | TurnedAwayError]:
        """Read on after each line that is not an object."""
        lines = self._lines
        for line in chain(self._peeked, self._rest):
            self._line = line
            if line.isspace():
                continue
            try:
                yield _LINE_CUT if lines.was_cut else self._read(line)
            except TurnedAwayError as problem:
                yield problem
            lines.clear()

    def original(self) -> str:
        """The line."""
        return self._line

    def _read(self, line: str) -> V:
        try:
            fields = _decode_object(line)
        except UnicodeEncodeError:
            raise TurnedAwayError(Why.NOT_UTF8, "bytes that are not UTF-8") from None
        except (ValueError, RecursionError) as error:
            raise TurnedAwayError(Why.BAD_JSON, str(error)) from None
        return self._shape.of_object(fields)

    def _peek(self, file: RowFile) -> list[str]:
        """The first lines; BadInputError if there is no object in them, or not every column."""
        peeked: list[str] = []
        columns: dict[str, None] = {}
        characters = 0
        for line in self._rest:
            peeked.append(line)
            characters += len(line)
            with suppress(ValueError, RecursionError):
                columns |= dict.fromkeys(_decode_object(line))
            if len(peeked) == _PEEKED_LINES or characters > _PEEKED_CHARACTERS:
                break
        self._lines.clear()
        if not columns:
            raise BadInputError(f"{file.path} is not JSON lines: give one JSON object a line")
        self._shape.check(list(columns), file.path)
        return peeked


def _text(column: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    detail = f"{column} is {type(value).__name__}, not text or a whole number"
    raise TurnedAwayError(Why.BAD_VALUE, detail)
