"""From rows to values, one for each group and span of time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.spans import Segments
from shared.metrics.domain.kpis.vocabulary import Aggregation, Reason

REASONS: Final = tuple(Reason)
NO_REASON: Final = -1

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cells:
    """Values by group and span; the last group is everything. `value` is nan where it is null, and
    `reason` then the place of why in `REASONS`; `numerator` and `denominator` are sums over so many
    `rows`, nan and -1 of what is made of other values.
    """

    value: Floats
    reason: NDArray[np.int8]
    numerator: Floats
    denominator: Floats
    rows: Integers

    def null(self, where: Flags, reason: Reason) -> "Cells":
        """The same, but null for a reason where marked."""
        return Cells(
            np.where(where, np.nan, self.value),
            np.where(where, np.int8(REASONS.index(reason)), self.reason),
            self.numerator,
            self.denominator,
            self.rows,
        )

    def groups(self, which: Integers) -> "Cells":
        """Some of the groups, in any order."""
        return Cells(
            self.value[which],
            self.reason[which],
            self.numerator[which],
            self.denominator[which],
            self.rows[which],
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows with the group that each is in, of so many; and which of them have no exchange rate."""

    rows: Rows
    group: Integers
    groups: int
    unknown_group: Integers
    no_rate: Flags


def aggregated(aggregation: Aggregation, placed: Placed, segments: Segments) -> Cells:
    """The value of each group and span.

    A ratio over nothing, or a quantile of nothing, is null: EMPTY_DENOMINATOR. If there is nothing
    but what is unknown: UNKNOWN_FIELD. If money cannot be converted: NO_RATE.
    """
    rows, count = placed.rows, _Counter(placed.groups, segments)
    counted = count.by_cell(placed.group, rows.at_ms)
    numerator = counted(rows.numerator)
    number = counted(None)
    denominator = number if rows.denominator is None else counted(rows.denominator)
    if aggregation is Aggregation.SUM:
        value = numerator
    elif aggregation is Aggregation.RATIO:
        nothing = np.full(numerator.shape, np.nan)
        value = np.divide(numerator, denominator, out=nothing, where=denominator != 0)
    else:
        value = _quantiles(rows, placed.group, placed.groups, segments, _TENTHS[aggregation])
    empty = np.where(np.isnan(value), REASONS.index(Reason.EMPTY_DENOMINATOR), NO_REASON)
    cells = Cells(value, empty.astype(np.int8), numerator, denominator, number.astype(np.int64))
    if len(rows.unknown):
        unknown = count.by_cell(placed.unknown_group, rows.unknown_at_ms)(None)
        cells = cells.null((unknown > 0) & (number == 0), Reason.UNKNOWN_FIELD)
    if placed.no_rate.any():
        cells = cells.null(counted(placed.no_rate) > 0, Reason.NO_RATE)
    return cells


_TENTHS: Final = {Aggregation.MEDIAN: 5, Aggregation.P90: 9}


@dataclass(frozen=True, slots=True)
class _Counter:
    """Adds up what is in each group and span."""

    groups: int
    segments: Segments

    def by_cell(
        self, group: Integers, at_ms: Integers | None
    ) -> Callable[[NDArray[np.generic] | None], Floats]:
        """A function from weights (None: 1 each) of rows to their sums by group and span. Rows
        without a time are in every span.
        """
        if at_ms is None:
            cell, number = group, 1
        else:
            number = len(self.segments) + 2
            cell = group * number + self.segments.of(at_ms)

        def sums(weights: NDArray[np.generic] | None) -> Floats:
            found = np.bincount(cell, weights, self.groups * number).astype(np.float64)
            by_group = found.reshape(self.groups, number)
            whole = np.concatenate((by_group, by_group.sum(axis=0, keepdims=True)))
            if at_ms is None:
                return np.repeat(whole, len(self.segments.spans), axis=1)
            return self.segments.gathered(whole)

        return sums


def _quantiles(rows: Rows, group: Integers, groups: int, segments: Segments, tenths: int) -> Floats:
    """The quantile of the numerators of each group and span."""
    found = np.full((groups + 1, len(segments.spans)), np.nan)
    order = np.argsort(rows.numerator, kind="stable")
    ascending, at_ms, of_row = rows.numerator[order], rows.at_ms[order], group[order]
    for place, span in enumerate(segments.spans):
        inside = np.flatnonzero(span.holds(at_ms))
        values = ascending[inside].astype(np.float64)
        found[:groups, place] = _quantile_of_sorted(values, of_row[inside], groups, tenths)
        found[groups:, place] = _quantile_of_sorted(values, None, 1, tenths)
    return found


def quantile(values: Floats, group: Integers, groups: int, tenths: int) -> Floats:
    """The quantile of the values of each group: at place (n - 1) x tenths / 10 of them in order,
    linearly between two neighbours; nan for a group without any.
    """
    order = np.argsort(values, kind="stable")
    return _quantile_of_sorted(values[order], group[order], groups, tenths)


def _quantile_of_sorted(
    ascending: Floats, group: Integers | None, groups: int, tenths: int
) -> Floats:
    """The same of values in order; None for a single group of all."""
    rows = np.array([len(ascending)])
    if group is not None:
        rows = np.bincount(group, minlength=groups)
        # Narrow codes are sorted by counting, and equal ones keep the order of their values.
        ascending = ascending[np.argsort(group.astype(np.min_scalar_type(groups)), kind="stable")]
    filled = np.flatnonzero(rows)
    start = (np.cumsum(rows) - rows)[filled]
    whole, rest = np.divmod((rows[filled] - 1) * tenths, 10)
    low = ascending[start + whole]
    high = ascending[np.minimum(start + whole + 1, start + rows[filled] - 1)]
    found = np.full(groups, np.nan)
    found[filled] = low + (high - low) * rest / 10
    return found
