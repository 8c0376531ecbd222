"""Quantiles of the negative binomial distribution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.negative_binomial import chance_of_none, quantile
from tests.oracles import timeline as oracle


def one(mean: float, spread: float, probability: float) -> int:
    return int(quantile(np.array([mean]), np.array([spread]), probability)[0])


@given(st.floats(0.001, 50), st.floats(0.001, 4), st.sampled_from([0.015, 0.3, 0.985]))
def test_quantiles_of_small_means_are_exact(mean: float, spread: float, share: float) -> None:
    found = one(mean, spread, share)
    # Where a probability is met to the last digit, either count is right.
    assert found in {oracle.quantile(mean, spread, share + off) for off in (-1e-9, 1e-9)}


@pytest.mark.parametrize("spread", [1e-6, 0.001, 0.02, 0.1, 0.5, 1, 2, 4])
@pytest.mark.parametrize("mean", [51, 100, 1_000, 5_000])
def test_upper_quantiles_of_large_means_are_near(mean: float, spread: float) -> None:
    found = one(mean, spread, 0.985)
    nearest = [oracle.quantile(mean, spread, share) for share in (0.9825, 0.9875)]
    assert nearest[0] - 1 <= found <= nearest[1] + 1


def test_without_spread_it_is_the_poisson_distribution() -> None:
    assert one(4.0, 0.0, 0.985) == 9  # P(X <= 8) = 0.979, P(X <= 9) = 0.992
    assert chance_of_none(4.0, 0.0) == pytest.approx(np.exp(-4.0))


def test_an_average_of_one_with_a_spread_of_one_is_empty_half_the_time() -> None:
    assert chance_of_none(1.0, 1.0) == pytest.approx(0.5)


def test_means_of_both_kinds_keep_their_places() -> None:
    means = np.array([[3.0, 400.0], [400.0, 3.0]])
    found = quantile(means, np.array([[0.0], [0.1]]), 0.985)
    assert found[0, 0] < found[1, 1] < found[0, 1] < found[1, 0]
