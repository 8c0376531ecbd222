"""The best attempts of many units at once, against trying all attempts of each unit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.views.funnel_answer import StepOrder
from shared.metrics.domain.views.funnel_attempts import Attempts, best_attempts
from shared.metrics.domain.views.funnel_step_hits import FunnelRules, StepHits
from shared.metrics.domain.views.funnel_sweeps import NOT_REACHED
from tests.oracles.funnel_attempts import Best, Hit, best

RANGE = (10, 20)
WINDOWS = (None, 1, 2, 3, 5, 30)


@st.composite
def hits_of_units(draw: st.DrawFn, steps: int) -> list[list[Hit]]:
    """The hits of a few units, many of them at one time, some that can fill several steps."""
    possible = draw(
        st.lists(st.sets(st.integers(0, steps - 1), max_size=3), min_size=1, max_size=4)
    )
    if draw(st.booleans()):
        possible = [{step} for step in range(steps)]
    several = draw(st.sampled_from([(8, 24), (9, 13), (12, 14)]))
    hits = st.builds(
        lambda at_ms, fills: Hit(at_ms, frozenset(fills), RANGE[0] <= at_ms < RANGE[1]),
        st.integers(*several),
        st.sampled_from(possible),
    )
    return draw(st.lists(st.lists(hits, max_size=7), min_size=1, max_size=5))


def as_parts(
    units: Sequence[Sequence[Hit]], base_ms: int, dtype: type[np.integer[Any]] = np.uint16
) -> list[StepHits]:
    """The hits by the steps that they can fill, those of no step among them; some in two pieces.
    The codes are those of the units, backwards.
    """
    found: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    for number, unit in enumerate(reversed(units)):
        for hit in sorted(unit, key=lambda hit: hit.at_ms):
            mask = sum(1 << step for step in hit.fills)
            found.setdefault((mask, hit.at_ms % 3 == 0), []).append((hit.at_ms - base_ms, number))
    unit_of_code = np.arange(len(units))[::-1]
    columns = {key: np.array(hits, dtype).T for key, hits in found.items()}
    return [
        StepHits(mask, base_ms, times, code, unit_of_code)
        for (mask, _), (times, code) in columns.items()
    ]


def of_unit(found: Attempts, unit: int) -> Best:
    elapsed_ms = [ms for ms in found.elapsed_ms[:, unit].tolist() if ms != NOT_REACHED]
    assert found.depth[unit] == len(elapsed_ms)
    return Best(int(found.start_ms[unit]), tuple(elapsed_ms))


@given(st.data(), st.integers(2, 4), st.sampled_from(StepOrder), st.sampled_from(WINDOWS))
def test_the_best_attempts_are_those_of_trying_all(
    data: st.DataObject, steps: int, order: StepOrder, within_ms: int | None
) -> None:
    units = data.draw(hits_of_units(steps))
    expected = [best(unit, steps, order, within_ms) for unit in units]
    entered = [number for number, attempt in enumerate(expected) if attempt]
    parts = as_parts([units[number] for number in entered], 3)
    nobody = np.array([0])
    parts.append(StepHits(3, RANGE[0], nobody, nobody, np.array([-1])))
    rules = FunnelRules(steps, order, within_ms, *RANGE)
    for key_bits in (63, 10, 1):
        found = best_attempts(parts, rules, len(entered), key_bits=key_bits)
        assert [of_unit(found, unit) for unit in range(len(entered))] == [
            expected[number] for number in entered
        ]


@given(
    st.data(),
    st.integers(2, 3),
    st.sampled_from(WINDOWS),
    st.sampled_from([np.uint8, np.uint16, np.uint32, np.int64]),
)
def test_so_they_are_where_most_units_start_once_in_any_width_of_times(
    data: st.DataObject, steps: int, within_ms: int | None, dtype: type[np.integer[Any]]
) -> None:
    # The largest time is the largest of its width, or much smaller.
    base_ms = 1 << 40
    first_ms = base_ms + data.draw(st.sampled_from([0, min(np.iinfo(dtype).max, 1 << 40) - 15]))
    times_ms = st.integers(first_ms, first_ms + 15)
    starts = st.builds(Hit, times_ms, st.just(frozenset({0})))
    others = st.builds(Hit, times_ms, st.sets(st.integers(1, steps - 1), max_size=1).map(frozenset))
    unit = st.builds(lambda start, after: [start, *after], starts, st.lists(others, max_size=6))
    units = data.draw(st.lists(unit, min_size=2, max_size=6))
    if data.draw(st.booleans()):
        units[0].append(data.draw(starts))
    rules = FunnelRules(steps, StepOrder.LOOSE, within_ms, base_ms, 1 << 50)
    found = best_attempts(as_parts(units, base_ms, dtype), rules, len(units))
    assert [of_unit(found, at) for at in range(len(units))] == [
        best(unit, steps, StepOrder.LOOSE, within_ms) for unit in units
    ]


@pytest.mark.parametrize("order", StepOrder)
def test_without_units_there_are_no_attempts(order: StepOrder) -> None:
    found = best_attempts([], FunnelRules(3, order, 5, *RANGE), 0)
    assert found.depth.tolist() == []
    assert found.elapsed_ms.shape == (3, 0)


def test_times_of_decades_and_many_units_fit_together() -> None:
    century_ms = 100 * 366 * 86_400_000
    units = 3_000
    every = np.arange(units)
    parts = [
        StepHits(1, 0, np.zeros(units, np.int64), every, every),
        StepHits(2, century_ms, np.zeros(units, np.uint8), every, every),
    ]
    rules = FunnelRules(2, StepOrder.LOOSE, None, 0, 1)
    found = best_attempts(parts, rules, units, key_bits=50)
    assert found.elapsed_ms[1].tolist() == [century_ms] * units
