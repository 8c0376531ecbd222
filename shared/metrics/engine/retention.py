"""Retention: reads the days it needs, and lets the domain compute."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window, week_start
from shared.metrics.domain.views import retention as domain
from shared.metrics.domain.views.engagement_answers import RetentionAnswer
from shared.metrics.domain.views.measures import buckets, points_with
from shared.metrics.domain.views.points import cut_off_points
from shared.metrics.engine.engagement_requests import RetentionRequest, Returning
from shared.metrics.engine.firsts import first_active_day, first_use_day
from shared.metrics.engine.groups import groups_of
from shared.metrics.engine.no_data import no_data_over
from shared.metrics.engine.presence import Part
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import Interval, PeopleAttribute
from shared.metrics.engine.usage import check_known, hits_by_day_and_person
from shared.metrics.engine.windows import Asked

MAX_WEEKS: Final = 105
"""Two years, and the weeks cut off at both ends."""


def retention(question: Question, request: RetentionRequest) -> RetentionAnswer:
    """Answer retention."""
    asked = _asked(question, request)
    window = asked.window
    start_of = question.start_of(Interval.WEEK)
    dates, starts = buckets(window, start_of)
    weekly = _of_everyone(question, request, window, starts)
    if weekly is None:
        weekly = _of_some(question, request, window, starts)
    proof = question.proof(asked, window)
    return domain.retention(
        dates,
        cut_off_points(window, dates, start_of, is_partial=proof.is_partial),
        weekly.active,
        weekly.cohort,
        request.weeks,
        weekly.grouped,
        gaps=_gaps(question, request, window, starts),
        proof=proof,
    )


@dataclass(frozen=True, slots=True)
class _Weekly:
    """Weeks × people, who returned; and the week in which each began, negative for none."""

    active: NDArray[np.bool_]
    cohort: NDArray[np.int64]
    grouped: domain.Grouped | None = None


def _of_everyone(
    question: Question, request: RetentionRequest, window: Window, starts: Sequence[int]
) -> _Weekly | None:
    """From sets of people alone; None if not all people and all use count alike."""
    is_asked = request.selection is None and request.group_by is None and not request.people.filters
    if not is_asked or request.returning is Returning.USED:
        return None
    history = question.history(window.last)
    if history.mask is not None:
        return None
    sets = history.snapshot.present_sets()
    first = (window.first - history.span.first).days
    before = np.bitwise_or.reduce(sets[: max(first, 0)], axis=0)
    in_window = sets[max(first, 0) :]
    if first < 0:
        in_window = np.concatenate((np.zeros((-first, sets.shape[1]), np.uint8), in_window))
    by_week = np.bitwise_or.reduceat(in_window, starts, axis=0)
    cohort = np.full(history.width, -1, np.int64)
    for week, there in enumerate(by_week):
        new = np.unpackbits(there & ~before, count=history.width)
        cohort[new.view(np.bool_)] = week
        before |= there
    active = np.unpackbits(by_week, axis=1, count=history.width).view(np.bool_)
    return _Weekly(active, cohort)


def _of_some(
    question: Question, request: RetentionRequest, window: Window, starts: Sequence[int]
) -> _Weekly:
    """Of some people, or some use, from days × people."""
    reading = question.read(window, request.people)
    selection = request.selection
    if selection is None:
        if request.returning is Returning.USED:
            message = "returning USED needs a feature; without one, only ACTIVE is possible"
            raise BadInputError(message, field="returning")
        began = first_active_day(question, reading)
    else:
        check_known(reading, selection, "feature")
        began = first_use_day(question, reading, selection)
    there = Part(reading).active()
    if selection is not None and request.returning is Returning.USED:
        there = hits_by_day_and_person(reading, selection) > 0
    first_rows = _first_rows(reading, began)
    week = np.searchsorted(starts, first_rows, side="right") - 1
    grouped = None
    if request.group_by is not None:
        grouped = _grouped(reading, request.group_by, first_rows)
    active = np.logical_or.reduceat(there, starts, axis=0)
    return _Weekly(active, np.where(first_rows < 0, -1, week), grouped)


def _gaps(
    question: Question, request: RetentionRequest, window: Window, starts: Sequence[int]
) -> domain.Gaps:
    """The weeks that have days without data: of all use, or of the selection where that is what is
    asked about.
    """
    no_data = no_data_over(question, window)
    of_all = points_with(no_data.days(window), starts)
    if request.selection is None:
        return domain.Gaps(of_all, of_all)
    of_selection = points_with(no_data.days(window, request.selection), starts)
    is_of_use = request.returning is Returning.USED
    return domain.Gaps(of_selection, of_selection if is_of_use else of_all)


def _asked(question: Question, request: RetentionRequest) -> Asked:
    """The window; without a range the weeks that end with the last day of a default one."""
    if not 1 <= request.weeks <= MAX_WEEKS:
        message = f"weeks is {request.weeks}; it may be 1 to {MAX_WEEKS}"
        raise BadInputError(message, field="weeks")
    asked = question.asked(request)
    first_weekday = question.data.settings.first_weekday
    window = asked.window
    if request.window is None and request.preset is None:
        week = week_start(window.last, first_weekday)
        window = Window(week - timedelta(weeks=request.weeks - 1), window.last)
    length = (window.last - week_start(window.first, first_weekday)).days // 7 + 1
    if length > MAX_WEEKS:
        message = f"the range touches {length} weeks; at most {MAX_WEEKS} can be asked for"
        raise BadInputError(message, field="range")
    return replace(asked, window=window)


def _first_rows(reading: Reading, began: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day of the span on which each person began, -1 for not in it or not while counting."""
    rows = began - reading.span.first.toordinal()
    rows[(rows < 0) | (began == 0)] = -1
    if reading.mask is not None:
        here = np.flatnonzero(rows >= 0)
        rows[here[~reading.mask[rows[here], here]]] = -1
    return rows


def _grouped(
    reading: Reading, attribute: PeopleAttribute, first_rows: NDArray[np.int64]
) -> domain.Grouped:
    """The group of each person on the day on which they began."""
    groups = groups_of(reading, attribute)
    began = np.flatnonzero(first_rows >= 0)
    code = np.zeros(len(first_rows), np.int64)
    code[began] = groups.code[first_rows[began], began]
    there = np.zeros(groups.code.shape, bool)
    there[first_rows[began], began] = True
    return domain.Grouped(groups.names, code, groups.is_backfilled(there))
