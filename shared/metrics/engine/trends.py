"""Trends: reads the days it needs, and lets the domain compute."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import compared_windows
from shared.metrics.domain.views import trends as domain
from shared.metrics.domain.views.grouping import KeptGroups, kept_groups
from shared.metrics.domain.views.measures import buckets
from shared.metrics.domain.views.trends import Daily, Period
from shared.metrics.domain.views.trends_answer import TrendsAnswer
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import Interval, TrendsRequest
from shared.metrics.engine.trend_groups import RANKING
from shared.metrics.engine.trend_period import AskedPeriod, PeriodDays, PeriodReading
from shared.metrics.engine.usage import check_known

MAX_POINTS_OF_GROUPS: Final = 400
"""So many points of so many groups as there may be are 20 000 numbers a measure."""
_STEP_DAYS: Final = {Interval.DAY: 1, Interval.WEEK: 7, Interval.MONTH: None}


def trends(question: Question, request: TrendsRequest) -> TrendsAnswer:
    """Answer Trends."""
    asked = question.asked(request)
    window, compared = asked.window, None
    if request.comparison is not None:
        window, compared = compared_windows(
            asked.window, request.comparison, is_partial=asked.is_partial
        )
    start_of = question.start_of(request.interval)
    _, starts = buckets(window, start_of)
    if request.group_by is not None:
        _check_points(request, len(starts))
    periods = [AskedPeriod(window, starts)]
    if compared is not None:
        aligned = domain.aligned_starts(starts, compared.length, _STEP_DAYS[request.interval])
        periods.append(AskedPeriod(compared, aligned, is_cut=asked.is_partial))
    readings = [
        PeriodReading(request, period, PeriodDays.of(question, request, period))
        for period in periods
    ]
    if not request.selection.is_everything():
        check_known(readings[0].usage.reading, request.selection, "selection")
    kept = _kept(readings) if request.group_by is not None else None
    with_means = request.totals and any(reading.no_data.any() for reading in readings)
    now, *then = (
        _period(period, reading, kept[at] if kept else None, with_means=with_means)
        for at, (period, reading) in enumerate(zip(periods, readings, strict=True))
    )
    return domain.trends(
        now,
        then[0] if then else None,
        start_of,
        proof=question.proof(asked, window),
        is_backfilled=any(reading.is_backfilled for reading in readings),
        with_totals=request.totals,
        groups=kept[0] if kept else None,
    )


def _period(
    asked: AskedPeriod, reading: PeriodReading, kept: KeptGroups | None, *, with_means: bool
) -> Period:
    """What was counted in a window; with the means of its days if they are needed."""
    daily = Daily(~reading.no_data, *reading.by_day().counted(kept)) if with_means else None
    return Period(asked.window, asked.starts, *reading.counted(kept), reading.no_data, daily)


def _check_points(request: TrendsRequest, points: int) -> None:
    if points > MAX_POINTS_OF_GROUPS:
        message = (
            f"the range has {points:,} points by {request.interval.value}; of groups at most "
            f"{MAX_POINTS_OF_GROUPS} can be asked for: choose a longer interval or a shorter range"
        )
        raise BadInputError(message, field="interval")


def _kept(readings: Sequence[PeriodReading]) -> list[KeptGroups]:
    """The groups of the answer, the same for all periods; `place` is by the names of each."""
    found = sorted({name for reading in readings for name in _counted_names(reading)})
    weights = [
        [by_name.get(name, 0) for name in found]
        for reading in readings
        for by_name in _weights(reading)
    ]
    kept = kept_groups(found, *weights)
    place = dict(zip(found, kept.place.tolist(), strict=True))
    return [
        KeptGroups(kept.names, _places(reading, place), kept.has_others) for reading in readings
    ]


def _places(reading: PeriodReading, place: dict[str, int]) -> NDArray[np.int64]:
    # A group that has nothing has no place: it may still have hits on days before the window.
    return np.array([place.get(name, -1) for name in reading.grouping.names], np.int64)


def _counted_names(reading: PeriodReading) -> list[str]:
    """The groups of which there is anything to count."""
    counted = np.logical_or.reduce([table.any(axis=1) for table in reading.group_sums.values()])
    return [reading.grouping.names[group] for group in np.flatnonzero(counted).tolist()]


def _weights(reading: PeriodReading) -> list[dict[str, int]]:
    """What each group is ordered by: hits first, then attendance."""
    found = []
    for which in RANKING:
        table = reading.group_sums.get(which)
        if table is not None:
            weights = table.sum(axis=1).tolist()
            found.append(dict(zip(reading.grouping.names, weights, strict=True)))
    return found
