"""Lifecycle: reads the days it needs, and lets the domain compute."""

from datetime import timedelta

from shared.metrics.domain.periods import Window
from shared.metrics.domain.roster import NOT_SET
from shared.metrics.domain.views import lifecycle as domain
from shared.metrics.domain.views.engagement_answers import LifecycleAnswer
from shared.metrics.engine.engagement_requests import LifecycleRequest
from shared.metrics.engine.firsts import first_active_days
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.numbering import renumbered
from shared.metrics.engine.presence import Part
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading


def lifecycle(question: Question, request: LifecycleRequest) -> LifecycleAnswer:
    """Answer lifecycle."""
    asked = question.asked(request)
    window = asked.window
    before = timedelta(days=domain.QUIET_DAYS)
    reading = question.read(Window(window.first - before, window.last), request.people)
    firsts = first_active_days(question, window.last)

    def by_first(days: Mask, *, absent: bool) -> Mask:
        """Days × people, who were not all seen in these days."""
        return renumbered(days, reading.user_ids, firsts.user_ids, absent)

    counts = reading.mask
    return domain.lifecycle(
        window,
        domain.ActiveDays(
            seen=by_first(Part(reading).seen(), absent=False),
            active=by_first(Part(reading).active(), absent=False),
            counts=None if counts is None else by_first(counts, absent=_counts_unknown(reading)),
            first_active=firsts.day,
        ),
        question.start_of(request.interval),
        no_data_in(question, reading.snapshot).days(window),
        proof=question.proof(asked, window),
    )


def _counts_unknown(reading: Reading) -> bool:
    """Whether people count of whom there is nothing in the directory, nor in the days read."""
    filters = reading.people.conditions().values()
    return reading.people.segment is None and all(NOT_SET in values for values in filters)
