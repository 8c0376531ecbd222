"""What stands out in a series of daily hits (definitions §4): spikes, runs of days without
activity, and the daily mean before and after an annotated day.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.negative_binomial import chance_of_none
from shared.metrics.domain.views.day_norms import DayNorms, day_norms

NEAREST: Final = 8
"""A weekday's norm for activity comes from so many of its days, the nearest to the run."""
LEAST_NEAREST: Final = 2
RARE: Final = 0.001
"""A run counts if there is at most this chance that its days are empty one after another."""
DAYS_BEFORE_AND_AFTER: Final = 14


def spikes(
    hits: NDArray[np.int64],
    weekdays: NDArray[np.int64],
    covered: NDArray[np.bool_] | None = None,
    *,
    norms: DayNorms | None = None,
) -> NDArray[np.bool_]:
    """Which days have more hits than a quiet day would have.

    Takes the arguments of `day_norms`, which has the bounds to show beside them, and its answer if
    that is known already. A day that is not covered, or of which nothing is known, is no spike.
    """
    norms = norms or day_norms(hits, weekdays, covered)
    found: NDArray[np.bool_] = norms.known & (hits > norms.upper)
    return found if covered is None else found & covered


def quiet_runs(
    hits: NDArray[np.int64],
    weekdays: NDArray[np.int64],
    covered: NDArray[np.bool_] | None = None,
    *,
    norms: DayNorms | None = None,
) -> list[tuple[int, int]]:
    """First and last row of each run of days without hits that their weekdays do not explain.

    All three are (days,). A run is as long as can be: it may take in weekends that are always
    empty, but holds a day whose weekday is normally active. A day that is not covered ends it.
    """
    is_covered = np.ones(hits.shape, np.bool_) if covered is None else covered
    spread = float((norms or day_norms(hits, weekdays, is_covered)).spread[0])
    empty = np.concatenate(([False], is_covered & (hits == 0), [False]))
    turns = np.flatnonzero(empty[1:] != empty[:-1])
    runs = [(int(first), int(end) - 1) for first, end in turns.reshape(-1, 2)]
    return [run for run in runs if _is_unusual(run, hits, weekdays, is_covered, spread)]


def before_and_after(
    hits: NDArray[np.int64],
    row: int,
    days: int = DAYS_BEFORE_AND_AFTER,
    covered: NDArray[np.bool_] | None = None,
) -> tuple[float | None, float | None]:
    """Mean hits a day over up to so many days before a row, and after it.

    The day itself belongs to neither side: what is annotated happened at some hour of it. Only
    covered days of the series count; None where there are none.
    """
    return (
        _mean(hits, row - days, row, covered),
        _mean(hits, row + 1, row + 1 + days, covered),
    )


def _is_unusual(
    run: tuple[int, int],
    hits: NDArray[np.int64],
    weekdays: NDArray[np.int64],
    covered: NDArray[np.bool_],
    spread: float,
) -> bool:
    """Whether a run is too unlikely, by the days of the same weekdays outside of it."""
    first, last = run
    rows = np.arange(len(hits))
    distance = np.maximum(first - rows, rows - last)
    chance = 1.0
    normally_active = False
    for weekday, times in zip(
        *np.unique(weekdays[first : last + 1], return_counts=True), strict=True
    ):
        outside = np.flatnonzero(covered & (distance > 0) & (weekdays == weekday))
        nearest = outside[np.argsort(distance[outside], kind="stable")[:NEAREST]]
        if len(nearest) < LEAST_NEAREST:
            continue
        others = hits[nearest]
        normally_active |= bool(2 * np.count_nonzero(others) > len(others))
        chance *= _chance_of_empty(others, spread) ** int(times)
    return normally_active and chance <= RARE


def _chance_of_empty(others: NDArray[np.int64], spread: float) -> float:
    """How likely a day is empty, by others of its weekday: what their mean says, or the share of
    empty ones among them if that is more (some weekdays are busy or empty, and little between).

    Both without the extreme quarters, so that a holiday or two do not hide each other.
    """
    return max(
        chance_of_none(_middle_mean(others), spread),
        _middle_mean(others == 0),
    )


def _middle_mean(values: NDArray[np.int64] | NDArray[np.bool_]) -> float:
    """The mean of what remains when a quarter is cut off at either end."""
    cut = len(values) // 4
    return float(np.sort(values)[cut : len(values) - cut].mean())


def _mean(
    hits: NDArray[np.int64], first: int, end: int, covered: NDArray[np.bool_] | None
) -> float | None:
    rows = slice(max(first, 0), max(end, 0))
    values = hits[rows] if covered is None else hits[rows][covered[rows]]
    return float(values.mean()) if len(values) else None
