"""Answers about KPIs: values beside earlier ones, series, groups and proof."""

from collections.abc import Sequence
from typing import Final

from shared.metrics.domain.kpis.aggregation import NO_REASON, REASONS, Cells
from shared.metrics.domain.kpis.answers import KpiAnswer, KpiEvidence, KpiSeries, KpiValue
from shared.metrics.domain.kpis.evaluation import Evaluation
from shared.metrics.domain.kpis.groups import groups_of
from shared.metrics.domain.kpis.kpi import Kpi
from shared.metrics.domain.kpis.money import amounts_by_currency
from shared.metrics.domain.kpis.periods import Periods
from shared.metrics.domain.kpis.readings import Reading
from shared.metrics.domain.kpis.values import change, value_of, values_of
from shared.metrics.domain.kpis.vocabulary import Flag, MetricUnit, Reason
from shared.metrics.domain.views.answers import Proof

_CURRENT: Final = 0
_PREVIOUS: Final = 1
_POINTS: Final = slice(2, None)
_EVERYTHING: Final = -1


def answered(evaluation: Evaluation, kpi: Kpi, periods: Periods, proof: Proof) -> KpiAnswer:
    """The answer about one KPI."""
    spans = periods.spans
    currency = evaluation.currency(kpi, spans)
    grid = evaluation.grid(kpi, spans, currency)
    current = value_of(grid.cells, _EVERYTHING, _CURRENT)
    previous = value_of(grid.cells, _EVERYTHING, _PREVIOUS)
    percent, why = change(current.value, previous.value)
    readings = [
        reading.within(periods.current_span)
        for reading in evaluation.readings(kpi, spans)
        if periods.current_span in reading.spans
    ]
    is_money = kpi.entry.unit is MetricUnit.MONEY and len(readings) == 1
    amounts = amounts_by_currency(readings[0].rows) if is_money else ([], [])
    of_value = {flag: 1 for where, flag in grid.flags if where[_EVERYTHING, _CURRENT]}
    flags = _flags(readings) | of_value
    is_cohort = kpi.entry.maturity_days > 0
    return KpiAnswer(
        entry=kpi.entry,
        proof=proof,
        compared=periods.compared,
        current=current,
        previous=previous,
        change_percent=percent,
        change_reason=why,
        currency=currency,
        currencies=amounts[0],
        amounts=amounts[1],
        is_mature=evaluation.is_mature(kpi, periods.current_span),
        mature=_mature(evaluation, kpi, periods, currency) if is_cohort else None,
        flags=list(flags),
        flag_rows=list(flags.values()),
        series=_series(evaluation, kpi, grid.cells, periods) if periods.points else None,
        groups=groups_of(evaluation.question, kpi, grid),
        evidence=[_evidence(reading) for reading in readings],
    )


def series_of(
    evaluation: Evaluation, kpi: Kpi, periods: Periods, currency: str | None
) -> KpiSeries:
    """The points of a KPI alone."""
    return _series(evaluation, kpi, evaluation.grid(kpi, periods.spans, currency).cells, periods)


def _mature(evaluation: Evaluation, kpi: Kpi, periods: Periods, currency: str | None) -> KpiValue:
    """The value of those rows alone whose outcome is settled."""
    grid = evaluation.grid(kpi, periods.spans, currency, mature=True)
    found = value_of(grid.cells, _EVERYTHING, _CURRENT)
    if found.reason is Reason.EMPTY_DENOMINATOR and not evaluation.is_mature(
        kpi, periods.current_span
    ):
        return KpiValue(None, Reason.NOT_MATURED, found.numerator, found.denominator, found.rows)
    return found


def _series(evaluation: Evaluation, kpi: Kpi, cells: Cells, periods: Periods) -> KpiSeries:
    rows = cells.rows[_EVERYTHING, _POINTS].tolist()
    reasons = cells.reason[_EVERYTHING, _POINTS].tolist()
    return KpiSeries(
        dates=list(periods.dates),
        values=values_of(cells.value[_EVERYTHING, _POINTS]),
        reasons=[None if code == NO_REASON else REASONS[code] for code in reasons],
        rows=[None if count < 0 else count for count in rows],
        is_partial=list(periods.is_partial),
        is_mature=[evaluation.is_mature(kpi, span) for span in periods.points],
    )


def _flags(readings: Sequence[Reading]) -> dict[Flag, int]:
    """How many rows have each flag, for those that any has."""
    counts = {
        flag: sum(
            int(reading.rows.flags[flag].sum())
            for reading in readings
            if flag in reading.rows.flags
        )
        for flag in Flag
    }
    return {flag: count for flag, count in counts.items() if count}


def _evidence(reading: Reading) -> KpiEvidence:
    (span,) = reading.spans
    return KpiEvidence(
        key=reading.entry.key,
        version=reading.entry.version,
        from_ms=span.start_ms,
        to_ms=span.end_ms,
        read_as_of_ms=reading.scope.at_ms,
        records=len(reading.table),
        rows=len(reading.rows),
        unknown_records=len(reading.rows.unknown),
    )
