"""Values of one field, typed, with what is known of each: a value, that it is empty, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

NO_RECORD: Final = -1
"""In place of a number or code where none is known."""


class FieldType(Enum):
    """What a field holds, and as what a column has it.

    TEXT: codes of `names`. REFERENCE: numbers of records of the type that is referred to. INSTANT:
    milliseconds UTC. DATE: days since 1970. MONEY: minor units, with codes of currencies. NUMBER:
    floats. INTEGER, BOOLEAN: as they are.
    """

    TEXT = "TEXT"
    REFERENCE = "REFERENCE"
    INSTANT = "INSTANT"
    DATE = "DATE"
    MONEY = "MONEY"
    NUMBER = "NUMBER"
    INTEGER = "INTEGER"
    BOOLEAN = "BOOLEAN"

    @property
    def dtype(self) -> type[np.generic]:
        """Of the array of values."""
        return _DTYPES.get(self, np.int64)

    @property
    def nothing(self) -> int:
        """What stands in the array of values where there is none."""
        return NO_RECORD if self in (FieldType.TEXT, FieldType.REFERENCE) else 0


_DTYPES: Final[dict[FieldType, type[np.generic]]] = {
    FieldType.NUMBER: np.float64,
    FieldType.BOOLEAN: np.bool_,
}


class Knowledge(IntEnum):
    """What is known of a value. Empty is known to be empty; before first sight it is UNKNOWN."""

    UNKNOWN = 0
    EMPTY = 1
    KNOWN = 2


@dataclass(frozen=True, slots=True, eq=False)
class FieldColumn:
    """The values of one field of several records, in the order of whoever asked for them.

    `values` are as their `FieldType` says, `type.nothing` where none is known; `knowledge` has
    codes of `Knowledge`. `names` are the texts, or the ids of the records, by code; the empty list
    for other types. Of money `currency` has codes of `currencies`, NO_RECORD where unknown.
    """

    type: FieldType
    values: NDArray[Any]
    knowledge: NDArray[np.uint8]
    names: Sequence[str] = ()
    currency: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    currencies: Sequence[str] = ()

    def __len__(self) -> int:
        """Number of values."""
        return len(self.values)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a value."""
        return np.equal(self.knowledge, Knowledge.KNOWN)

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Where it is known that there is none."""
        return np.equal(self.knowledge, Knowledge.EMPTY)

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """Where nothing is known."""
        return np.equal(self.knowledge, Knowledge.UNKNOWN)

    def equal_to(self, *texts: str) -> NDArray[np.bool_]:
        """Where a TEXT or REFERENCE is known to be one of these."""
        # The last entry is that of no code at all.
        is_wanted = np.zeros(len(self.names) + 1, bool)
        is_wanted[[code for code, name in enumerate(self.names) if name in texts]] = True
        found: NDArray[np.bool_] = is_wanted[self.values] & self.known
        return found

    def rows(self, wanted: NDArray[np.bool_] | NDArray[np.int64]) -> "FieldColumn":
        """Some of the values, by mask or by index."""
        return FieldColumn(
            self.type,
            self.values[wanted],
            self.knowledge[wanted],
            self.names,
            self.currency[wanted] if len(self.currency) else self.currency,
            self.currencies,
        )

    def value(self, row: int) -> str | int | float | bool | None:
        """One value as Python has it, texts and ids by name; None unless it is known."""
        if self.knowledge[row] != Knowledge.KNOWN:
            return None
        value: int | float | bool = self.values[row].item()
        return self.names[int(value)] if self.type.nothing == NO_RECORD else value
