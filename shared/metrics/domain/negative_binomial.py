"""The negative binomial distribution of counts by mean and spread, in numpy alone.

`spread` is the extra variance: variance = mean + spread × mean². 0 is the Poisson distribution;
1 / spread is what is often called the size.
"""

from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

_WALKED: Final = 50.0
"""Up to this mean, quantiles are counted out exactly. Above it they are those of the gamma
distribution with the same mean and variance, by Wilson and Hilferty's cube root: off by one at
most, or by 0.0025 of probability (at 0.985, up to a spread of 4).
"""
_LEAST_SPREAD: Final = 1e-9


def quantile(
    mean: NDArray[np.float64], spread: NDArray[np.float64], probability: float
) -> NDArray[np.int64]:
    """The smallest count that is not exceeded with at least this probability, for every mean.

    `mean` is above 0; `spread` has its shape or one that broadcasts to it.
    """
    spreads = np.maximum(np.broadcast_to(spread, mean.shape), _LEAST_SPREAD)
    counts = _by_cube_root(mean, spreads, probability)
    small = mean <= _WALKED
    counts[small] = _walk(mean[small], spreads[small], probability)
    return counts


def chance_of_none(mean: float, spread: float) -> float:
    """The probability of a count of 0."""
    spread = max(spread, _LEAST_SPREAD)
    return float(np.exp(-np.log1p(mean * spread) / spread))


def _by_cube_root(
    mean: NDArray[np.float64], spread: NDArray[np.float64], probability: float
) -> NDArray[np.int64]:
    shape = mean / (1 + mean * spread)
    root = 1 - 1 / (9 * shape) + NormalDist().inv_cdf(probability) / (3 * np.sqrt(shape))
    # A count stands for the half on either side of it.
    counts: NDArray[np.int64] = np.ceil(mean * np.maximum(root, 0) ** 3 - 0.5).astype(np.int64)
    return np.maximum(counts, 0)


def _walk(
    mean: NDArray[np.float64], spread: NDArray[np.float64], probability: float
) -> NDArray[np.int64]:
    """Add up the probabilities of 0, 1, 2, ... until they reach the one asked for."""
    ratio = mean / (1 + mean * spread)
    chance = np.exp(-np.log1p(mean * spread) / spread)
    reached = chance.copy()
    counts = np.zeros(mean.shape, np.int64)
    count = 0
    while (below := reached < probability).any():
        counts += below
        chance *= ratio * (1 + count * spread) / (count + 1)
        reached += chance
        count += 1
    return counts
