"""Which values of an array satisfy a threshold."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.conditions import Comparator, Threshold

_COMPARE: Final[dict[Comparator, np.ufunc]] = {
    Comparator.GREATER_THAN: np.greater,
    Comparator.AT_LEAST: np.greater_equal,
    Comparator.LESS_THAN: np.less,
    Comparator.AT_MOST: np.less_equal,
    Comparator.EQUAL: np.equal,
}


def holds(threshold: Threshold, values: NDArray[Any]) -> NDArray[np.bool_]:
    """For each value whether the comparison holds; for nan, which is null, it never does."""
    if threshold.up_to is not None:
        found: NDArray[np.bool_] = (values >= threshold.value) & (values <= threshold.up_to)
    else:
        found = _COMPARE[threshold.comparator](values, threshold.value)
    return found
