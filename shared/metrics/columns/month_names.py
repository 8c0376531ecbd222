"""The identities of the records and accounts of a month, by which its hits name them in a few bytes
(docs/data-model.md).
"""

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.identities import NOT_THERE, Identities, are_set, numbered


def distinct_names(identities: Identities) -> Identities:
    """The identities of names, each once and in order, without that of an absent one."""
    named = identities[:, are_set(identities)]
    _, place = numbered(named)
    return named[:, place]


class NameTable:
    """Distinct identities in order, and where to look for one: they are as good as random, so their
    first bits tell about where it is.
    """

    def __init__(self, identities: Identities) -> None:
        """A table of what `distinct_names` gives."""
        self._first, self._second = identities
        self._shift = np.uint64(64 - max(len(self._first).bit_length(), 1))
        begins_with = (self._first >> self._shift).astype(np.int64)
        counts = np.bincount(begins_with, minlength=1 << (64 - int(self._shift)))
        self._begin = (np.cumsum(counts) - counts).astype(np.uint32)

    def places(self, identities: Identities) -> NDArray[np.int64]:
        """The place of each in the table, NOT_THERE for that of an absent name; all others must be
        in it.
        """
        places = np.full(identities.shape[1], NOT_THERE, np.int64)
        waiting = np.flatnonzero(are_set(identities))
        first, second = identities[0][waiting], identities[1][waiting]
        place = self._begin[(first >> self._shift).view(np.int64)]
        while len(waiting):
            is_there = (self._first[place] == first) & (self._second[place] == second)
            places[waiting[is_there]] = place[is_there]
            is_behind = ~is_there
            waiting, place = waiting[is_behind], place[is_behind] + 1
            first, second = first[is_behind], second[is_behind]
        return places
