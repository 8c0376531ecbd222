"""Trends: reads the days it needs, and lets the domain compute."""

from shared.metrics.domain.views import trends as domain
from shared.metrics.domain.views.answers import TrendsAnswer
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import TrendsRequest
from shared.metrics.engine.tables import session_sums


def trends(question: Question, request: TrendsRequest) -> TrendsAnswer:
    """Answer Trends."""
    asked = question.asked(request)
    reading = question.read(asked.window, request.people)
    return domain.trends(
        asked.window,
        reading.table,
        session_sums(reading.snapshot, reading.mask),
        question.start_of(request.interval),
        proof=question.proof(asked, asked.window),
    )
