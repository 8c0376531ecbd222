"""Distinct names of many rows, such as records, by their 128-bit identities."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.identities import NO_IDENTITIES, Identities, are_set, numbered

_MERGED_ROWS: Final = 1 << 20
"""Parts are merged when they have so many rows (24 MB), or as many as were distinct before."""


class SlotNames(NamedTuple):
    """Distinct pairs of a slot and a name."""

    slot: NDArray[np.int64]
    name: Identities


def distinct_names(slot: NDArray[np.int64], name: Identities) -> SlotNames:
    """The distinct pairs of slots and names; an absent name is none."""
    there = are_set(name)
    if not there.all():
        slot, name = slot[there], name[:, there]
    return _distinct(slot, name)


def _distinct(slot: NDArray[np.int64], name: Identities) -> SlotNames:
    number, place = numbered(name)
    slots = int(slot.max(initial=0)) + 1
    if slots == 1:
        return SlotNames(slot[place], name[:, place])
    pair = np.unique(number * slots + slot)
    return SlotNames(pair % slots, name[:, place[pair // slots]])


class DistinctNames:
    """Counts the distinct names of each slot over many parts."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._merged = SlotNames(np.zeros(0, np.int64), NO_IDENTITIES)
        self._parts: list[SlotNames] = []
        self._rows = 0

    def add(self, part: SlotNames) -> None:
        """Add names that are distinct among themselves."""
        self._parts.append(part)
        self._rows += len(part.slot)
        if self._rows > max(_MERGED_ROWS, len(self._merged.slot)):
            self.merge()

    def merge(self) -> SlotNames:
        """All distinct names so far."""
        if len(self._parts) == 1 and not len(self._merged.slot):
            self._merged = self._parts[0]
        elif self._parts:
            parts = [self._merged, *self._parts]
            self._merged = _distinct(
                np.concatenate([part.slot for part in parts]),
                np.concatenate([part.name for part in parts], axis=1),
            )
        self._parts, self._rows = [], 0
        return self._merged

    def counts(self) -> NDArray[np.int64]:
        """Distinct names of each slot."""
        return np.bincount(self.merge().slot, minlength=self._slots)
