"""Home: reads the days it needs, and lets the domain compute."""

from shared.metrics.domain.periods import compared_windows
from shared.metrics.domain.views import home as domain
from shared.metrics.domain.views.answers import HomeAnswer
from shared.metrics.domain.views.figures import Period
from shared.metrics.engine.no_data import no_data_in
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
    no_data = no_data_in(question, reading.snapshot)
    earlier = reading
    if asked.is_partial:
        earlier = question.until_same_time(reading, compared.last)
    return domain.home(
        plan,
        Period(window, reading.table, reading.roster_size(window), no_data.days(window)),
        Period(compared, earlier.table, earlier.roster_size(compared), no_data.days(compared)),
        proof=question.proof(asked, window),
        first_weekday=first_weekday,
        top=request.top,
        described=reading.described,
        no_data=no_data,
    )
