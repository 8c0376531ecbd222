"""Lists the members behind a figure (definitions §6), a page at a time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.measures import Described
from shared.metrics.domain.views.members import Member, MembersAnswer


@dataclass(frozen=True, slots=True)
class Found:
    """Members by number; `values` are those of `ids`, where members have any."""

    ids: Sequence[str]
    is_member: NDArray[np.bool_]
    values: NDArray[np.int64] | None

    @staticmethod
    def adding_up(ids: Sequence[str], values: NDArray[np.int64]) -> "Found":
        """Everyone whose value is not 0."""
        return Found(ids, values > 0, values)


def members_page(
    found: Found, *, is_sum: bool, first: int, after: str | None, described: Described, proof: Proof
) -> MembersAnswer:
    """At most `first` members, those whose id sorts behind `after` or from the beginning.

    A page begins after a member and not at a place, so that members who come or go between two
    pages make nobody else appear twice or be left out.
    """
    ids = found.ids
    numbers = sorted(np.flatnonzero(found.is_member).tolist(), key=ids.__getitem__)
    start = 0
    if after is not None:
        start = bisect_right(numbers, after, key=ids.__getitem__)
    shown = numbers[start : start + first]
    total = len(numbers)
    if is_sum and found.values is not None:
        total = int(found.values[found.is_member].sum())
    return MembersAnswer(
        proof=proof,
        members=[
            Member(
                ids[at],
                *described(ids[at]),
                value=None if found.values is None else int(found.values[at]),
            )
            for at in shown
        ],
        member_count=len(numbers),
        total=total,
        has_previous=start > 0,
        has_next=start + first < len(numbers),
    )
