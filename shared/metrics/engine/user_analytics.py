"""User analytics: reads the days it needs, and lets the domain compute."""

from shared.metrics.domain.views import user_analytics as domain
from shared.metrics.domain.views.answers import UserAnalyticsAnswer
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import UserAnalyticsRequest
from shared.metrics.engine.tables import person_table


def user_analytics(question: Question, request: UserAnalyticsRequest) -> UserAnalyticsAnswer:
    """Answer user analytics."""
    asked = question.asked(request)
    reading = question.read(asked.window, request.people)
    return domain.user_analytics(
        person_table(reading.snapshot, reading.mask),
        reading.user_ids,
        proof=question.proof(asked, asked.window),
        described=reading.described,
    )
