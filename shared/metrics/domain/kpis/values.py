"""Single values out of arrays of them: nan is None from here on."""

from math import isnan

from shared.metrics.domain.kpis.aggregation import NO_REASON, REASONS, Cells, Floats
from shared.metrics.domain.kpis.answers import KpiValue
from shared.metrics.domain.views.answers import ChangeReason


def value_of(cells: Cells, group: int, span: int) -> KpiValue:
    """One cell."""
    reason = int(cells.reason[group, span])
    rows = int(cells.rows[group, span])
    return KpiValue(
        value=_number(float(cells.value[group, span])),
        reason=None if reason == NO_REASON else REASONS[reason],
        numerator=_number(float(cells.numerator[group, span])),
        denominator=_number(float(cells.denominator[group, span])),
        rows=None if rows < 0 else rows,
    )


def values_of(values: Floats) -> list[float | None]:
    """Each as a number, or None."""
    return [_number(value) for value in values.tolist()]


def change(value: float | None, previous: float | None) -> tuple[float | None, ChangeReason | None]:
    """The change in percent (definitions §1); None with a reason where there was nothing before,
    and without one where a value is null.
    """
    if value is None or previous is None:
        return None, None
    if previous:
        return (value - previous) / abs(previous) * 100, None
    return (None, ChangeReason.NEW) if value else (0.0, None)


def _number(value: float) -> float | None:
    return None if isnan(value) else value
