"""Money of rows in one currency (definitions §5): never added silently."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.field_columns import NO_RECORD, FieldColumn, FieldType, Knowledge


def currencies_in(rows: Rows) -> set[str]:
    """The currencies that rows have money in."""
    if rows.currency is None:
        return set()
    counts = np.bincount(rows.currency + 1, minlength=1)[1:]
    return {rows.currencies[code] for code in np.flatnonzero(counts).tolist()}


def reporting_currency(reporting: str, found: set[str]) -> str | None:
    """The currency to answer in: the tenant's, else the only one; None if there are several."""
    if reporting:
        return reporting
    return next(iter(found)) if len(found) == 1 else None


def converted(
    rows: Rows, scope: Scope, into: str | None, *, both: bool
) -> tuple[Rows, NDArray[np.bool_]]:
    """Rows with their money in one currency, by the rate of the day at which each counts; and which
    of them have no rate: their money is 0. With `both` also the denominators are money.
    """
    if rows.currency is None:
        return rows, np.zeros(len(rows), bool)
    unknown = rows.currency == NO_RECORD
    if into is not None and all(name == into for name in currencies_in(rows)):
        return rows, unknown & _has_money(rows, both=both)
    if into is None:
        nothing = np.zeros(len(rows), np.int64)
        return replace(rows, numerator=nothing), _has_money(rows, both=both)
    days = scope.days(rows.at_ms)
    numerator, has_rate = _converted(rows.numerator, rows, scope, into, days)
    changed = replace(rows, numerator=numerator)
    if both and rows.denominator is not None:
        denominator, _ = _converted(rows.denominator, rows, scope, into, days)
        changed = replace(changed, denominator=denominator)
    return changed, ~has_rate & _has_money(rows, both=both)


def _has_money(rows: Rows, *, both: bool) -> NDArray[np.bool_]:
    """Where there is anything to convert: nothing is nothing in every currency."""
    has = rows.numerator != 0
    if both and rows.denominator is not None:
        has = has | (rows.denominator != 0)
    flags: NDArray[np.bool_] = has
    return flags


def amounts_by_currency(rows: Rows) -> tuple[list[str], list[int]]:
    """The sums of the numerators as they came, by name of the currency; unknown ones under ""."""
    if rows.currency is None or not len(rows):
        return [], []
    names = (*rows.currencies, "")
    code = np.where(rows.currency < 0, len(rows.currencies), rows.currency)
    code = code[rows.numerator != 0]
    sums = np.bincount(code, rows.numerator[rows.numerator != 0], len(names))
    found = sorted((names[at], int(sums[at])) for at in np.unique(code).tolist())
    return [name for name, _ in found], [amount for _, amount in found]


def _converted(
    minor: NDArray[np.int64] | NDArray[np.float64],
    rows: Rows,
    scope: Scope,
    into: str,
    days: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    currency = rows.currency if rows.currency is not None else np.zeros(len(rows), np.int64)
    knowledge = np.where(currency == NO_RECORD, Knowledge.UNKNOWN, Knowledge.KNOWN)
    money = FieldColumn(
        FieldType.MONEY,
        np.asarray(minor, np.int64),
        knowledge.astype(np.uint8),
        currency=currency,
        currencies=rows.currencies,
    )
    result = scope.records.rates.convert(money, into, days)
    return result.values, result.has_rate
