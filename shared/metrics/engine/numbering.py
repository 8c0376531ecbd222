"""Person numbers of one reading in terms of another: people who are in no dictionary yet may have
other numbers there.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)


def renumbered(
    values: NDArray[T], user_ids: list[str], others: list[str], absent: object
) -> NDArray[T]:
    """The values of `user_ids` (the last axis) by the numbers of `others`; `absent` for those who
    have none.
    """
    same = _same_length(user_ids, others)
    if same == len(user_ids) == len(others):
        return values
    found = np.full((*values.shape[:-1], len(others)), absent, values.dtype)
    found[..., :same] = values[..., :same]
    if same < len(user_ids):
        number = {user_id: at for at, user_id in enumerate(others[same:], start=same)}
        for at in range(same, len(user_ids)):
            to = number.get(user_ids[at])
            if to is not None:
                found[..., to] = values[..., at]
    return found


def _same_length(one: list[str], other: list[str]) -> int:
    """How many names at the beginning are the same: those of the dictionary, mostly all."""
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return shorter
    pairs = zip(one, other, strict=False)
    return next(at for at, (name, twin) in enumerate(pairs) if name != twin)
