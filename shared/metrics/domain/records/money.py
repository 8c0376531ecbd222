"""Money: whole minor units of a currency (definitions §5)."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

_WITHOUT: Final = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE: Final = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])

MOST_DECIMALS: Final = 3
"""Amounts are read in thousandths, whatever the currency: it may be known only later."""


def decimals_of(currency: str) -> int:
    """How many decimals the minor unit of a currency has: 0, 2 or 3 (ISO 4217)."""
    if currency in _WITHOUT:
        return 0
    return MOST_DECIMALS if currency in _THREE else 2


def thousandths(amount: Decimal) -> int:
    """An amount in major units as thousandths of them, half to even."""
    return int(amount.scaleb(MOST_DECIMALS).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def minor_units(
    in_thousandths: NDArray[np.int64], decimals: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Amounts as minor units of currencies with so many decimals each, half to even."""
    unit = 10 ** (MOST_DECIMALS - decimals)
    whole, rest = np.divmod(in_thousandths, unit)
    rounds_up = (2 * rest > unit) | ((2 * rest == unit) & (whole % 2 == 1))
    rounded: NDArray[np.int64] = whole + rounds_up
    return rounded
