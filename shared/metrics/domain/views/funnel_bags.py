"""Which steps hits can fill when each fills one: bags of hits, where the order is of no matter."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MASKS: Final = 1 << 10
"""A hit is known by the steps that it can fill, as bits; a funnel has ten steps at most."""


class Bags:
    """Bags of hits by number; bag 0 is empty.

    A hit that lets a bag fill no further step is left out of it: whatever part of the steps is to
    be filled, the others do as well. (Where it could go, hits that fit nowhere else fill all
    steps.) So a bag has at most as many hits as there are steps, and there are few bags.
    """

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._hits: list[tuple[int, ...]] = [()]
        self._numbers: dict[tuple[int, ...], int] = {(): 0}
        self._with: dict[tuple[int, int], int] = {}

    def add(self, bags: NDArray[np.int64], masks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The bag that each bag becomes with one more hit, given as the steps it can fill."""
        pairs = bags * _MASKS + masks
        distinct = np.flatnonzero(np.bincount(pairs))
        become = np.zeros(int(distinct.max(initial=-1)) + 1, np.int64)
        become[distinct] = [self._added(*divmod(pair, _MASKS)) for pair in distinct.tolist()]
        added: NDArray[np.int64] = become[pairs]
        return added

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many steps each bag can fill."""
        return np.array([len(hits) for hits in self._hits], np.int64)

    @property
    def runs(self) -> NDArray[np.int64]:
        """As bags × steps: how many steps in a row each bag can fill, from each step on."""
        runs = [[self._run(hits, step) for step in range(self._steps)] for hits in self._hits]
        return np.array(runs, np.int64)

    def _added(self, bag: int, mask: int) -> int:
        known = self._with.get((bag, mask))
        if known is None:
            hits = tuple(sorted((*self._hits[bag], mask)))
            known = bag
            if _filled(hits, range(self._steps)) == len(hits):
                known = self._numbers.setdefault(hits, len(self._hits))
                if known == len(self._hits):
                    self._hits.append(hits)
            self._with[bag, mask] = known
        return known

    def _run(self, hits: tuple[int, ...], first: int) -> int:
        length = 0
        while first + length < self._steps:
            wanted = range(first, first + length + 1)
            if _filled(hits, wanted) < len(wanted):
                break
            length += 1
        return length


def _filled(hits: Sequence[int], steps: range) -> int:
    """The most of the steps that hits can fill, each hit one (a maximum matching)."""
    hit_of: dict[int, int] = {}

    def fills(hit: int, tried: set[int]) -> bool:
        for step in steps:
            if hits[hit] >> step & 1 and step not in tried:
                tried.add(step)
                if step not in hit_of or fills(hit_of[step], tried):
                    hit_of[step] = hit
                    return True
        return False

    return sum(fills(hit, set()) for hit in range(len(hits)))
