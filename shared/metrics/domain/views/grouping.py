"""Which groups an answer has: those with most, and the rest as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_GROUPS: Final = 50
OTHER_GROUPS: Final = "(other groups)"
"""Stands for all groups beyond the most that an answer has."""


@dataclass(frozen=True, slots=True)
class KeptGroups:
    """The groups of an answer, in order. `place` has for each group that there is its index among
    `names`; `has_others` says whether the last of these stands for several.
    """

    names: list[str]
    place: NDArray[np.int64]
    has_others: bool


def kept_groups(
    names: Sequence[str], *weights: Sequence[int], most: int = MOST_GROUPS
) -> KeptGroups:
    """Keep the groups with the largest weights: by the first, then the second, …, then by name.

    All others become `OTHER_GROUPS`, the last.
    """
    order = sorted(
        range(len(names)), key=lambda group: (*(-weight[group] for weight in weights), names[group])
    )
    place = np.full(len(names), min(most, len(names)), np.int64)
    place[order[:most]] = np.arange(len(order[:most]))
    kept = [names[group] for group in order[:most]]
    has_others = len(names) > most
    return KeptGroups([*kept, OTHER_GROUPS] if has_others else kept, place, has_others)
