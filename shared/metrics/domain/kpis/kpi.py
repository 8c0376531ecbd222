"""A KPI: its entry, and how its values come about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import Example
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import Aggregation, Flag, Reason

RowsOf: TypeAlias = Callable[[Scope], Rows]
"""The rows of a KPI, whatever their time: of which period they are is seen from `at_ms`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Values made of other values, cell by cell; nan is null. `nulls` tells further cells to be
    null, and why; what is null otherwise has an empty denominator. `flags` tell what to know of
    which cells.
    """

    value: Floats
    nulls: tuple[tuple[NDArray[np.bool_], Reason], ...] = ()
    flags: tuple[tuple[NDArray[np.bool_], Flag], ...] = ()


Combine: TypeAlias = Callable[[Sequence[Floats]], Outcome]
"""Makes values of those of other KPIs, given in the order of the parts."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Values that are counted from rows."""

    rows: RowsOf
    aggregation: Aggregation


@dataclass(frozen=True, slots=True)
class Derived:
    """Values that are made of those of other KPIs, in this order; where one of these is null, so is
    what is made of it, for the same reason.
    """

    parts: tuple[str, ...]
    combine: Combine


@dataclass(frozen=True, slots=True)
class Kpi:
    """A KPI of the registry. The grain of one that is counted is a record type."""

    entry: Entry
    values: Counted | Derived
    examples: tuple[Example, ...] = ()

    @property
    def key(self) -> str:
        """That of its entry."""
        return self.entry.key


def quotient(above: Floats, below: Floats) -> Floats:
    """A / b cell by cell; nan where b is 0 or either is null."""
    nothing = np.full(np.broadcast(above, below).shape, np.nan)
    found: Floats = np.divide(above, below, out=nothing, where=below != 0)
    return found
