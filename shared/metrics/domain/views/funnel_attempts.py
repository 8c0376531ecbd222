"""The best attempt of each unit of a funnel (definitions §4).

An attempt starts with a hit in the range and fills steps with distinct hits of the unit, all within
the window. The best one gets furthest; of those it takes the shortest time, and then starts first.
It fills every step as early as it can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.funnel_answer import StepOrder
from shared.metrics.domain.views.funnel_bags import Bags
from shared.metrics.domain.views.funnel_single_starts import (
    in_order_from_single_starts,
    start_once,
)
from shared.metrics.domain.views.funnel_step_hits import (
    FunnelRules,
    StepHits,
    numbers_of_some,
    renumbered,
)
from shared.metrics.domain.views.funnel_sweeps import (
    NOT_REACHED,
    Instants,
    Moments,
    in_any_order,
    in_order,
    in_order_among_instants,
    in_strict_order,
)

_KEY_BITS: Final = 63
_OF_OTHERS: Final = -(1 << 62)
"""Added to a time it is negative, as no key is."""

_MANY_STARTS: Final = 4
"""With so many a unit it is not worth looking for units that start only once."""

_DEPTH_SHIFT: Final = 50
"""Where the number of steps begins in the rank of an attempt; times stay far below that."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The best attempt of each unit: when it starts (milliseconds UTC), and as steps × units the
    time from there to each step in milliseconds, NOT_REACHED for those it does not get to.
    """

    start_ms: NDArray[np.int64]
    elapsed_ms: NDArray[np.int64]

    def at(self, places: NDArray[np.int64]) -> "Attempts":
        """Some of them."""
        return Attempts(self.start_ms[places], self.elapsed_ms.take(places, axis=1))

    @property
    def depth(self) -> NDArray[np.int64]:
        """How many steps each fills."""
        depth = np.zeros(self.elapsed_ms.shape[1], np.int64)
        for of_step in self.elapsed_ms:
            depth += of_step != NOT_REACHED
        return depth

    @property
    def last_elapsed_ms(self) -> NDArray[np.int64]:
        """The time to the last step that each fills: times only grow, and NOT_REACHED is less."""
        last: NDArray[np.int64] = self.elapsed_ms.max(axis=0, initial=0)
        return last


def best_attempts(
    hits: Sequence[StepHits], rules: FunnelRules, units: int, *, key_bits: int = _KEY_BITS
) -> Attempts:
    """The best attempt of every unit, each of which has a hit that starts one.

    A hit is worked with as one number, its unit and its time. With more units than fit beside the
    times into `key_bits`, they are taken some at a time.
    """
    if not units:
        return Attempts(np.zeros(0, np.int64), np.zeros((rules.steps, 0), np.int64))
    masks = {part.steps for part in hits}
    if rules.order is StepOrder.LOOSE and all(mask.bit_count() <= 1 for mask in masks):
        starting = [rules.starting(part) for part in hits if part.steps & rules.entry_steps]
        if sum(len(part.times) for part in starting) < _MANY_STARTS * units:
            is_single = start_once(starting, units)
            if 2 * np.count_nonzero(is_single) > units:
                return _of_single_starts(hits, starting, is_single, rules, key_bits)
    return _best_attempts(hits, rules, units, key_bits)


def _of_single_starts(
    hits: Sequence[StepHits],
    starting: Sequence[StepHits],
    is_single: NDArray[np.bool_],
    rules: FunnelRules,
    key_bits: int,
) -> Attempts:
    """The same, where many units start only once."""
    found = Attempts(*in_order_from_single_starts(hits, starting, is_single, rules))
    if not is_single.all():
        others = np.flatnonzero(~is_single)
        rest_of = renumbered(hits, numbers_of_some(~is_single))
        rest = _best_attempts(rest_of, rules, len(others), key_bits)
        found.start_ms[others] = rest.start_ms
        found.elapsed_ms[:, others] = rest.elapsed_ms
    return found


def _best_attempts(
    hits: Sequence[StepHits], rules: FunnelRules, units: int, key_bits: int
) -> Attempts:
    spans = [part.span_ms() for part in hits if len(part.times)]
    base_ms = min(first_ms for first_ms, _ in spans)
    length_ms = max(last_ms for _, last_ms in spans) - base_ms
    within_ms = length_ms if rules.within_ms is None else min(rules.within_ms, length_ms)
    # The keys of different units are further apart than the window is long.
    bits = (length_ms + within_ms).bit_length()
    masks = sorted({part.steps for part in hits})
    at_once = 1 << max(key_bits - bits - len(masks).bit_length(), 0)
    entry = _Entry(rules.from_ms - base_ms, rules.to_ms - base_ms, bits, length_ms)
    found = []
    for first in range(0, units, at_once):
        keys = _Keys(first, first + at_once, bits, base_ms)
        parts = {mask: [keys.of(part) for part in hits if part.steps == mask] for mask in masks}
        starts, elapsed_ms = _attempts(Moments(parts, rules.steps, within_ms), rules.order, entry)
        tried = Attempts((starts & ((1 << bits) - 1)) + base_ms, elapsed_ms)
        found.append(tried.at(_best_of_units(starts >> bits, tried)))
    return Attempts(
        np.concatenate([part.start_ms for part in found]),
        np.concatenate([part.elapsed_ms for part in found], axis=1),
    )


class _Keys:
    """Makes the keys of hits of some units: the unit above the time since `base_ms`, which has so
    many bits.
    """

    def __init__(self, first: int, end: int, bits: int, base_ms: int) -> None:
        self._units = (first, end)
        self._bits = bits
        self._base_ms = base_ms
        self._origins: dict[tuple[int, int], NDArray[np.int64]] = {}

    def of(self, hits: StepHits) -> NDArray[np.int64]:
        """The keys of the hits, in no order."""
        keys: NDArray[np.int64] = self._origin(hits).take(hits.code)
        keys += hits.times
        if keys.min(initial=0) < 0:
            keys = keys[keys >= 0]
        return keys

    def _origin(self, hits: StepHits) -> NDArray[np.int64]:
        """By code the key at the hits' time 0; far below 0 for the codes of others. Many hits have
        the same codes.
        """
        unit, after_ms = hits.unit_of_code, hits.base_ms - self._base_ms
        origin = self._origins.get((id(unit), after_ms))
        if origin is None:
            first, end = self._units
            is_one = (unit >= first) & (unit < end)
            origin = np.where(is_one, (unit - first << self._bits) + after_ms, _OF_OTHERS)
            self._origins[id(unit), after_ms] = origin
        return origin


@dataclass(frozen=True, slots=True)
class _Entry:
    """When an attempt may start, of keys whose lower bits are a time, which is `last` at most."""

    earliest: int
    end: int
    bits: int
    last: int

    def of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The keys at which one may."""
        return keys if self._is_all else keys[self.allows(keys)]

    def allows(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """At which keys one may."""
        if self._is_all:
            return np.ones(len(keys), bool)
        times = keys & ((1 << self.bits) - 1)
        return (times >= self.earliest) & (times < self.end)

    @property
    def _is_all(self) -> bool:
        return self.earliest <= 0 and self.last < self.end


def _attempts(
    moments: Moments, order: StepOrder, entry: _Entry
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys at which attempts start, ascending, and steps × attempts the time to each step; not
    of those of which it is clear that they are not the best of their unit.
    """
    if order is StepOrder.ANY:
        starts = _distinct(entry.of(moments.of_any_step()))
        return starts, in_any_order(moments, starts)
    if order is StepOrder.LOOSE and moments.are_apart:
        return in_order(moments, _distinct(entry.of(moments.of_step(0))), entry.bits)
    instants = Instants.of(moments, Bags(moments.steps))
    at = np.flatnonzero((instants.runs[:, 0] > 0) & entry.allows(instants.keys))
    sweep = in_strict_order if order is StepOrder.STRICT else in_order_among_instants
    return instants.keys[at], sweep(instants, at, moments.within)


def _distinct(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct keys, which are put in order in their place; faster than numpy's own, which
    hashes them first. They are in pieces that are in order, which a stable sort finds and merges.
    """
    keys.sort(kind="stable")
    is_new = keys[1:] != keys[:-1]
    return keys if is_new.all() else keys[np.append(True, is_new)]


def _best_of_units(unit: NDArray[np.int64], tried: Attempts) -> NDArray[np.int64]:
    """The best attempt of each unit, in order; the attempts are ordered by unit and start."""
    begins = np.flatnonzero(np.append(True, unit[1:] != unit[:-1]))
    if len(begins) == len(unit):
        return begins
    rank = tried.last_elapsed_ms - (tried.depth << _DEPTH_SHIFT)
    best = np.minimum.reduceat(rank, begins)
    at = np.flatnonzero(rank == np.repeat(best, np.diff(begins, append=len(unit))))
    first: NDArray[np.int64] = at[np.append(True, unit[at[1:]] != unit[at[:-1]])]
    return first
