"""Values of groups and spans by plain loops (definitions §5, §6)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from shared.metrics.domain.kpis.spans import Span
from shared.metrics.domain.kpis.vocabulary import Aggregation, Reason


class OracleRow(NamedTuple):
    """A row of a KPI, in a group."""

    group: int
    at_ms: int
    numerator: int
    denominator: int
    has_rate: bool = True


class OracleUnknown(NamedTuple):
    """A record that cannot be judged; without a time it may be of any."""

    group: int
    at_ms: int | None


def value_of(
    aggregation: Aggregation,
    rows: Sequence[OracleRow],
    unknown: Sequence[OracleUnknown],
    span: Span,
    group: int | None,
) -> tuple[float | None, Reason | None]:
    """The value of a group (None: of everything) in a span, and why there is none."""
    inside = [
        row
        for row in rows
        if group in (None, row.group) and span.start_ms <= row.at_ms < span.end_ms
    ]
    unjudged = [
        each
        for each in unknown
        if group in (None, each.group)
        and (each.at_ms is None or span.start_ms <= each.at_ms < span.end_ms)
    ]
    if any(not row.has_rate for row in inside):
        return None, Reason.NO_RATE
    if unjudged and not inside:
        return None, Reason.UNKNOWN_FIELD
    if aggregation is Aggregation.SUM:
        return float(sum(row.numerator for row in inside)), None
    below = sum(row.denominator for row in inside)
    if not (below if aggregation is Aggregation.RATIO else inside):
        return None, Reason.EMPTY_DENOMINATOR
    if aggregation is Aggregation.RATIO:
        return sum(row.numerator for row in inside) / below, None
    tenths = 5 if aggregation is Aggregation.MEDIAN else 9
    return quantile(sorted(row.numerator for row in inside), Fraction(tenths, 10)), None


def quantile(ordered: Sequence[int], part: Fraction) -> float:
    """Linearly between the two values that the place lies between."""
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))
