"""The table of a month's names finds each of them, also where the halves of identities clash."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.month_names import NameTable, distinct_names
from shared.metrics.domain.identities import NOT_THERE, Identities

FAR = (1 << 64) - 1
halves = st.sampled_from([0, 1, 2, 1 << 63, FAR])
pairs = st.lists(st.tuples(halves, halves), max_size=20)


def as_identities(found: list[tuple[int, int]]) -> Identities:
    return np.array(found, np.uint64).reshape(-1, 2).T


@given(pairs)
def test_names_are_there_once_and_in_order(found: list[tuple[int, int]]) -> None:
    distinct = distinct_names(as_identities(found))
    assert [tuple(pair) for pair in distinct.T.tolist()] == sorted(set(found) - {(0, 0)})


@given(pairs, st.data())
def test_each_name_is_found_and_an_absent_one_is_not(
    known: list[tuple[int, int]], data: st.DataObject
) -> None:
    distinct = sorted(set(known) - {(0, 0)})
    asked = data.draw(st.lists(st.sampled_from([*distinct, (0, 0)]), max_size=20))
    places = NameTable(as_identities(distinct)).places(as_identities(asked))
    assert places.tolist() == [
        distinct.index(pair) if pair in distinct else NOT_THERE for pair in asked
    ]


def test_a_name_that_the_table_does_not_have_is_an_error_and_not_another() -> None:
    with pytest.raises(IndexError):
        NameTable(as_identities([(1, 1), (1, 3)])).places(as_identities([(1, 2)]))
