"""How far each attempt of a funnel gets, for all attempts of all units at once.

A key is a unit and a time in one number, the unit above: the next key of a step from a given one on
belongs to the same unit if it is within the window, because the keys of different units are further
apart than that. All functions answer steps × attempts: the time from the start to each step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.funnel_bags import Bags

NOT_REACHED: Final = -1
FAR: Final = int(np.iinfo(np.int64).max)
"""A key behind all others; its distance from any of them is beyond every window."""

_END: Final = np.array([FAR])
_NOTHING: Final = np.zeros(0, np.int64)
_CELLS_AT_ONCE: Final = 1 << 20
Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Moments:
    """The keys of the hits of a funnel of so many steps, by the steps that they can fill (bits); in
    pieces that are in order, so that a stable sort, which finds and merges these, is the fastest.
    """

    parts: Mapping[int, list[Keys]]
    steps: int
    within: int

    @property
    def are_apart(self) -> bool:
        """Whether no hit can fill more than one step."""
        return all(mask.bit_count() <= 1 for mask in self.parts)

    def of_step(self, step: int, *more: Keys) -> Keys:
        """The keys of the hits that can fill a step, and more keys, in no order."""
        found = [
            keys for mask, of_mask in self.parts.items() if mask >> step & 1 for keys in of_mask
        ]
        return np.concatenate([*found, *more, _NOTHING])

    def of_any_step(self) -> Keys:
        """The keys of the hits that can fill any, in no order."""
        found = [keys for mask, of_mask in self.parts.items() if mask for keys in of_mask]
        return np.concatenate([*found, _NOTHING])


def in_order(moments: Moments, starts: Keys, bits: int) -> tuple[Keys, NDArray[np.int64]]:
    """Attempts in the order of the steps, if no hit can fill two: from each hit to the next one of
    the following step, which may be at the same time. A key is a unit above a time of so many bits.

    Of the starts that have the same next hit of step 2, only the last can be the best of its unit,
    unless it does not get there; and then the first start of the unit is. So others are left out,
    if the hits of step 2 are fewer. Answers the starts as well.
    """
    keys = moments.of_step(1, _END)
    keys.sort(kind="stable")
    if len(keys) < len(starts):
        before = np.searchsorted(starts, keys[:-1], side="right") - 1
        unit = starts >> bits
        worth = np.append(True, unit[1:] != unit[:-1])
        worth[before[before >= 0]] = True
        starts = starts[worth]
    elapsed = np.full((moments.steps, len(starts)), NOT_REACHED, np.int64)
    elapsed[0] = 0
    alive, start, now = np.arange(len(starts)), starts, starts
    for step in range(1, moments.steps):
        if step > 1:
            keys = moments.of_step(step, _END)
            keys.sort(kind="stable")
        following = keys.take(np.searchsorted(keys, now))
        took = following - start
        on_time = np.flatnonzero(took <= moments.within)
        alive, start, now = alive.take(on_time), start.take(on_time), following.take(on_time)
        elapsed[step, alive] = took.take(on_time)
    return starts, elapsed


def in_any_order(moments: Moments, starts: Keys) -> NDArray[np.int64]:
    """Attempts in any order: of the hits from the start on, in the order of their times, each that
    lets a further step be filled.

    Of hits that can fill the same n steps, only the first n from the start on can be needed.
    """
    bags = Bags(moments.steps)
    counts = {mask: mask.bit_count() for mask in moments.parts if mask}
    masks = np.repeat(list(counts), list(counts.values()))
    ordered = [
        np.append(np.sort(np.concatenate(moments.parts[mask]), kind="stable"), [FAR] * count)
        for mask, count in counts.items()
    ]
    elapsed = np.full((moments.steps, len(starts)), NOT_REACHED, np.int64)
    at_once = max(_CELLS_AT_ONCE // len(masks), 1)
    for first in range(0, len(starts), at_once):
        some = starts[first : first + at_once]
        took = np.empty((len(masks), len(some)), np.int64)
        row = 0
        for keys, count in zip(ordered, counts.values(), strict=True):
            at = np.searchsorted(keys, some)
            for nth in range(count):
                took[row] = keys[at + nth] - some
                row += 1
        _fill(bags, masks, took, moments.within, elapsed[:, first : first + at_once])
    return elapsed


def _fill(
    bags: Bags,
    masks: NDArray[np.int64],
    took: NDArray[np.int64],
    within: int,
    elapsed: NDArray[np.int64],
) -> None:
    """Fill `elapsed` from hits × attempts, each hit with the time from the start to it."""
    order = np.argsort(took, axis=0, kind="stable")
    took = np.take_along_axis(took, order, axis=0)
    bag = np.zeros(took.shape[1], np.int64)
    for at, times in zip(order, took, strict=True):
        alive = np.flatnonzero(times <= within)
        if not len(alive):
            break
        before = bag[alive]
        after = bags.add(before, masks[at[alive]])
        grew = after != before
        alive, after = alive[grew], after[grew]
        bag[alive] = after
        elapsed[bags.sizes[after] - 1, alive] = times[alive]


@dataclass(frozen=True, slots=True)
class Instants:
    """The keys at which there is any hit, ascending, and as keys × steps how many steps in a row
    the hits at each can fill, from each step on.
    """

    keys: Keys
    runs: NDArray[np.int64]

    @staticmethod
    def of(moments: Moments, bags: Bags) -> "Instants":
        """Of all hits, those of no step included."""
        low = len(moments.parts).bit_length()
        pieces = enumerate(moments.parts.values())
        packed = np.concatenate([(keys << low) | at for at, piece in pieces for keys in piece])
        packed.sort(kind="stable")
        masks = np.array(list(moments.parts), np.int64)
        of_hit, keys = masks[packed & ((1 << low) - 1)], packed >> low
        is_new = np.append(True, keys[1:] != keys[:-1])
        instant = np.cumsum(is_new) - 1
        # Of hits at one instant that can fill the same n steps, n are enough.
        same = np.append(False, packed[1:] == packed[:-1])
        nth = _places_in_runs(~same)
        needed = np.flatnonzero(nth < np.bitwise_count(of_hit))
        instant, of_hit = instant[needed], of_hit[needed]
        place = _places_in_runs(np.append(True, instant[1:] != instant[:-1]))
        bag = np.zeros(int(np.count_nonzero(is_new)), np.int64)
        for nth_hit in range(int(place.max(initial=-1)) + 1):
            at = np.flatnonzero(place == nth_hit)
            bag[instant[at]] = bags.add(bag[instant[at]], of_hit[at])
        return Instants(keys[is_new], bags.runs[bag])


def in_order_among_instants(
    instants: Instants, at: NDArray[np.int64], within: int
) -> NDArray[np.int64]:
    """Attempts in the order of the steps, from the instants `at` on. At each instant an attempt
    fills as many steps as it can: it could do no better by leaving any for later.
    """
    keys, runs = instants.keys, instants.runs
    starts, now, following = keys[at], at.copy(), runs[at, 0]
    elapsed = np.full((runs.shape[1], len(at)), NOT_REACHED, np.int64)
    for step in range(len(elapsed)):
        elapsed[step, following > step] = 0
    for step in range(1, len(elapsed)):
        able = np.flatnonzero(runs[:, step] > 0)
        able_keys = np.append(keys[able], FAR)
        waiting = np.flatnonzero(following == step)
        place = np.searchsorted(able_keys, keys[now[waiting]], side="right")
        took = able_keys[place] - starts[waiting]
        on_time = took <= within
        waiting, took = waiting[on_time], took[on_time]
        now[waiting] = able[place[on_time]]
        following[waiting] += runs[now[waiting], step]
        for filled in range(step, len(elapsed)):
            fills = following[waiting] > filled
            elapsed[filled, waiting[fills]] = took[fills]
    return elapsed


def in_strict_order(instants: Instants, at: NDArray[np.int64], within: int) -> NDArray[np.int64]:
    """Attempts that fill a step at every instant from `at` on, until they end. As it can matter
    later how many steps were filled at an instant, all that is possible is kept: bit d, if d + 1
    steps can have been filled.
    """
    keys, runs = instants.keys, instants.runs
    steps = runs.shape[1]
    elapsed = np.full((steps, len(at)), NOT_REACHED, np.int64)
    alive, start = np.arange(len(at)), keys[at]
    took = np.zeros(len(at), np.int64)
    possible = (1 << runs[at, 0]) - 1
    now = at
    for _ in range(steps):
        for step in range(steps):
            reached = (possible >> step & 1 == 1) & (elapsed[step, alive] == NOT_REACHED)
            elapsed[step, alive[reached]] = took[reached]
        now = now + 1
        took = np.append(keys, FAR)[now] - start
        goes_on = (took <= within) & (possible != 0)
        alive, start, took, now = alive[goes_on], start[goes_on], took[goes_on], now[goes_on]
        before, possible = possible[goes_on], np.zeros(len(alive), np.int64)
        for step in range(1, steps):
            fills = ((1 << runs[now, step]) - 1) << step
            possible |= np.where(before >> (step - 1) & 1 == 1, fills, 0)
    return elapsed


def _places_in_runs(begins: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The place of each element in its run, from 0; `begins` tells where runs do."""
    at = np.arange(len(begins))
    return at - np.maximum.accumulate(np.where(begins, at, 0))
