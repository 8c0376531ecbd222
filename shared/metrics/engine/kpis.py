"""KPIs: reads the records of a tenant, and lets the domain compute."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.kpis.answering import answered
from shared.metrics.domain.kpis.answers import KpiAnswer, KpiMembersAnswer, MetricTrialAnswer
from shared.metrics.domain.kpis.evaluation import Evaluation
from shared.metrics.domain.kpis.members import members_answered
from shared.metrics.domain.kpis.periods import periods_of
from shared.metrics.domain.kpis.question import KpiQuestion
from shared.metrics.domain.kpis.registry import kpi_of
from shared.metrics.domain.kpis.trial import checked_draft, tried
from shared.metrics.domain.periods import ONE_DAY, Window, compared_windows, month_start
from shared.metrics.engine.kpi_requests import (
    KpiMembersRequest,
    KpisRequest,
    MetricTrialRequest,
    RecordsQuestion,
)
from shared.metrics.engine.question import Question
from shared.metrics.engine.windows import MAX_DAYS, Asked

_MOST_AHEAD: Final = 2 * 366
_TRIAL_MONTHS: Final = 12


def kpis(question: Question, request: KpisRequest) -> list[KpiAnswer]:
    """Answer with KPIs of one period, in the order in which they were asked for."""
    asked = _asked(question, request)
    window, compared = compared_windows(
        asked.window, request.comparison, is_partial=asked.is_partial
    )
    start_of = None if request.interval is None else question.start_of(request.interval)
    periods = periods_of(
        question.data.calendar, window, compared, start_of, is_partial=asked.is_partial
    )
    about = replace(_about(question, request), group_by=request.group_by)
    evaluation = Evaluation(about)
    proof = question.proof(asked, window)
    return [answered(evaluation, kpi_of(key), periods, proof) for key in request.keys]


def kpi_members(question: Question, request: KpiMembersRequest) -> KpiMembersAnswer:
    """Answer with the records behind a KPI."""
    asked = _asked(question, request)
    periods = periods_of(question.data.calendar, asked.window, asked.window.previous())
    evaluation = Evaluation(_about(question, request))
    return members_answered(
        evaluation, kpi_of(request.key), periods.current_span, request.first, request.after
    )


def metric_trial(question: Question, request: MetricTrialRequest) -> MetricTrialAnswer:
    """Answer with a definition and a draft of it over the last 12 complete months."""
    kpi = kpi_of(request.key)
    draft = checked_draft(kpi, request.draft)
    this_month = month_start(question.data.calendar.day_of(question.as_of_ms))
    first = this_month
    for _ in range(_TRIAL_MONTHS):
        first = month_start(first - ONE_DAY)
    window = Window(first, this_month - ONE_DAY)
    periods = periods_of(question.data.calendar, window, window.previous(), month_start)
    return tried(_about(question, request), kpi, periods, draft)


def _about(question: Question, request: RecordsQuestion[Any]) -> KpiQuestion:
    return KpiQuestion(
        records=question.records,
        as_of_ms=question.as_of_ms,
        filters=request.filters,
        owned_by=request.owned_by,
        currency=question.data.record_maps.get().document.currency,
    )


def _asked(question: Question, request: RecordsQuestion[Any]) -> Asked:
    """The window, which may end in the future; BadInputError if it ends too far away."""
    today = question.data.calendar.day_of(question.as_of_ms)
    window = request.window
    if window is None or window.last <= today:
        return question.asked(request)
    farthest = today + timedelta(days=_MOST_AHEAD)
    if request.preset is not None or window.last > farthest or window.length > MAX_DAYS:
        message = (
            f"the range {window.first} to {window.last} may end by {farthest}, have at most "
            f"{MAX_DAYS:,} days, and no preset beside it"
        )
        raise BadInputError(message, field="period")
    return Asked(window, today)
