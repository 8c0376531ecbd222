"""Trends (definitions §4) of a whole tenant: measures by day, week or month."""

from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import ONE_DAY, Window
from shared.metrics.domain.views.answers import Proof, TrendsAnswer
from shared.metrics.domain.views.day_table import DayTable, SessionSums
from shared.metrics.domain.views.measures import buckets


def trends(
    window: Window,
    table: DayTable,
    sessions: SessionSums,
    start_of: Callable[[date], date],
    *,
    proof: Proof,
) -> TrendsAnswer:
    """Compute Trends over a window, which is the span of the tables. `start_of` gives the first
    day of the interval that holds a day.
    """
    dates, starts = buckets(window, start_of)
    ends = [*starts[1:], window.length]

    def added(by_day: NDArray[np.int64]) -> list[int]:
        summed: list[int] = np.add.reduceat(by_day, starts).tolist()
        return summed

    return TrendsAnswer(
        proof=proof,
        dates=dates,
        is_partial=_partial(window, dates, start_of, is_partial=proof.is_partial),
        hits=added(table.hits_by_day),
        active_users=[
            int(np.count_nonzero(table.present[start:end].any(axis=0)))
            for start, end in zip(starts, ends, strict=True)
        ],
        attendance=added(table.active_by_day),
        logins=added(table.logins_by_day),
        sessions=added(sessions.sessions),
        single_event_sessions=added(sessions.single_event_sessions),
        session_milliseconds=added(sessions.session_ms),
    )


def _partial(
    window: Window, dates: list[date], start_of: Callable[[date], date], *, is_partial: bool
) -> list[bool]:
    """The first interval if it begins before the window, the last if it goes on after it or its
    last day is not over.
    """
    flags = [False] * len(dates)
    flags[0] = dates[0] < window.first
    flags[-1] = flags[-1] or is_partial or start_of(window.last + ONE_DAY) == dates[-1]
    return flags
