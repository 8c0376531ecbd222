"""The attempts of units that can start only once, such as records that are created as step 1.

For these nothing needs to be put in order: the next hit of a step is the smallest time that is not
before the last one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.funnel_step_hits import FunnelRules, StepHits
from shared.metrics.domain.views.funnel_sweeps import FAR, NOT_REACHED


def start_once(starting: Sequence[StepHits], units: int) -> NDArray[np.bool_]:
    """Which units have one hit that starts an attempt; all have at least one."""
    if sum(len(hits.times) for hits in starting) == units:
        return np.ones(units, bool)
    counts = np.zeros(units, np.int64)
    for hits in starting:
        counts += np.bincount(hits.unit, minlength=units)
    once: NDArray[np.bool_] = counts == 1
    return once


def in_order_from_single_starts(
    hits: Sequence[StepHits],
    starting: Sequence[StepHits],
    is_single: NDArray[np.bool_],
    rules: FunnelRules,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When the attempts of the units that start once begin, and as steps × units the time from
    there to each step. No hit may be able to fill two steps. Other units reach nothing.
    """
    start_ms = np.full(len(is_single), FAR, np.int64)
    for part in starting:
        start_ms[part.unit] = part.times_ms
    start_ms[~is_single] = FAR
    elapsed_ms = np.empty((rules.steps, len(is_single)), np.int64)
    elapsed_ms[0] = np.where(is_single, 0, NOT_REACHED)
    now_ms = start_ms
    for step in range(1, rules.steps):
        now_ms = _earliest([part for part in hits if part.steps >> step & 1], now_ms)
        took = np.subtract(now_ms, start_ms, out=elapsed_ms[step])
        missed = now_ms == FAR
        if rules.within_ms is not None:
            missed |= took > rules.within_ms
        took[missed] = NOT_REACHED
        now_ms[missed] = FAR
    return start_ms, elapsed_ms


def _earliest(hits: Sequence[StepHits], now_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first hit of each unit that is not before a time; FAR if there is none."""
    found = np.full_like(now_ms, FAR)
    now_of_unit = np.append(now_ms, FAR)  # the last is that of NO_UNIT
    now_of_code: dict[int, NDArray[np.int64]] = {}
    for part in hits:
        unit = part.unit_of_code
        if id(unit) not in now_of_code:
            # Looked up by code and not by hit: of these there are more.
            now_of_code[id(unit)] = now_of_unit.take(unit)
        times_ms = part.times_ms
        late = now_of_code[id(unit)].take(part.code) <= times_ms
        np.minimum.at(found, unit.take(part.code[late]), times_ms[late])
    return found
