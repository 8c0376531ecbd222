"""Distinct names of slots, however they come in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.views import distinct_names as module
from shared.metrics.domain.views.distinct_names import DistinctNames, distinct_names

HALVES = st.sampled_from([0, 1, 2, 2**64 - 1])
ROWS = st.lists(st.tuples(st.integers(0, 3), HALVES, HALVES), max_size=12)


@given(st.lists(ROWS, max_size=5), st.sampled_from([1, 3, 1 << 20]))
def test_names_are_told_apart_by_both_halves_and_counted_once_a_slot(
    parts: list[list[tuple[int, int, int]]], merged_rows: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MERGED_ROWS", merged_rows)
        found = DistinctNames(slots=4)
        for rows in parts:
            slot = np.array([slot for slot, _, _ in rows], np.int64)
            identity = np.array([row[1:] for row in rows], np.uint64).reshape(-1, 2).T
            found.add(distinct_names(slot, identity))
        counts = found.counts().tolist()
    named = {row for rows in parts for row in rows if row[1:] != (0, 0)}
    assert counts == [sum(slot == each for each, _, _ in named) for slot in range(4)]
