"""The records behind a KPI, a page at a time (definitions §6)."""

from bisect import bisect_right

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.kpis.answers import KpiMember, KpiMembersAnswer
from shared.metrics.domain.kpis.evaluation import Evaluation
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.readings import Reading
from shared.metrics.domain.kpis.spans import Span
from shared.metrics.domain.kpis.values import value_of
from shared.metrics.domain.records.record_fields import FIELDS

_EVERYTHING = -1


def members_answered(
    evaluation: Evaluation, kpi: Kpi, span: Span, first: int, after: str | None
) -> KpiMembersAnswer:
    """At most `first` rows, those whose position is behind `after` or from the beginning.

    BadInputError for a KPI that is made of others: it has no rows of its own.
    """
    if not isinstance(kpi.values, Counted):
        parts = ", ".join(kpi.values.parts)
        message = f"{kpi.key} is made of other KPIs; ask for the members of {parts}"
        raise BadInputError(message, field="key")
    (reading,) = (each.within(span) for each in evaluation.readings(kpi, [span]))
    ids = reading.table.ids
    ordered = sorted(
        (_position(ids[record], at_ms, row), row)
        for row, (record, at_ms) in enumerate(
            zip(reading.rows.record.tolist(), reading.rows.at_ms.tolist(), strict=True)
        )
    )
    start = 0 if after is None else bisect_right(ordered, after, key=lambda each: each[0])
    shown = ordered[start : start + first]
    cells = evaluation.grid(kpi, [span], evaluation.currency(kpi, [span])).cells
    return KpiMembersAnswer(
        members=[_member(reading, row, position) for position, row in shown],
        member_count=len(ordered),
        figure=value_of(cells, _EVERYTHING, 0),
        has_previous=start > 0,
        has_next=start + first < len(ordered),
    )


def _position(record_id: str, at_ms: int, row: int) -> str:
    """A record may have several rows, of which the time tells one, or at last the place."""
    return f"{record_id}\0{at_ms:020}\0{row:012}"


def _member(reading: Reading, row: int, position: str) -> KpiMember:
    rows, record = reading.rows, int(reading.rows.record[row])
    name = None
    if "name" in FIELDS[reading.table.type]:
        told = reading.table.column("name").value(record)
        name = None if told is None else str(told)
    currency = None
    if rows.currency is not None and rows.currency[row] >= 0:
        currency = rows.currencies[int(rows.currency[row])]
    return KpiMember(
        id=reading.table.all_ids[int(reading.table.number[record])],
        name=name,
        at_ms=int(rows.at_ms[row]),
        numerator=float(rows.numerator[row]),
        denominator=None if rows.denominator is None else float(rows.denominator[row]),
        currency=currency,
        flags=[flag for flag, mask in rows.flags.items() if mask[row]],
        position=position,
    )
