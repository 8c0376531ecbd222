"""Which column, or which fixed value, fills which field of an event."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.events import DEFAULT_ACTION, ActorKind, Signal

FIELDS: Final = (
    "user",
    "time",
    "feature",
    "property",
    "attribute",
    "action",
    "record",
    "account",
    "signal",
    "actor_kind",
)
"""In the order of the values of a row."""

Values = tuple[str, str, str, str, str, str, str, str, str, str]
"""One text for each of FIELDS; an absent one is `""`."""

_ALIASES: Final = {"user_id": "user", "record_id": "record", "account_id": "account"}
"""Their names in our wire format."""

_DEFAULTS: Final = {
    "action": DEFAULT_ACTION,
    "signal": Signal.ACTION.name,
    "actor_kind": ActorKind.USER.name,
}
_CLOSED: Final[dict[str, type[Enum]]] = {"signal": Signal, "actor_kind": ActorKind}
_NEEDED: Final = ("user", "time", "feature")


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns and fixed values of fields; every field is in one of the two."""

    columns: MappingOf[str, str]
    constants: MappingOf[str, str]

    def check(self, present: Sequence[str], file: object) -> None:
        """Raise BadInputError if a column is not there, or there twice."""
        for field, column in self.columns.items():
            found = present.count(column)
            if found != 1:
                problem = "no column" if not found else f"{found} columns"
                message = (
                    f"{file} has {problem} {column!r} (--{field}); "
                    f"its columns are: {', '.join(present)}"
                )
                raise BadInputError(message, field=field)


def mapping_of(columns: MappingOf[str, str | None], constants: Sequence[str]) -> Mapping:
    """A mapping from column names by field, and `name=value` texts; BadInputError if it is none."""
    named = {field: column for field, column in columns.items() if column is not None}
    fixed = dict(_constant(text) for text in constants)
    for field in fixed:
        if field in named:
            message = f"{field} has both a column, {named[field]!r}, and a fixed value"
            raise BadInputError(message, field=field)
    for field in _NEEDED:
        if field not in named and field not in fixed:
            hint = "" if field == "time" else f" (or a fixed one with --const {field}=…)"
            raise BadInputError(f"say which column is the {field}: --{field} COLUMN{hint}")
    rest = {field: _DEFAULTS.get(field, "") for field in FIELDS if field not in named}
    return Mapping(named, rest | fixed)


def _constant(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    field = _ALIASES.get(name, name)
    allowed = [known for known in FIELDS if known != "time"]
    if not separator or field not in allowed:
        message = f"--const {text!r} is not name=value with a name of: {', '.join(allowed)}"
        raise BadInputError(message, field="const")
    kinds = _CLOSED.get(field)
    if kinds and value not in kinds.__members__:
        message = f"--const {text!r}: {field} is one of {', '.join(kinds.__members__)}"
        raise BadInputError(message, field=field)
    return field, value
