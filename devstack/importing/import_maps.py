"""What the rows of a file say of records: declared in JSON (docs/records.md)."""

from pathlib import Path
from typing import Final

import msgspec

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.record_changes import Op, Precision, Value

ROW: Final = "#row"
"""Stands for a column with the number of the row among those that can be read: it tells identical
rows apart.
"""

_MAX_BYTES: Final = 200_000


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that is the same in every row, that of a column, or the time in a column."""

    value: Value = None
    column: str = ""
    time: str = ""


class Operation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An operation by the text in a column; rows with another text say nothing."""

    column: str
    values: dict[str, Op]


class RowChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A change that every row tells of, or those `when` columns have one of some texts.

    `people_of` is the kind of source whose people the actors are (`MappedField`).
    `object` is a fixed name, `object_from` the column that has it. The id of the record is in the
    column `record`, or is made of several, joined by `#`. In `set` and `was` a text is a column.
    `set_prefix` and `was_prefix` take all columns that begin with it (`""`: all columns, but those
    of the id and the time), by the rest of their names. `field` is the column with the name of a
    field, whose value is in the column `value`, and in `was_value` before.
    """

    record: str | list[str]
    at: str
    object: str = ""
    object_from: str = ""
    op: Op | Operation = Op.UPDATE
    when: dict[str, list[str]] = {}
    actor: str = ""
    people_of: str = ""
    sequence: str = ""
    merged_into: str = ""
    precision: Precision = Precision.EXACT
    set: dict[str, str | Stated] = {}
    was: dict[str, str | Stated] = {}
    set_prefix: str | None = None
    was_prefix: str | None = None
    field: str = ""
    value: str = ""
    was_value: str = ""

    @property
    def record_columns(self) -> list[str]:
        """The columns that the id is made of."""
        return [self.record] if isinstance(self.record, str) else self.record

    def columns(self) -> frozenset[str]:
        """The columns that the file must have."""
        stated = [*self.set.values(), *self.was.values()]
        found = {each if isinstance(each, str) else each.column or each.time for each in stated}
        found |= {*self.record_columns, *self.when, self.at, self.object_from, self.actor}
        found |= {self.sequence, self.merged_into, self.field, self.value, self.was_value}
        if isinstance(self.op, Operation):
            found.add(self.op.column)
        return frozenset(found - {"", ROW})


class ImportMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All changes that a row tells of. `time_format` is that of times that are not ISO 8601, as
    `strptime` takes it. `histories` names the object of a JSON row that has the past values of
    fields in lists, of which each becomes a row.
    """

    changes: list[RowChange]
    time_format: str = ""
    histories: str = ""

    def check(self) -> None:
        """BadInputError if something is missing or too much."""
        for change in self.changes:
            if bool(change.object) == bool(change.object_from):
                message = "each change has an `object`, or an `object_from` a column; not both"
                raise BadInputError(message, field="map")
            if bool(change.field) != bool(change.value):
                message = "`field` and `value` name two columns together, or none"
                raise BadInputError(message, field="map")
            for each in [*change.set.values(), *change.was.values()]:
                if isinstance(each, Stated) and each.column and each.time:
                    message = f"{each.column} cannot be a text and a time at once"
                    raise BadInputError(message, field="map")


_decoder = msgspec.json.Decoder(ImportMap)


def import_map(path: Path) -> ImportMap:
    """The map in a file; BadInputError says what is wrong with it."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise BadInputError(f"the map {path} cannot be read: {error.strerror}") from None
    if len(text) > _MAX_BYTES:
        raise BadInputError(f"the map {path} is over {_MAX_BYTES:,} bytes")
    try:
        found = _decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{path} is no map of an import: {error}", field="map") from None
    found.check()
    return found
