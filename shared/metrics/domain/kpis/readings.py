"""The rows of a KPI that a question is about, by its time rule and filters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.dimensions import (
    UNKNOWN,
    Dimension,
    impossible,
    labels_of,
    possible,
)
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.kpi import Counted
from shared.metrics.domain.kpis.question import KpiQuestion
from shared.metrics.domain.kpis.rows import Labels, Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.spans import Span
from shared.metrics.domain.kpis.vocabulary import TimeRule
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows, as read for some spans: for all of them at once, or for one."""

    entry: Entry
    scope: Scope
    table: RecordTable
    rows: Rows
    spans: tuple[Span, ...]

    def labels(self, dimension: Dimension) -> tuple[Labels, NDArray[np.int64]]:
        """The value of each row in a dimension, and the codes of those that are unknown."""
        labels = labels_of(self.scope, self.table, dimension)
        of_unknown = labels.code[self.rows.unknown]
        own = self.rows.labels.get(dimension.value)
        if own is None:
            return Labels(labels.names, labels.code[self.rows.record]), of_unknown
        nowhere = np.full(len(self.rows.unknown), len(own.names), np.int64)
        return Labels((*own.names, UNKNOWN), own.code), nowhere

    def within(self, span: Span) -> "Reading":
        """What was read for one of its spans alone."""
        rows = self.rows
        if is_read_by_span(self.entry):
            return self
        if rows.unknown_at_ms is not None:
            rows = rows.with_unknown(span.holds(rows.unknown_at_ms))
        return replace(self, rows=rows.taken(span.holds(rows.at_ms)), spans=(span,))


def is_read_by_span(entry: Entry) -> bool:
    """Whether records are read anew for each span; else their rows tell when they count."""
    return entry.rule in (TimeRule.INSTANT, TimeRule.OPENING)


def readings(
    entry: Entry, values: Counted, question: KpiQuestion, spans: Sequence[Span]
) -> Iterator[Reading]:
    """One reading of all spans if the rows tell their time, else one of each."""
    if is_read_by_span(entry):
        for span in spans:
            yield _reading(entry, values, question, span, (span,))
        return
    whole = Span(min(span.start_ms for span in spans), max(span.end_ms for span in spans))
    yield _reading(entry, values, question, whole, tuple(spans))


def _reading(
    entry: Entry, values: Counted, question: KpiQuestion, span: Span, spans: tuple[Span, ...]
) -> Reading:
    scope = question.scope(entry, span)
    table = scope.table(RecordType(entry.grain))
    reading = Reading(entry, scope, table, values.rows(scope), spans)
    for dimension, wanted in question.conditions:
        reading = _filtered(reading, entry.key, dimension, wanted)
    return reading


def _filtered(reading: Reading, key: str, dimension: Dimension, wanted: tuple[str, ...]) -> Reading:
    check_possible(reading.table.type, key, dimension)
    labels, of_unknown = reading.labels(dimension)
    matches = np.array([name in wanted for name in labels.names], bool)
    rows = reading.rows.taken(matches[labels.code])
    return replace(reading, rows=rows.with_unknown(matches[of_unknown]))


def check_possible(grain: RecordType, key: str, dimension: Dimension) -> None:
    """BadInputError if records of the grain have no such dimension."""
    if dimension not in possible(grain):
        raise impossible(dimension, key, possible(grain))
