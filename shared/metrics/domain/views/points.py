"""The points of a series: weeks or months, of which a window may hold only a part."""

from collections.abc import Callable
from datetime import date

from shared.metrics.domain.periods import ONE_DAY, Window


def cut_off_points(
    window: Window, dates: list[date], start_of: Callable[[date], date], *, is_partial: bool
) -> list[bool]:
    """For each point, given by its first day, whether not all of it is counted: the first if it
    begins before the window, the last if it goes on after it or its last day is not over.
    """
    flags = [False] * len(dates)
    flags[0] = dates[0] < window.first
    flags[-1] = flags[-1] or is_partial or start_of(window.last + ONE_DAY) == dates[-1]
    return flags
