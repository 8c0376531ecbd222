"""Times that so many of the units take at most: between two values in proportion."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.views.funnel import quantile_ms


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [([], None, None), ([7], 7, 7), ([1, 2], 2, 2), ([1, 2, 4], 2, 4), ([10, 20], 15, 19)],
)
def test_halves_of_a_millisecond_are_rounded_up(
    values: list[int], median: int | None, p90: int | None
) -> None:
    ascending = np.array(values, np.int64)
    assert (quantile_ms(ascending, 5), quantile_ms(ascending, 9)) == (median, p90)


@given(st.lists(st.integers(0, 1 << 50), min_size=1), st.integers(0, 10))
def test_a_quantile_lies_between_two_neighbours_in_proportion(
    values: list[int], tenths: int
) -> None:
    ascending = sorted(values)
    at = Fraction((len(values) - 1) * tenths, 10)
    lower, upper = ascending[floor(at)], ascending[min(floor(at) + 1, len(values) - 1)]
    exact = lower + (upper - lower) * (at - floor(at))
    assert quantile_ms(np.array(ascending, np.int64), tenths) == floor(exact + Fraction(1, 2))
