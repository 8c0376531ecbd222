"""Rows become values as plain loops say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.kpis.aggregation import NO_REASON, REASONS, Placed, aggregated
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.spans import Segments, Span
from shared.metrics.domain.kpis.vocabulary import Aggregation
from tests.oracles.kpis import OracleRow, OracleUnknown, value_of

GROUPS = 3
INSTANTS = st.integers(0, 20)
ROWS = st.lists(
    st.builds(
        OracleRow,
        group=st.integers(0, GROUPS - 1),
        at_ms=INSTANTS,
        numerator=st.integers(-5, 5),
        denominator=st.integers(0, 3),
        has_rate=st.sampled_from([True, True, True, True, True, True, True, False]),
    ),
    max_size=20,
)
UNKNOWN = st.lists(
    st.builds(OracleUnknown, group=st.integers(0, GROUPS - 1), at_ms=INSTANTS), max_size=3
)
SPANS = st.lists(
    st.tuples(INSTANTS, st.integers(1, 10)).map(lambda each: Span(each[0], each[0] + each[1])),
    min_size=1,
    max_size=4,
)


@given(st.sampled_from(Aggregation), ROWS, UNKNOWN, SPANS, st.booleans())
def test_values_are_those_of_plain_loops(
    aggregation: Aggregation,
    rows: list[OracleRow],
    unknown: list[OracleUnknown],
    spans: list[Span],
    are_timeless: bool,  # noqa: FBT001 - drawn
) -> None:
    if are_timeless:
        unknown = [OracleUnknown(each.group, None) for each in unknown]
    found = aggregated(
        aggregation, placed(rows, unknown, are_timeless=are_timeless), Segments(spans)
    )
    for group in (*range(GROUPS), None):
        for place, span in enumerate(spans):
            row = GROUPS if group is None else group
            value, reason = value_of(aggregation, rows, unknown, span, group)
            code = found.reason[row, place]
            assert (None if code == NO_REASON else REASONS[code]) is reason
            if value is None:
                assert np.isnan(found.value[row, place])
            else:
                assert found.value[row, place] == pytest.approx(value, rel=1e-12)


def placed(rows: list[OracleRow], unknown: list[OracleUnknown], *, are_timeless: bool) -> Placed:
    def column(values: list[int]) -> "np.typing.NDArray[np.int64]":
        return np.array(values, np.int64)

    of_unknown = [each.at_ms or 0 for each in unknown]
    return Placed(
        rows=Rows(
            record=np.arange(len(rows)),
            at_ms=column([row.at_ms for row in rows]),
            numerator=column([row.numerator for row in rows]),
            denominator=column([row.denominator for row in rows]),
            unknown=np.arange(len(unknown)),
            unknown_at_ms=None if are_timeless else column(of_unknown),
        ),
        group=column([row.group for row in rows]),
        groups=GROUPS,
        unknown_group=column([each.group for each in unknown]),
        no_rate=np.array([not row.has_rate for row in rows], bool),
    )


def test_a_quantile_is_linear_between_neighbours() -> None:
    rows = [OracleRow(0, 1, value, 1) for value in (10, 20, 30, 40)]
    segments = Segments([Span(0, 2)])
    median = aggregated(Aggregation.MEDIAN, placed(rows, [], are_timeless=True), segments)
    p90 = aggregated(Aggregation.P90, placed(rows, [], are_timeless=True), segments)
    assert (median.value[0, 0], p90.value[0, 0]) == (25.0, 37.0)
