"""The funnel (definitions §4): from the best attempt of each unit to the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.funnel_answer import (
    FunnelAnswer,
    FunnelGroups,
    FunnelState,
    FunnelSteps,
    FunnelUnit,
    StepOrder,
)
from shared.metrics.domain.views.funnel_attempts import Attempts
from shared.metrics.domain.views.funnel_sweeps import NOT_REACHED
from shared.metrics.domain.views.grouping import kept_groups

STATES: Final = (FunnelState.CONVERTED, FunnelState.DROPPED, FunnelState.IN_PROGRESS)
"""The states by code."""

_CONVERTED, _DROPPED, _IN_PROGRESS = range(len(STATES))
_MEDIAN_AND_P90: Final = (5, 9)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How every unit has fared: its best attempt, how many steps that filled, and its state."""

    attempts: Attempts
    depth: NDArray[np.int64]
    state: NDArray[np.int64]

    @staticmethod
    def of(attempts: Attempts, within_ms: int | None, as_of_ms: int) -> "Outcome":
        """As of an instant. A step exactly at the end of the window is still in it."""
        depth = attempts.depth
        state = np.full(len(depth), _IN_PROGRESS, np.int64)
        if within_ms is not None:
            state[attempts.start_ms < as_of_ms - within_ms] = _DROPPED
        state[depth == len(attempts.elapsed_ms)] = _CONVERTED
        return Outcome(attempts, depth, state)

    @property
    def reached_ms(self) -> NDArray[np.int64]:
        """When each unit filled the last step that it did."""
        times_ms: NDArray[np.int64] = self.attempts.start_ms + self.attempts.last_elapsed_ms
        return times_ms

    def elapsed_ms(self, step: int) -> NDArray[np.int64]:
        """The time to a step, from 0, of the units that filled it, in no order."""
        if not step:
            return np.zeros(len(self.depth), np.int64)
        of_step = self.attempts.elapsed_ms[step]
        times: NDArray[np.int64] = of_step[of_step != NOT_REACHED]
        return times


@dataclass(frozen=True, slots=True)
class UnitGroups:
    """The group of each unit, an index of `names`."""

    names: Sequence[str]
    code: NDArray[np.int64]


def funnel(
    outcome: Outcome,
    groups: UnitGroups | None,
    *,
    unit: FunnelUnit,
    order: StepOrder,
    within_ms: int | None,
    proof: Proof,
    is_backfilled: bool,
    no_data_days: list[date],
) -> FunnelAnswer:
    """Answer the funnel."""
    steps = len(outcome.attempts.elapsed_ms)
    times = [outcome.elapsed_ms(step) for step in range(steps)]
    counts = [len(of_step) for of_step in times]
    quantiles = [quantiles_ms(of_step, _MEDIAN_AND_P90) for of_step in times]
    states = np.bincount(outcome.state, minlength=len(STATES)).tolist()
    drop_offs = [_less_than_one(after, before) for before, after in pairwise(counts)]
    return FunnelAnswer(
        proof=proof,
        unit=unit,
        order=order,
        within_ms=within_ms,
        steps=FunnelSteps(
            counts=counts,
            shares=[_ratio(count, counts[0]) for count in counts],
            drop_offs=[None, *drop_offs],
            median_ms=[median_ms for median_ms, _ in quantiles],
            p90_ms=[p90_ms for _, p90_ms in quantiles],
        ),
        converted=states[_CONVERTED],
        dropped=states[_DROPPED],
        in_progress=states[_IN_PROGRESS],
        completion_rate=_ratio(counts[-1], counts[0]),
        matured_rate=_matured_rate(states, within_ms),
        bottleneck_step=_bottleneck(drop_offs),
        median_ms=quantiles[-1][0],
        p90_ms=quantiles[-1][1],
        groups=_grouped(outcome, groups, within_ms) if groups else None,
        is_backfilled=is_backfilled,
        no_data_days=no_data_days,
    )


def quantiles_ms(values: NDArray[np.int64], tenths: Sequence[int]) -> list[int | None]:
    """For each number of tenths, how large so many of the values are at most: between two values
    in proportion, to the nearest millisecond, half a one up. None without values.
    """
    if not len(values):
        return [None] * len(tenths)
    places = [divmod((len(values) - 1) * so_many, 10) for so_many in tenths]
    # Only these need to be where an order of all would have them.
    ordered = np.partition(values, [at for at, _ in places])
    found: list[int | None] = []
    for at, part in places:
        lower = int(ordered[at])
        gap = int(ordered[at + 1 :].min()) - lower if part else 0
        found.append(lower + (2 * gap * part + 10) // 20)
    return found


def _grouped(outcome: Outcome, groups: UnitGroups, within_ms: int | None) -> FunnelGroups:
    steps = len(outcome.attempts.elapsed_ms)
    sizes = np.bincount(groups.code, minlength=len(groups.names))
    there = np.flatnonzero(sizes)
    kept = kept_groups([groups.names[at] for at in there.tolist()], sizes[there].tolist())
    place = np.zeros(len(groups.names), np.int64)
    place[there] = kept.place
    of_unit = place[groups.code]
    counts = []
    rates, matured, median, p90 = [], [], [], []
    for group in range(len(kept.names)):
        members = of_unit == group
        depth, state = outcome.depth[members], outcome.state[members]
        so_far = [int(np.count_nonzero(depth > step)) for step in range(steps)]
        states = np.bincount(state, minlength=len(STATES)).tolist()
        times = outcome.attempts.elapsed_ms[-1, members][depth == steps]
        median_ms, p90_ms = quantiles_ms(times, _MEDIAN_AND_P90)
        counts.append(so_far)
        rates.append(_ratio(so_far[-1], so_far[0]))
        matured.append(_matured_rate(states, within_ms))
        median.append(median_ms)
        p90.append(p90_ms)
    return FunnelGroups(kept.names, counts, rates, matured, median, p90, kept.has_others)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _less_than_one(part: int, whole: int) -> float | None:
    """1 - part / whole, without the error of a difference of fractions."""
    return (whole - part) / whole if whole else None


def _matured_rate(states: list[int], within_ms: int | None) -> float | None:
    if within_ms is None:
        return None
    return _ratio(states[_CONVERTED], states[_CONVERTED] + states[_DROPPED])


def _bottleneck(drop_offs: Sequence[float | None]) -> int | None:
    """The number of the step before which most are lost, the first of equals; steps count from 1,
    and `drop_offs` begin with that of the second.
    """
    known = [lost for lost in drop_offs if lost is not None]
    return drop_offs.index(max(known)) + 2 if known else None
