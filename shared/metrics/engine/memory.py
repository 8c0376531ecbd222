"""How the process treats memory that arrays have given back."""

import ctypes
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
"""The numbers of glibc's malloc.h."""

_KEPT: Final = 512 << 20
_LARGEST: Final = 32 << 20
"""The most that glibc takes for this."""


def keep_freed_memory() -> None:
    """Have glibc keep what arrays give back, up to 512 MB, for the arrays of the next answer; those
    of 32 MB or more it returns anyway.

    Left alone it returns every few MB to the system at once and is given them again page by page,
    which took a fifth of the time of answers, and two fifths of that of a funnel of six million
    hits. Other C libraries do as they please.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGEST)
        mallopt(_M_TRIM_THRESHOLD, _KEPT)
