"""Builds the rows of a KPI from masks over its table."""

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.records.field_columns import FieldColumn

Mask = NDArray[np.bool_]
Instants = NDArray[np.int64]


def counted(which: Mask, at_ms: Instants, unknown: Mask | None = None) -> Rows:
    """Each of the marked records once, at its instant. `unknown` marks those of which it cannot be
    said whether they count.
    """
    record = np.flatnonzero(which)
    return Rows(
        record=record,
        at_ms=at_ms[record],
        numerator=np.ones(len(record), np.int64),
        unknown=_places(unknown),
    )


def share(of: Mask, part: Mask, at_ms: Instants, unknown: Mask | None = None) -> Rows:
    """Each of the marked records once in the denominator, and in the numerator if it is part."""
    record = np.flatnonzero(of)
    return Rows(
        record=record,
        at_ms=at_ms[record],
        numerator=part[record].astype(np.int64),
        denominator=np.ones(len(record), np.int64),
        unknown=_places(unknown),
    )


def money(which: Mask, amount: FieldColumn, at_ms: Instants, unknown: Mask | None = None) -> Rows:
    """The amount of each of the marked records; one that is empty is nothing. Those whose amount is
    unknown are so, too.
    """
    record = np.flatnonzero(which & ~amount.unknown)
    nothing_said = which & amount.unknown
    return Rows(
        record=record,
        at_ms=at_ms[record],
        numerator=np.where(amount.known, amount.values, 0)[record],
        denominator=np.ones(len(record), np.int64),
        currency=amount.currency[record],
        currencies=amount.currencies,
        unknown=_places(nothing_said if unknown is None else nothing_said | unknown),
    )


def measured(
    which: Mask,
    value: NDArray[np.float64] | NDArray[np.int64],
    at_ms: Instants,
    unknown: Mask | None = None,
) -> Rows:
    """A quantity of each of the marked records."""
    record = np.flatnonzero(which)
    return Rows(
        record=record,
        at_ms=at_ms[record],
        numerator=value[record],
        denominator=np.ones(len(record), np.int64),
        unknown=_places(unknown),
    )


def _places(mask: Mask | None) -> NDArray[np.int64]:
    return np.zeros(0, np.int64) if mask is None else np.flatnonzero(mask)
