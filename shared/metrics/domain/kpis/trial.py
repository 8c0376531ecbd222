"""A definition and a draft of it, side by side, before the draft is published (definitions §6)."""

from collections.abc import Mapping

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.kpis.answering import series_of
from shared.metrics.domain.kpis.answers import MetricTrialAnswer
from shared.metrics.domain.kpis.entry import Parameter, Setting
from shared.metrics.domain.kpis.evaluation import Evaluation
from shared.metrics.domain.kpis.kpi import Kpi
from shared.metrics.domain.kpis.periods import Periods
from shared.metrics.domain.kpis.question import KpiQuestion


def tried(
    question: KpiQuestion, kpi: Kpi, periods: Periods, draft: Mapping[str, Setting]
) -> MetricTrialAnswer:
    """The points of a series by the definition and by the draft, in one currency."""
    published = Evaluation(question)
    drafted = Evaluation(question.drafted(draft))
    currency = published.currency(kpi, periods.spans)
    return MetricTrialAnswer(
        entry=kpi.entry,
        currency=currency,
        published=series_of(published, kpi, periods, currency),
        draft=series_of(drafted, kpi, periods, currency),
    )


def checked_draft(kpi: Kpi, draft: Mapping[str, Setting]) -> Mapping[str, Setting]:
    """The draft; BadInputError if it changes what is no parameter, or to what cannot be."""
    known = {each.name: each for each in kpi.entry.drafted}
    if not draft:
        raise BadInputError(f"the draft is empty; {_possible(kpi)}", field="draft")
    for name, setting in draft.items():
        if name not in known:
            message = f"{kpi.key} has no parameter {name!r}; {_possible(kpi)}"
            raise BadInputError(message, field="draft")
        _check(known[name], setting)
    return draft


def _check(parameter: Parameter, setting: Setting) -> None:
    name, is_set = parameter.name, isinstance(parameter.default, tuple)
    if is_set != isinstance(setting, tuple):
        message = f"{name} is a {'set of texts' if is_set else 'number'}; give it one"
        raise BadInputError(message, field=f"draft.{name}")
    if parameter.bounds is not None and not isinstance(setting, tuple):
        lowest, highest = parameter.bounds
        if not lowest <= setting <= highest:
            message = f"{name} is {setting:g}; it may be {lowest:g} to {highest:g}"
            raise BadInputError(message, field=f"draft.{name}")


def _possible(kpi: Kpi) -> str:
    names = ", ".join(each.name for each in kpi.entry.drafted)
    return f"its parameters are {names}" if names else f"{kpi.key} has no parameters"
