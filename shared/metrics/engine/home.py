"""Home: reads the days it needs, and lets the domain compute."""

from shared.metrics.domain.periods import compared_windows
from shared.metrics.domain.views import home as domain
from shared.metrics.domain.views.answers import HomeAnswer
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import HomeRequest


def home(question: Question, request: HomeRequest) -> HomeAnswer:
    """Answer Home."""
    asked = question.asked(request)
    window, compared = compared_windows(
        asked.window, request.comparison, is_partial=asked.is_partial
    )
    first_weekday = question.data.settings.first_weekday
    is_explicit = request.window is not None or request.preset is not None
    plan = domain.plan_home(window, compared, first_weekday, explicit=is_explicit)
    reading = question.read(plan.span, request.people)
    earlier = reading
    if asked.is_partial:
        earlier = question.until_same_time(reading, compared.last)
    return domain.home(
        plan,
        domain.Period(window, reading.table, reading.roster_size(window)),
        domain.Period(compared, earlier.table, earlier.roster_size(compared)),
        proof=question.proof(asked, window),
        first_weekday=first_weekday,
        top=request.top,
        described=reading.described,
    )
