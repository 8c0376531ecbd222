"""On which days people were active: days × people of a reading, or of a part of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.periods import Window
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.reading import Reading


@dataclass(frozen=True, slots=True)
class Part:
    """The days of a window of a reading (None: of its span), and some people by number (None:
    everyone).
    """

    reading: Reading
    window: Window | None = None
    people: NDArray[np.int64] | None = None

    def active(self) -> Mask:
        """Days × people: who was active while counting: matching the filter, no integration."""
        return self.counted(BlockKind.CORE, "present", np.bool_)

    def counting(self) -> Mask:
        """Days × people: who counts, active or not."""
        window = self.window or self.reading.span
        width = len(self.reading.user_ids if self.people is None else self.people)
        counting: Mask = self._of_those(np.ones((window.length, width), bool), self.reading.mask)
        return counting

    def seen(self) -> Mask:
        """Days × people: who was active at all, but as an integration."""
        present: Mask = self._matrix(BlockKind.CORE, "present", np.bool_)
        return self._of_those(present, self.reading.everyone)

    def counted(self, kind: BlockKind, column: str, dtype: type[np.generic]) -> NDArray[Any]:
        """A column as days × people, 0 where someone does not count."""
        return self._of_those(self._matrix(kind, column, dtype), self.reading.mask)

    def _matrix(self, kind: BlockKind, column: str, dtype: type[np.generic]) -> NDArray[Any]:
        return self.reading.snapshot.matrix(kind, column, dtype, self.window, self.people)

    def _of_those(self, values: NDArray[Any], mask: Mask | None) -> NDArray[Any]:
        if mask is None:
            return values
        if self.window is not None:
            first = self.reading.snapshot.row(self.window.first)
            mask = mask[first : first + self.window.length]
        if self.people is not None:
            mask = mask[:, self.people]
        counted: NDArray[Any] = values * mask
        return counted
