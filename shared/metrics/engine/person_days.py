"""What people did on the days of a span: days × people, from months and from single days."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind, read_bits, read_block
from shared.metrics.columns.month_arrays import MONTH_KIND_OF
from shared.metrics.domain.periods import Window
from shared.metrics.engine.span_sums import Placed
from shared.metrics.storage.blocks import Blocks
from shared.metrics.storage.months import Month

PRESENT: Final = (BlockKind.CORE, "present")
_WORTH_A_MONTH: Final = 0.4
"""Of a gathered month all days are read, so fewer than this share of them are read alone."""


@dataclass
class MonthBlocks:
    """The blocks of some months, by name; each is read once."""

    blocks: Blocks
    months: Mapping[str, Month]
    _known: dict[tuple[BlockKind, str], Arrays] = field(default_factory=dict)

    def of(self, kind: BlockKind, names: Collection[str]) -> list[Arrays]:
        """The blocks of a kind of some of the months, in their order; who was there, as bits."""
        missing = {
            name: (self.months[name].attempt, self.months[name].parts[kind.value])
            for name in names
            if (kind, name) not in self._known
        }
        read = read_bits if kind is BlockKind.MONTH_PRESENT else read_block
        for name, body in self.blocks.read(kind, missing).items():
            self._known[kind, name] = read(body)
        return [self._known[kind, name] for name in names]


class PersonDays:
    """The columns of the days of a span by person, `width` of them. `alone` answers the arrays of
    a kind of some days, by date.
    """

    def __init__(
        self,
        span: Window,
        width: int,
        placed: Sequence[Placed],
        days: Collection[date],
        months: MonthBlocks,
        alone: Callable[[BlockKind, Collection[date]], Mapping[date, Arrays]],
    ) -> None:
        self._first = span.first.toordinal()
        self._width = width
        self._placed = placed
        self._days = days
        self._months = months
        self._alone = alone
        self._present: dict[Window, NDArray[np.uint8]] = {}

    def matrix(
        self,
        kind: BlockKind,
        column: str,
        dtype: type[np.generic],
        window: Window,
        people: NDArray[np.int64] | None = None,
    ) -> NDArray[Any]:
        """A column as days × people over a window: of everyone, or of some, by number."""
        if (kind, column) == PRESENT:
            flags = np.unpackbits(self.present_sets(window), axis=1, count=self._width)
            return of_people(flags.view(np.bool_), people)
        width = self._width if people is None else len(people)
        table = np.zeros((window.length, width), dtype)
        placed, alone = self._parts(kind, column, window)
        for rows, values in placed:
            of_those = of_people(values, people)
            table[rows, : of_those.shape[1]] = of_those
        for row, values in alone:
            of_those = of_people(values, people)
            table[row, : len(of_those)] = of_those
        return table

    def present_sets(self, window: Window) -> NDArray[np.uint8]:
        """Who was there on each day of a window, as sets of people: a row of bits a day, eight
        people a byte, by number, most significant first. Not to be written to.
        """
        sets = self._present.get(window)
        if sets is None:
            sets = self._present[window] = np.zeros((window.length, -(-self._width // 8)), np.uint8)
            placed, alone = self._parts(*PRESENT, window)
            for rows, values in placed:
                sets[rows, : values.shape[1]] = values
            for row, values in alone:
                bits = np.packbits(values)
                sets[row, : len(bits)] = bits
        return sets

    def _parts(
        self, kind: BlockKind, column: str, window: Window
    ) -> tuple[
        list[tuple[NDArray[np.int64], NDArray[Any]]],
        list[tuple[int, NDArray[Any]]],
    ]:
        """A column of a window: from months, rows of the window and their values; and single days
        with their row.
        """
        month_kind = MONTH_KIND_OF[kind, column]
        first = window.first.toordinal() - self._first
        placed = []
        for each in self._placed:
            inside = (each.rows >= first) & (each.rows < first + window.length)
            share = np.count_nonzero(inside) / len(each.whole.versions)
            if share >= _WORTH_A_MONTH:
                placed.append((each.name, each.rows[inside] - first, each.at[inside]))
        blocks = self._months.of(month_kind, [name for name, _, _ in placed])
        whole: set[int] = set().union(*(rows.tolist() for _, rows, _ in placed))
        start = window.first.toordinal()
        single = [
            day for day in self._days if day in window and day.toordinal() - start not in whole
        ]
        return (
            [
                (rows, arrays[column][at])
                for (_, rows, at), arrays in zip(placed, blocks, strict=True)
            ],
            [
                (day.toordinal() - start, arrays[column])
                for day, arrays in self._alone(kind, single).items()
            ]
            if single
            else [],
        )


def of_people(values: NDArray[Any], people: NDArray[np.int64] | None) -> NDArray[Any]:
    """Values by person (the last axis) of some people, by number; as they are for None. Arrays end
    at the largest number that has a value, and go on with 0.
    """
    if people is None or not values.shape[-1]:
        return values
    taken = values[..., np.minimum(people, values.shape[-1] - 1)]
    taken[..., people >= values.shape[-1]] = 0
    return taken
