"""Evaluates KPIs: the same for every one of them.

A KPI that is counted gives rows; filters leave some, a dimension puts each in a group, money is
converted, and what is left is added up by group and span. A KPI that is made of others combines
their values cell by cell.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.aggregation import Placed, aggregated
from shared.metrics.domain.kpis.grids import Grid, combined, side_by_side
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.money import converted, currencies_in, reporting_currency
from shared.metrics.domain.kpis.question import KpiQuestion
from shared.metrics.domain.kpis.readings import Reading, check_possible, is_read_by_span, readings
from shared.metrics.domain.kpis.registry import REGISTRY
from shared.metrics.domain.kpis.rows import Labels
from shared.metrics.domain.kpis.spans import Segments, Span
from shared.metrics.domain.kpis.vocabulary import MetricUnit, Reason, TimeRule

_BOTH_MONEY = frozenset({MetricUnit.RATIO, MetricUnit.MULTIPLE})


class Evaluation:
    """One question about any number of KPIs; rows are read once for all of them."""

    def __init__(self, question: KpiQuestion) -> None:
        self.question = question
        self._readings: dict[tuple[str, tuple[Span, ...]], list[Reading]] = {}

    def readings(self, kpi: Kpi, spans: Sequence[Span]) -> list[Reading]:
        """The rows of a KPI; of one that is made of others, those of all its parts."""
        if not isinstance(kpi.values, Counted):
            return [
                reading
                for key in kpi.values.parts
                for reading in self.readings(REGISTRY[key], spans)
            ]
        at = (kpi.key, tuple(spans))
        known = self._readings.get(at)
        if known is None:
            known = list(readings(kpi.entry, kpi.values, self.question, spans))
            self._readings[at] = known
        return known

    def currency(self, kpi: Kpi, spans: Sequence[Span]) -> str | None:
        """The currency to answer in; None if there is no money, or no common currency."""
        found = {
            currency
            for reading in self.readings(kpi, spans)
            for currency in currencies_in(reading.rows)
        }
        return reporting_currency(self.question.currency, found) if found else None

    def grid(
        self, kpi: Kpi, spans: Sequence[Span], currency: str | None, *, mature: bool = False
    ) -> Grid:
        """The values of a KPI by group and span, money in a currency; with `mature` only of rows
        whose outcome is settled.
        """
        if not isinstance(kpi.values, Counted):
            parts = [
                self.grid(REGISTRY[key], spans, currency, mature=mature) for key in kpi.values.parts
            ]
            return combined(kpi.values.combine, parts)
        grids = [
            self._counted(kpi, kpi.values, reading, currency, mature=mature)
            for reading in self.readings(kpi, spans)
        ]
        return side_by_side(grids)

    def is_mature(self, kpi: Kpi, span: Span) -> bool:
        """Whether the outcome of all cohorts in a span is settled."""
        if not isinstance(kpi.values, Counted):
            return all(self.is_mature(REGISTRY[key], span) for key in kpi.values.parts)
        is_cohort = kpi.entry.rule is TimeRule.COHORT
        return not is_cohort or span.end_ms <= self.question.matures_ms(kpi.entry)

    def _counted(
        self, kpi: Kpi, values: Counted, reading: Reading, currency: str | None, *, mature: bool
    ) -> Grid:
        labels, of_unknown = self._groups(kpi, reading)
        rows, no_rate = converted(
            reading.rows, reading.scope, currency, both=kpi.entry.unit in _BOTH_MONEY
        )
        group = labels.code
        if mature:
            settled = rows.at_ms < self.question.matures_ms(kpi.entry)
            rows, group, no_rate = rows.taken(settled), group[settled], no_rate[settled]
        if is_read_by_span(kpi.entry):
            rows = replace(rows, at_ms=np.full(len(rows), reading.spans[0].start_ms))
        # One group more than there are names: what nobody belongs to (see `Grid`).
        placed = Placed(rows, group, len(labels.names) + 1, of_unknown, no_rate)
        cells = aggregated(values.aggregation, placed, Segments(reading.spans))
        if not len(reading.table) and not reading.scope.records.ids(reading.table.type):
            cells = cells.null(np.ones(cells.value.shape, bool), Reason.NO_RECORDS)
        if is_read_by_span(kpi.entry):
            ahead = reading.spans[0].start_ms > self.question.as_of_ms
            cells = cells.null(np.full(cells.value.shape, ahead), Reason.NOT_BEGUN)
        return Grid(list(labels.names), cells)

    def _groups(self, kpi: Kpi, reading: Reading) -> tuple[Labels, NDArray[np.int64]]:
        dimension = self.question.group_by
        if dimension is None:
            rows = reading.rows
            return Labels((), np.zeros(len(rows), np.int64)), np.zeros(len(rows.unknown), np.int64)
        check_possible(reading.table.type, kpi.key, dimension)
        return reading.labels(dimension)
