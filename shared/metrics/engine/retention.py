"""Retention: reads the days it needs, and lets the domain compute."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window, week_start
from shared.metrics.domain.views import retention as domain
from shared.metrics.domain.views.engagement_answers import RetentionAnswer
from shared.metrics.engine.engagement_requests import RetentionRequest, Returning
from shared.metrics.engine.firsts import first_active_day, first_use_day
from shared.metrics.engine.groups import groups_of
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.presence import Part
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleAttribute
from shared.metrics.engine.usage import check_known, hits_by_day_and_person
from shared.metrics.engine.windows import Asked

MAX_WEEKS: Final = 105
"""Two years, and the weeks cut off at both ends."""


def retention(question: Question, request: RetentionRequest) -> RetentionAnswer:
    """Answer retention."""
    asked = _asked(question, request)
    window, selection = asked.window, request.selection
    reading = question.read(window, request.people)
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
    return domain.retention(
        window,
        there,
        first_rows,
        request.weeks,
        question.data.settings.first_weekday,
        None if request.group_by is None else _grouped(reading, request.group_by, first_rows),
        gaps=_gaps(question, reading, request),
        proof=question.proof(asked, window),
    )


def _gaps(question: Question, reading: Reading, request: RetentionRequest) -> domain.Gaps:
    """The days without data: of all use, or of the selection where that is what is asked about."""
    no_data = no_data_in(question, reading.snapshot)
    of_all = no_data.days(reading.span)
    if request.selection is None:
        return domain.Gaps(of_all, of_all)
    of_selection = no_data.days(reading.span, request.selection)
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
