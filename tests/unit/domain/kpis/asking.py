"""Asks KPIs of records as Python has them, in UTC."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from shared.metrics.domain.kpis.answering import answered
from shared.metrics.domain.kpis.answers import KpiAnswer
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Setting
from shared.metrics.domain.kpis.evaluation import Evaluation
from shared.metrics.domain.kpis.examples import NOVEMBER, Example, Period
from shared.metrics.domain.kpis.periods import periods_of
from shared.metrics.domain.kpis.question import KpiQuestion
from shared.metrics.domain.kpis.registry import kpi_of
from shared.metrics.domain.periods import ONE_DAY, LocalCalendar, Window
from shared.metrics.domain.records.from_rows import ChangeRow, records_of
from shared.metrics.domain.views.answers import Finality, Proof

UTC = LocalCalendar("UTC")
PROOF = Proof(
    window=Window(date(2026, 11, 1), date(2026, 11, 30)),
    as_of_ms=0,
    watermark_ms=0,
    is_partial=False,
    finality=Finality.PROVISIONAL,
    definition_version="1",
    time_zone="UTC",
)
Filters = tuple[tuple[Dimension, tuple[str, ...]], ...]


def asked(  # noqa: PLR0913 - all that can be asked
    key: str,
    given: Iterable[ChangeRow],
    period: Period = NOVEMBER,
    *,
    at: str = "",
    filters: Filters = (),
    owned_by: str | None = None,
    group_by: Dimension | None = None,
    start_of: Callable[[date], date] | None = None,
    currency: str = "",
    draft: Mapping[str, Setting] | None = None,
) -> KpiAnswer:
    """The answer about a KPI, asked when a day is over: the last of the period without one."""
    window = Window(*(date.fromisoformat(day) for day in period))
    as_of_ms = UTC.start_ms(date.fromisoformat(at or period[1]) + ONE_DAY)
    question = KpiQuestion(
        records_of(given), as_of_ms, filters, owned_by, group_by, currency, draft or {}
    )
    proof = replace(PROOF, window=window, as_of_ms=as_of_ms)
    periods = periods_of(UTC, window, window.previous(), start_of)
    return answered(Evaluation(question), kpi_of(key), periods, proof)


def asked_example(key: str, example: Example) -> KpiAnswer:
    """The answer that an example is about."""
    return asked(
        key,
        example.given,
        example.period,
        at=example.asked,
        group_by=example.group_by,
        currency=example.currency,
        draft=example.draft,
    )
