"""Buckets of people by their number of hits (definitions §4): upper edges are inclusive."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from shared.metrics.domain.errors import BadInputError

DEFAULT_BUCKET_EDGES: Final = (10, 100, 1_000)
"""1–10, 11–100, 101–1000, more than 1000."""

MAX_BUCKET_EDGES: Final = 9
MAX_BUCKET_EDGE: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many hits: at least `from_hits`, at most `to_hits`; None: any number more."""

    from_hits: int
    to_hits: int | None


ZERO: Final = Bucket(0, 0)
ANY_HITS: Final = Bucket(1, None)


def check_edges(edges: Sequence[int], field: str) -> tuple[int, ...]:
    """The edges; BadInputError unless 1 to 9 whole numbers above 0, each larger than the last."""
    if not 1 <= len(edges) <= MAX_BUCKET_EDGES:
        message = f"{field} has {len(edges)} edges; give 1 to {MAX_BUCKET_EDGES}"
        raise BadInputError(message, field=field)
    for edge in edges:
        if not 1 <= edge <= MAX_BUCKET_EDGE:
            message = f"{field} has the edge {edge:,}; an edge is 1 to {MAX_BUCKET_EDGE:,}"
            raise BadInputError(message, field=field)
    for edge, following in pairwise(edges):
        if following <= edge:
            message = f"{field} has {following:,} after {edge:,}; give the edges in ascending order"
            raise BadInputError(message, field=field)
    return tuple(edges)


def buckets_of(edges: Sequence[int]) -> list[Bucket]:
    """The buckets that edges make; the last one has no upper end."""
    return [
        Bucket(lower + 1, upper) for lower, upper in zip((0, *edges), (*edges, None), strict=True)
    ]
