"""The attempts of units that can start only once, such as records that are created as step 1.

For these nothing needs to be put in order: the next hit of a step is the first that is not before
the last one.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.funnel_step_hits import FunnelRules, StepHits
from shared.metrics.domain.views.funnel_sweeps import FAR, NOT_REACHED

_NARROW_FAR: Final = (1 << 32) - 1


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
    now = _Now(now_ms)
    for part in hits:
        code = part.code
        is_late = part.times >= now.of(part).take(code)
        # Times ascend within a code, so that the first late hit of each is the earliest.
        is_first = is_late.copy()
        is_first[1:] &= (code[1:] != code[:-1]) | ~is_late[:-1]
        first = part.only(np.flatnonzero(is_first))
        at = first.unit
        found[at] = np.minimum(found.take(at), first.times_ms)
    return found


class _Now:
    """Times of units, by the codes of hits and on the scale of these: there are more hits than
    codes, and several parts of hits have the same.
    """

    def __init__(self, now_ms: NDArray[np.int64]) -> None:
        self._of_unit = np.append(now_ms, FAR)  # the last is that of NO_UNIT
        self._of_code: dict[tuple[int, int, bool], NDArray[Any]] = {}

    def of(self, part: StepHits) -> NDArray[Any]:
        """The time of each code; of FAR one behind all hits. In the width of the hits' times if
        that can be: to compare is several times as fast then.
        """
        is_narrow = part.times.dtype == np.uint32 and part.times.max(initial=0) < _NARROW_FAR
        scale = id(part.unit_of_code), part.base_ms, is_narrow
        if scale not in self._of_code:
            now = self._of_unit.take(part.unit_of_code)
            now -= part.base_ms
            if is_narrow:
                now = now.clip(0, _NARROW_FAR).astype(np.uint32)
            self._of_code[scale] = now
        return self._of_code[scale]
