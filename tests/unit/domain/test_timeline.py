"""Spikes, quiet runs, and the means before and after: what is found, and what is left alone."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shared.metrics.domain.views.day_norms import LEAST_DAYS, day_norms
from shared.metrics.domain.views.timeline import before_and_after, quiet_runs, spikes
from tests.oracles import timeline as oracle

DAYS = 60
SERIES = 1_000
WEEKDAYS = np.arange(DAYS) % 7
EVEN = (1, 1, 1, 1, 1, 1, 1)
CALM_WEEKENDS = (1, 1.1, 1.05, 1, 0.8, 0.1, 0.05)
NO_WEEKENDS = (1, 1.1, 1.05, 1, 0.8, 0, 0)
SATURDAY = 5

Hits = NDArray[np.int64]


@dataclass(frozen=True)
class Quiet:
    """Days around a mean, negative binomial of a size (none: Poisson), growing evenly to `growth`
    times the level by the end, with a wave of so much of it on top.
    """

    mean: float
    size: float | None = None
    factors: tuple[float, ...] = CALM_WEEKENDS
    growth: float = 1.0
    wave: float = 0.0

    def __str__(self) -> str:
        weekend = self.factors[SATURDAY]
        return f"{self.mean}, {self.size}, {weekend}, {self.growth}, {self.wave}"

    def simulated(self, seed: int = 1, series: int = SERIES, days: int = DAYS) -> Hits:
        random = np.random.default_rng(seed)
        time = np.linspace(0, 1, days)
        level = self.mean * self.growth**time * (1 + self.wave * np.sin(3 * np.pi * time))
        means = np.broadcast_to(level * np.array(self.factors)[np.arange(days) % 7], (series, days))
        if self.size:
            means = means * random.gamma(self.size, 1 / self.size, means.shape)
        return random.poisson(means)


REGIMES = [
    Quiet(0.3, factors=EVEN),
    Quiet(1, factors=NO_WEEKENDS),
    Quiet(5, factors=EVEN),
    Quiet(5, size=2, factors=EVEN),
    Quiet(5, size=10, factors=NO_WEEKENDS),
    Quiet(20, size=10),
    Quiet(200, size=2),
    Quiet(200, size=5),
    Quiet(200, size=20),
    Quiet(200, size=50, factors=NO_WEEKENDS, growth=1.5),
    Quiet(2_000, size=100, growth=0.5, wave=0.2),
    Quiet(5_000, growth=2),
    Quiet(300_000, size=200, factors=NO_WEEKENDS, growth=1.3),
]


@pytest.mark.parametrize("regime", REGIMES, ids=str)
def test_quiet_series_have_few_false_alarms(regime: Quiet) -> None:
    assert spikes(regime.simulated(), WEEKDAYS).sum() / SERIES <= 1.5


@pytest.mark.parametrize(
    "regime",
    [
        Quiet(200, size=40),
        Quiet(200, size=40, factors=EVEN),
        Quiet(200, size=50, factors=NO_WEEKENDS),
        Quiet(100, size=60),
        Quiet(2_000, size=50, growth=2),
        Quiet(2_000, size=100, growth=0.5, wave=0.2),
        Quiet(5_000, growth=2),
    ],
    ids=str,
)
def test_a_doubled_day_is_found_in_nine_of_ten(regime: Quiet) -> None:
    hits = regime.simulated()
    rows = np.arange(SERIES)
    normal = np.flatnonzero(np.array(regime.factors)[WEEKDAYS] > 0.5)
    doubled = np.random.default_rng(2).choice(normal, SERIES)
    hits[rows, doubled] *= 2
    assert spikes(hits, WEEKDAYS)[rows, doubled].mean() >= 0.9


def test_with_a_wider_spread_no_rule_could_do_both() -> None:
    """Even who knows mean and spread exactly and allows 1.5 false alarms in 60 days."""
    days = np.random.default_rng(3).negative_binomial(20, 20 / 220, 200_000)
    assert (2 * days > np.quantile(days, 1 - 1.5 / DAYS)).mean() < 0.88


def test_more_days_around_find_more() -> None:
    regime = Quiet(200, size=30)
    rows = np.arange(SERIES // 2)
    weekdays = np.arange(120) % 7
    hits = regime.simulated(series=len(rows), days=120)
    doubled = np.random.default_rng(2).choice(np.flatnonzero(weekdays[60:] < SATURDAY), len(rows))
    hits[rows, 60 + doubled] *= 2
    found_alone = spikes(hits[:, 60:], weekdays[60:])[rows, doubled].mean()
    assert spikes(hits, weekdays)[rows, 60 + doubled].mean() > found_alone + 0.02


@pytest.mark.parametrize("times", [2, 10, 1_000])
def test_a_spike_does_not_raise_what_is_expected_of_it_or_its_neighbours(times: int) -> None:
    hits = Quiet(200, size=30, factors=NO_WEEKENDS).simulated(series=200)
    before = day_norms(hits, WEEKDAYS).expected
    hits[:, 30] *= times
    ratio = day_norms(hits, WEEKDAYS).expected / before
    assert np.abs(ratio[:, 30] - 1).max() < 0.1
    assert np.median(np.abs(ratio - 1)) < 0.02


@pytest.mark.parametrize(
    "rows", [[21, 22, 23], [28, 29, 30, 31, 32], [57, 58, 59], [0, 8, 16, 24, 32, 44, 52]], ids=str
)
def test_spikes_do_not_hide_each_other(rows: list[int]) -> None:
    hits = Quiet(200, size=30, factors=NO_WEEKENDS).simulated(series=200)
    hits[:, rows] *= 4
    assert spikes(hits, WEEKDAYS)[:, rows].mean() > 0.9


def test_hits_on_a_day_that_is_always_empty_are_a_spike() -> None:
    hits = np.where(WEEKDAYS >= SATURDAY, 0, 100)
    hits[33] = 40
    assert np.flatnonzero(spikes(hits, WEEKDAYS)).tolist() == [33]


def test_a_normal_weekday_level_on_a_calm_weekend_is_a_spike() -> None:
    hits = np.where(WEEKDAYS >= SATURDAY, 10, 100)
    hits[33] = 100
    assert np.flatnonzero(spikes(hits, WEEKDAYS)).tolist() == [33]


@pytest.mark.parametrize("value", [0, 1, 7, 1_000_000])
@pytest.mark.parametrize("days", [1, 2, 13, 27, 28, 400])
def test_even_series_have_no_spikes(value: int, days: int) -> None:
    hits = np.full(days, value)
    norms = day_norms(hits, np.arange(days) % 7)
    assert not spikes(hits, np.arange(days) % 7).any()
    assert np.isfinite(norms.expected).all()
    assert norms.known.all() == (days >= LEAST_DAYS)
    if value and days >= LEAST_DAYS:
        np.testing.assert_allclose(norms.expected, value, rtol=0.1)


def test_of_few_days_nothing_is_known() -> None:
    hits = np.full(LEAST_DAYS - 1, 100)
    hits[20] = 10_000
    assert not spikes(hits, WEEKDAYS[: LEAST_DAYS - 1]).any()
    assert not day_norms(hits, WEEKDAYS[: LEAST_DAYS - 1]).known.any()


def test_a_day_without_others_of_its_weekday_or_near_it_is_not_known() -> None:
    hits = np.full(DAYS, 100)
    covered = WEEKDAYS != 2
    covered[30] = True  # a Wednesday, the only one covered
    assert not day_norms(hits, WEEKDAYS, covered).known[30]
    covered = np.ones(DAYS, np.bool_)
    covered[3:27] = False
    known = day_norms(hits, WEEKDAYS, covered).known
    assert not known[:18].any()
    assert known[27:].all()


def test_days_without_data_are_no_spikes_and_have_no_part_in_any() -> None:
    hits = Quiet(200, size=30).simulated(series=1)[0]
    covered = np.ones(DAYS, np.bool_)
    covered[[5, 12, 40, 41, 59]] = False
    other = np.where(covered, hits, 1_000_000)
    assert not spikes(other, WEEKDAYS, covered)[~covered].any()
    np.testing.assert_array_equal(
        day_norms(other, WEEKDAYS, covered).expected,
        day_norms(np.where(covered, hits, 0), WEEKDAYS, covered).expected,
    )


def test_bounds_lie_around_what_is_expected() -> None:
    hits = Quiet(200, size=30).simulated(series=100)
    norms = day_norms(hits, WEEKDAYS)
    assert (norms.lower <= norms.expected).all()
    assert (norms.expected <= norms.upper).all()
    np.testing.assert_array_equal(spikes(hits, WEEKDAYS), hits > norms.upper)


def test_several_series_are_answered_as_one_at_a_time() -> None:
    hits = np.concatenate([regime.simulated(series=1) for regime in REGIMES])
    together = day_norms(hits, WEEKDAYS)
    for row, alone in enumerate(hits):
        np.testing.assert_allclose(together.expected[row], day_norms(alone, WEEKDAYS).expected)


@st.composite
def days_of_hits(draw: st.DrawFn) -> tuple[Hits, NDArray[np.int64], NDArray[np.bool_]]:
    """A series with a weekly pattern, empty stretches, outliers, and gaps."""
    length = draw(st.integers(1, 75))
    level = draw(st.sampled_from([0.2, 3, 50, 4_000]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    factors = random.choice([0, 0.1, 1, 1.5], 7)
    weekdays = (np.arange(length) + draw(st.integers(0, 6))) % 7
    hits = random.poisson(level * factors[weekdays] * random.gamma(5, 0.2, length))
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, length - 1))
        hits[first : first + draw(st.integers(1, 20))] *= draw(st.sampled_from([0, 5]))
    return hits, weekdays, random.random(length) > draw(st.sampled_from([0, 0, 0.1, 0.5]))


@given(days_of_hits())
def test_norms_and_runs_are_those_of_plain_loops(
    series: tuple[Hits, NDArray[np.int64], NDArray[np.bool_]],
) -> None:
    hits, weekdays, covered = series
    expected, spread = oracle.norms(hits.tolist(), weekdays.tolist(), covered.tolist())
    norms = day_norms(hits, weekdays, covered)
    np.testing.assert_allclose(norms.expected, expected, rtol=1e-5)
    assert norms.spread[0] == pytest.approx(spread, abs=1e-6)
    assert quiet_runs(hits, weekdays, covered) == oracle.quiet_runs(
        hits.tolist(), weekdays.tolist(), covered.tolist(), spread
    )


@pytest.mark.parametrize(
    "rows",
    [
        [(23, 23)],
        [(23, 27)],
        [(24, 28)],
        [(19, 21)],
        [(9, 9), (16, 16), (23, 23)],
        [(10, 30)],
        [(0, 20)],
        [(45, 59)],
        [(59, 59)],
    ],
    ids=str,
)
def test_days_off_are_runs_with_the_weekends_beside_them(rows: list[tuple[int, int]]) -> None:
    hits = Quiet(200, size=20, factors=NO_WEEKENDS).simulated(series=1)[0]
    for first, last in rows:
        hits[first : last + 1] = 0
    assert quiet_runs(hits, WEEKDAYS) == rows


def test_weekends_that_are_always_empty_are_no_runs() -> None:
    assert quiet_runs(np.where(WEEKDAYS >= SATURDAY, 0, 100), WEEKDAYS) == []


def test_a_weekend_is_a_run_where_weekends_are_active() -> None:
    hits = np.full(DAYS, 100)
    hits[33:35] = 0
    assert quiet_runs(hits, WEEKDAYS) == [(33, 34)]


@pytest.mark.parametrize("regime", REGIMES, ids=str)
def test_quiet_series_have_hardly_any_runs(regime: Quiet) -> None:
    hits = regime.simulated(series=20)
    assert sum(len(quiet_runs(series, WEEKDAYS)) for series in hits) <= 1


def test_a_weekday_that_is_busy_or_empty_by_turns_is_no_run() -> None:
    hits = np.where(WEEKDAYS >= SATURDAY, 0, 100)
    hits[5::14] = 30  # every other Saturday
    assert quiet_runs(hits, WEEKDAYS) == []


def test_one_empty_day_among_few_hits_is_no_run_but_a_week_is() -> None:
    hits = np.tile([2, 1, 3], 20)
    hits[10] = 0
    assert quiet_runs(hits, WEEKDAYS) == []
    hits[8:16] = 0
    assert quiet_runs(hits, WEEKDAYS) == [(8, 15)]


def test_a_day_without_data_ends_a_run() -> None:
    hits = np.full(DAYS, 100)
    hits[30:35] = 0
    covered = np.ones(DAYS, np.bool_)
    covered[32] = False
    assert quiet_runs(hits, WEEKDAYS, covered) == [(30, 31), (33, 34)]


@pytest.mark.parametrize("days", [1, 7, 13, 60])
def test_a_series_without_activity_has_no_norm_and_so_no_run(days: int) -> None:
    assert quiet_runs(np.zeros(days, np.int64), np.arange(days) % 7) == []


def test_before_and_after_leave_the_day_itself_out() -> None:
    hits = np.array([10, 20, 999, 40, 60, 80])
    assert before_and_after(hits, 2) == (15.0, 60.0)
    assert before_and_after(hits, 2, days=1) == (20.0, 40.0)


def test_before_and_after_are_unknown_where_there_are_no_days() -> None:
    hits = np.array([10, 20, 30])
    assert before_and_after(hits, 0) == (None, 25.0)
    assert before_and_after(hits, 2) == (15.0, None)
    assert before_and_after(hits, -2) == (None, 20.0)
    assert before_and_after(hits, 9, days=8) == (25.0, None)
    assert before_and_after(hits[:1], 0) == (None, None)


def test_days_without_data_are_left_out_of_before_and_after() -> None:
    hits = np.array([10, 0, 999, 0, 60])
    covered = np.array([True, False, True, False, True])
    assert before_and_after(hits, 2, covered=covered) == (10.0, 60.0)
    assert before_and_after(hits, 2, 1, covered) == (None, None)
