"""What the attempts of a funnel are made from: hits by the steps that they can fill, and rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.funnel_answer import StepOrder

NO_UNIT: Final = -1


@dataclass(frozen=True, slots=True)
class StepHits:
    """Hits that can fill the same steps, which are bits; none for hits of no step, which only come
    between. Times are milliseconds since `base_ms`, in any width; none is before it.

    Each hit has a code, also in any width, in order of which, and then of time, they are;
    `unit_of_code` are the units, numbered from 0, each of one code; NO_UNIT for who is none. All is
    done faster if the units ascend with the codes.
    """

    steps: int
    base_ms: int
    times: NDArray[Any]
    code: NDArray[Any]
    unit_of_code: NDArray[np.int64]

    @property
    def times_ms(self) -> NDArray[np.int64]:
        """The times in milliseconds UTC."""
        times_ms: NDArray[np.int64] = np.add(self.times, self.base_ms, dtype=np.int64)
        return times_ms

    @property
    def unit(self) -> NDArray[np.int64]:
        """The unit of each hit."""
        # Three times as fast as indexing, which also looks for masks and slices.
        return self.unit_of_code.take(self.code)

    def only(self, wanted: NDArray[np.bool_] | NDArray[np.int64]) -> "StepHits":
        """Some of them."""
        times, code = self.times[wanted], self.code[wanted]
        return StepHits(self.steps, self.base_ms, times, code, self.unit_of_code)

    def span_ms(self) -> tuple[int, int]:
        """The first and the last time, if there are any hits."""
        return int(self.times.min()) + self.base_ms, int(self.times.max()) + self.base_ms


@dataclass(frozen=True, slots=True)
class FunnelRules:
    """How many steps there are, how they follow each other, within what time (None: any), and from
    when to when an attempt may start (the end left out), in milliseconds UTC.
    """

    steps: int
    order: StepOrder
    within_ms: int | None
    from_ms: int
    to_ms: int

    @property
    def entry_steps(self) -> int:
        """The steps of which one starts an attempt, as bits."""
        return (1 << self.steps) - 1 if self.order is StepOrder.ANY else 1

    def starting(self, hits: StepHits) -> StepHits:
        """The hits that start an attempt."""
        if not hits.steps & self.entry_steps or not len(hits.times):
            return hits.only(np.zeros(len(hits.times), bool))
        first_ms, last_ms = hits.span_ms()
        if self.from_ms <= first_ms and last_ms < self.to_ms:
            return hits
        early, late = self.from_ms - hits.base_ms, self.to_ms - hits.base_ms
        return hits.only((hits.times >= early) & (hits.times < late))


def has_entered(hits: Sequence[StepHits], rules: FunnelRules, units: int) -> NDArray[np.bool_]:
    """Which of the units have a hit that starts an attempt."""
    entered = np.zeros(units, bool)
    for part in hits:
        starting = rules.starting(part)
        if len(starting.code) <= len(part.unit_of_code):
            entered[starting.unit] = True
            continue
        # There are fewer codes than hits, so the units of codes are looked up.
        is_there = np.zeros(len(part.unit_of_code), bool)
        is_there[starting.code] = True
        entered[part.unit_of_code[is_there]] = True
    return entered


def renumbered(hits: Sequence[StepHits], number: NDArray[np.int64]) -> list[StepHits]:
    """The same hits with other numbers for the units; the last of `number` is that of all who are
    no unit.
    """
    codes = {id(part.unit_of_code): part.unit_of_code for part in hits}
    numbers = {key: number.take(unit_of_code) for key, unit_of_code in codes.items()}
    return [replace(part, unit_of_code=numbers[id(part.unit_of_code)]) for part in hits]


def numbers_of_some(units: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For `renumbered`: some of the units from 0 on, and all others none."""
    number = np.full(len(units) + 1, NO_UNIT, np.int64)
    number[:-1][units] = np.arange(np.count_nonzero(units))
    return number
