"""The spans of time that one question asks about."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Span(NamedTuple):
    """From an instant to another, which is left out; milliseconds UTC."""

    start_ms: int
    end_ms: int

    def holds(self, at_ms: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some instants lie in it."""
        return (at_ms >= self.start_ms) & (at_ms < self.end_ms)


class Segments:
    """The pieces that the ends of spans cut time into, numbered from 1; each span is some pieces
    side by side, and so is counted from the same sums as any other.
    """

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._edges = np.unique(np.array([edge for span in spans for edge in span], np.int64))

    def __len__(self) -> int:
        """How many there are."""
        return max(len(self._edges) - 1, 0)

    def of(self, at_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """The piece that holds each instant, from 1; 0 before the first, one more than there are
        behind the last.
        """
        return np.searchsorted(self._edges, at_ms, side="right")

    def gathered(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """From sums by (..., piece), with those before and behind, to those by (..., span)."""
        ends = np.searchsorted(self._edges, np.array(self.spans, np.int64).reshape(-1, 2))
        parts = [sums[..., start + 1 : end + 1].sum(axis=-1) for start, end in ends.tolist()]
        return np.stack(parts, axis=-1)
