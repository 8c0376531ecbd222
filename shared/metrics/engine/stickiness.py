"""Stickiness: reads the days it needs, and lets the domain compute."""

from datetime import timedelta

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views import stickiness as domain
from shared.metrics.domain.views.engagement_answers import StickinessAnswer
from shared.metrics.engine.engagement_requests import StickinessRequest
from shared.metrics.engine.groups import groups_of
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.presence import Part
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleAttribute


def stickiness(question: Question, request: StickinessRequest) -> StickinessAnswer:
    """Answer stickiness."""
    if not 1 <= request.min_active_days <= domain.MONTH_DAYS:
        message = f"minActiveDays is {request.min_active_days}; it may be 1 to {domain.MONTH_DAYS}"
        raise BadInputError(message, field="minActiveDays")
    asked = question.asked(request)
    window = asked.window
    before = timedelta(days=domain.MONTH_DAYS - 1)
    reading = question.read(Window(window.first - before, window.last), request.people)
    active = Part(reading).active()
    no_data = no_data_in(question, reading.snapshot).days(reading.span)
    return domain.stickiness(
        window,
        domain.Days(active, no_data),
        request.min_active_days,
        None if request.group_by is None else _grouped(reading, request.group_by, active),
        proof=question.proof(asked, window),
    )


def _grouped(reading: Reading, attribute: PeopleAttribute, active: Mask) -> domain.Grouped:
    """The groups on the days of the window."""
    rows = slice(domain.MONTH_DAYS - 1, None)
    groups = groups_of(reading, attribute).of_rows(rows)
    return domain.Grouped(groups.names, groups.code, groups.is_backfilled(active[rows]))
