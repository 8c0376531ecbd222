"""Money of one currency in another, by the rate of the day (definitions §5)."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.field_columns import FieldColumn
from shared.metrics.domain.records.money import decimals_of


@dataclass(frozen=True, slots=True)
class DatedRate:
    """From `day` (since 1970) on, one unit of `currency` is worth `rate` units of `into`."""

    currency: str
    into: str
    day: int
    rate: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Converted:
    """Minor units of `currency`; where not `has_rate` the value is 0 and means nothing
    (`NO_RATE`).
    """

    values: NDArray[np.int64]
    has_rate: NDArray[np.bool_]
    currency: str


class ExchangeRates:
    """Dated exchange rates: each holds until the next one of its pair.

    Where a pair has none of that day or before, the rate of the opposite pair stands in, inverted;
    where that has none either, there is no rate.
    """

    def __init__(self, rates: Iterable[DatedRate] = ()) -> None:
        days: dict[tuple[str, str], dict[int, Fraction]] = {}
        for each in rates:
            days.setdefault((each.currency, each.into), {})[each.day] = each.rate
        self._days: Mapping[tuple[str, str], tuple[list[int], list[Fraction]]] = {
            pair: (sorted(of_pair), [of_pair[day] for day in sorted(of_pair)])
            for pair, of_pair in days.items()
        }

    def rate(self, currency: str, into: str, day: int) -> Fraction | None:
        """The rate that holds on a day (since 1970); None without one."""
        if currency == into:
            return Fraction(1)
        direct = self._latest(currency, into, day)
        if direct is not None:
            return direct
        opposite = self._latest(into, currency, day)
        return None if opposite is None else 1 / opposite

    def convert(self, money: FieldColumn, into: str, days: NDArray[np.int64]) -> Converted:
        """Money by the rate of a day each (since 1970), half to even; only known values count."""
        values = np.zeros(len(money), np.int64)
        has_rate = np.zeros(len(money), bool)
        known = np.flatnonzero(money.known)
        pair = np.stack((money.currency[known], days[known]), axis=1)
        distinct, of_pair = np.unique(pair, axis=0, return_inverse=True)
        of_pair = of_pair.reshape(-1)
        for at, (code, day) in enumerate(distinct.tolist()):
            rate = self._minor_rate(money.currencies, code, into, day)
            if rate is not None:
                rows = known[of_pair == at]
                values[rows] = _times(money.values[rows], rate)
                has_rate[rows] = True
        return Converted(values, has_rate, into)

    def _minor_rate(
        self, currencies: Sequence[str], code: int, into: str, day: int
    ) -> Fraction | None:
        """The rate between minor units."""
        currency = currencies[code]
        rate = self.rate(currency, into, day)
        if rate is None:
            return None
        return rate * Fraction(10) ** (decimals_of(into) - decimals_of(currency))

    def _latest(self, currency: str, into: str, day: int) -> Fraction | None:
        days, rates = self._days.get((currency, into), ([], []))
        at = bisect_right(days, day) - 1
        return rates[at] if at >= 0 else None


def _times(minor: NDArray[np.int64], rate: Fraction) -> NDArray[np.int64]:
    """Exact products, half to even: by whole numbers of Python, for int64 could overflow."""
    if rate == 1:
        return minor
    return np.array([round(amount * rate) for amount in minor.tolist()], np.int64)
