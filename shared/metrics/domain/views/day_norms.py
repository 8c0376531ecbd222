"""How many hits a day should have had: weekday factor × local level, with the spread around it
(definitions §4, our choice; docs/decisions/0007-spikes.md says why so).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.negative_binomial import quantile

NEAR_DAYS: Final = 14
"""The local level comes from so many days before a day and after it."""
OUTSIDE: Final = 0.015
"""The share of quiet days above the upper bound, and of those below the lower. With this,
simulated quiet series of 60 days have 0.5 to 1.4 days above it, the more the wider the spread.
"""
LEAST_DAYS: Final = 28
LEAST_NEAR_DAYS: Final = 7
"""With fewer days, or fewer of them near, nothing is expected of a day."""

_ROUNDS: Final = ((1.5, 0.7080),) * 2 + ((3.5, 0.9985),) * 3
"""How far off, in standard deviations, a day must be to count less; and what the squares of quiet
days then average to: the mean of w min(z, far)² over the mean of w, for a standard normal z
and its weight w = min(1, far² / z²). Strict at first, so that a week of spikes does not pass for
a wide spread.
"""
_SLOPE: Final = 0.01
"""The level is assumed to change by about this share of itself a day, unless the days say more."""
_HALF_A_HIT: Final = 0.5
"""Added to sums of hits, so that a weekday never seen with a hit expects a little, not nothing."""
_WIDEST_SPREAD: Final = 4.0
_CUTS: Final = 6
_PIECES: Final = 32
_INNER: Final = np.arange(1, _PIECES) / _PIECES
"""The interval of the spread is cut into so many pieces, so often."""

_OFFSETS: Final = np.arange(-NEAR_DAYS, NEAR_DAYS + 1, dtype=np.float64)
_NEARNESS: Final = np.where(_OFFSETS == 0, 0.0, 1 - np.abs(_OFFSETS) / (NEAR_DAYS + 1))


@dataclass(frozen=True, slots=True)
class DayNorms:
    """What was to be expected of each day, all of the shape of the hits but `spread`.

    A quiet day lies within `lower` and `upper`, both included, except for `OUTSIDE` of them on
    either side. `spread` (shape: series × 1, or 1) is the one of `negative_binomial`. Where `known`
    is false there was too little to go by, and the other values mean nothing.
    """

    expected: NDArray[np.float64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    spread: NDArray[np.float64]
    known: NDArray[np.bool_]


def day_norms(
    hits: NDArray[np.int64],
    weekdays: NDArray[np.int64],
    covered: NDArray[np.bool_] | None = None,
) -> DayNorms:
    """The norms of each day of one series, shape (days,), or of several, (series, days).

    `weekdays` (days,) are numbers 0-6. Days that are not `covered` (NO_DATA, or not over) have
    norms but no part in any. A day's own hits are left out of the sums that its expectation is
    made of, and days far from theirs count less in those of others, so that a spike hides neither
    itself nor its neighbours.
    """
    actual = hits.astype(np.float64)
    is_covered = np.ones(hits.shape, np.bool_) if covered is None else covered
    counted = np.broadcast_to(is_covered, hits.shape).astype(np.float64)
    of_weekday = (weekdays[:, None] == np.arange(7)).astype(np.float64)
    weight = counted
    factor = np.ones_like(actual)
    spread = np.zeros((*hits.shape[:-1], 1))
    for far, mean_square in _ROUNDS:
        level = _level(weight * actual, weight * factor, spread)
        factor = (_others(weight * actual, of_weekday) + _HALF_A_HIT) / (
            _others(weight * level, of_weekday) + _HALF_A_HIT
        )
        expected = level * factor
        spread = _spread(actual, expected, weight, far, mean_square)
        weight = counted * far**2 / np.maximum(_squares(actual, expected, spread), far**2)
    return DayNorms(
        expected=expected,
        lower=quantile(expected, spread, OUTSIDE),
        upper=quantile(expected, spread, 1 - OUTSIDE),
        spread=spread,
        known=_known(counted, of_weekday),
    )


def _known(counted: NDArray[np.float64], of_weekday: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where another day of that weekday, enough days near, and enough altogether are covered."""
    known: NDArray[np.bool_] = (
        (_others(counted, of_weekday) >= 1)
        & (_near(counted, np.sign(_NEARNESS)) >= LEAST_NEAR_DAYS)
        & (counted.sum(axis=-1, keepdims=True) >= LEAST_DAYS)
    )
    return known


def _level(
    hits: NDArray[np.float64], factors: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The hits that a day of factor 1 has around each day: a line through the days near it, so
    that growth does not look like spikes at either end of the series.

    The line is held back from slopes that are only noise: a slope is assumed to be about `_SLOPE`
    of the level. Both arguments are weighted already.
    """
    factor_sum = _near(factors, _NEARNESS)
    hit_sum = _near(hits, _NEARNESS)
    lean = _near(factors, _NEARNESS * _OFFSETS)
    reach = _near(factors, _NEARNESS * _OFFSETS**2)
    flat = (hit_sum + _HALF_A_HIT) / (factor_sum + _HALF_A_HIT)
    reach += (1 / flat + spread) / _SLOPE**2
    leaning = _near(hits, _NEARNESS * _OFFSETS)
    determinant = factor_sum * reach - lean**2
    sloped = np.divide(
        hit_sum * reach - leaning * lean, determinant, out=flat.copy(), where=determinant > 0
    )
    # A steep line may cross zero where a series ends.
    level: NDArray[np.float64] = np.maximum(sloped, flat / 4)
    return level


def _spread(
    actual: NDArray[np.float64],
    expected: NDArray[np.float64],
    weight: NDArray[np.float64],
    far: float,
    mean_square: float,
) -> NDArray[np.float64]:
    """The spread with which the squared distances from the expectation average to those of quiet
    days, by cutting the interval into pieces. It includes the error of the expectations.

    Days that expect less than a hit say nothing about it.
    """
    telling = weight * (expected >= 1)
    wanted = mean_square * telling.sum(axis=-1, keepdims=True)
    distance = ((actual - expected) ** 2)[..., np.newaxis, :]
    mean, square = expected[..., np.newaxis, :], (expected**2)[..., np.newaxis, :]
    low = np.zeros((*actual.shape[:-1], 1))
    width = _WIDEST_SPREAD
    for _ in range(_CUTS):
        inner = low + width * _INNER
        squares = distance / (mean + inner[..., np.newaxis] * square)
        np.minimum(squares, far**2, out=squares)
        squares *= telling[..., np.newaxis, :]
        # The wider the spread, the smaller the squares: those before the wanted sum come first.
        too_small = np.count_nonzero(squares.sum(axis=-1) > wanted, axis=-1, keepdims=True)
        low = low + width * too_small / _PIECES
        width /= _PIECES
    return low


def _squares(
    actual: NDArray[np.float64], expected: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Squared distances from the expectation, in variances."""
    squares: NDArray[np.float64] = (actual - expected) ** 2 / (expected + spread * expected**2)
    return squares


def _others(values: NDArray[np.float64], of_weekday: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each day, the sum over the other days of its weekday."""
    sums: NDArray[np.float64] = values @ of_weekday @ of_weekday.T - values
    return np.maximum(sums, 0)  # what remains of large sums may round to less than nothing


def _near(values: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each day, the sum over the days near it, each times the kernel's value at its offset."""
    padded = np.zeros((*values.shape[:-1], values.shape[-1] + 2 * NEAR_DAYS))
    padded[..., NEAR_DAYS:-NEAR_DAYS] = values
    sums = np.correlate(padded.ravel(), kernel, "same").reshape(padded.shape)
    near: NDArray[np.float64] = sums[..., NEAR_DAYS:-NEAR_DAYS]
    return near
