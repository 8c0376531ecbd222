"""Times that so many of the units take at most: between two values in proportion."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.views.funnel import quantiles_ms


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [([], None, None), ([7], 7, 7), ([1, 2], 2, 2), ([1, 2, 4], 2, 4), ([10, 20], 15, 19)],
)
def test_halves_of_a_millisecond_are_rounded_up(
    values: list[int], median: int | None, p90: int | None
) -> None:
    assert quantiles_ms(np.array(values, np.int64), (5, 9)) == [median, p90]


@given(st.lists(st.integers(0, 1 << 50), min_size=1), st.lists(st.integers(0, 10), min_size=1))
def test_a_quantile_lies_between_two_neighbours_in_proportion(
    values: list[int], tenths: list[int]
) -> None:
    ascending = sorted(values)
    expected = []
    for so_many in tenths:
        at = Fraction((len(values) - 1) * so_many, 10)
        lower, upper = ascending[floor(at)], ascending[min(floor(at) + 1, len(values) - 1)]
        exact = lower + (upper - lower) * (at - floor(at))
        expected.append(floor(exact + Fraction(1, 2)))
    assert quantiles_ms(np.array(values, np.int64), tenths) == expected
