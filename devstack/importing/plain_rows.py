"""Rows of a file with all their columns, for maps that pick from them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from devstack.importing.turned_away import TurnedAwayError, Why
from functions.ingest.flattening import flattened
from functions.ingest.rows import RowError
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.record_changes import Value

Row = Mapping[str, Value]

_PROPERTY: Final = "property"


class PlainRows:
    """The shape of rows with all their columns by name; of nested objects with dots between. Empty
    cells of CSV are None.

    With `histories` every row is one past value of one field: of the objects in that list, their
    own keys, the field's name as `property`, and the plain fields of the record.
    """

    def __init__(self, needed: Collection[str], histories: str = "") -> None:
        self._needed = needed
        self._histories = histories

    def check(self, present: Sequence[str], file: object) -> None:
        """Raise BadInputError if a column is not there, or there twice."""
        twice = {column for column in present if present.count(column) > 1}
        if twice:
            raise BadInputError(f"{file} has more than one column {min(twice)!r}")
        roots = {column.partition(".")[0] for column in present}
        if self._histories:
            missing = {self._histories} - roots
        else:
            missing = {each for each in self._needed if not {each, each.split(".")[0]} & roots}
            missing -= set(present)
        if missing:
            message = f"{file} has no column {min(missing)!r}; it has: {', '.join(present)}"
            raise BadInputError(message, field="map")

    def of_header(self, header: list[str]) -> Callable[[list[str]], list[Row]]:
        """See `Shape`."""

        def row(cells: list[str]) -> list[Row]:
            values = zip(header, cells, strict=True)
            return [{name: cell or None for name, cell in values}]

        return row

    def of_object(self, fields: dict[str, Any]) -> list[Row]:
        """See `Shape`."""
        try:
            if not self._histories:
                return [flattened(fields)]
            return list(self._past(fields))
        except RowError as error:
            raise TurnedAwayError(Why.BAD_VALUE, error.detail) from None

    def _past(self, fields: dict[str, Any]) -> Iterator[Row]:
        histories = fields.get(self._histories)
        if not isinstance(histories, dict):
            detail = f"{self._histories} is no object"
            raise TurnedAwayError(Why.BAD_VALUE, detail)
        own = flattened({key: each for key, each in fields.items() if not _is_nested(each)})
        for name, versions in histories.items():
            if not isinstance(versions, list) or not all(isinstance(v, dict) for v in versions):
                detail = f"{self._histories}.{name} is no list of past values"
                raise TurnedAwayError(Why.BAD_VALUE, detail)
            for version in versions:
                yield {**own, **flattened(version), _PROPERTY: name}


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list)
