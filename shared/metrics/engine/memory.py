"""How the process treats memory that arrays have given back."""

from typing import Final

import numpy as np

_MOST: Final = (1 << 25) - (1 << 16)
"""Just below 32 MB, beyond which glibc never changes what it does."""


def keep_freed_memory() -> None:
    """Have glibc keep what arrays give back, up to 64 MB, for the arrays of the next answer.

    Left alone it returns every few MB to the system at once and is given them again page by page,
    which took a fifth of the time of answers. It learns from the largest block it has seen freed,
    so one is freed here; nothing is written to it. Other C libraries do as they please.
    """
    np.empty(_MOST, np.uint8)
