"""Identities get the numbers that a dictionary would give them, also where their halves clash."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.identities import (
    NO_IDENTITIES,
    NOT_THERE,
    Identities,
    are_set,
    numbered,
    places_among,
    united,
)

FAR = (1 << 64) - 1
halves = st.sampled_from([0, 1, 2, 1 << 63, FAR])
pairs = st.lists(st.tuples(halves, halves), max_size=20)


def as_identities(found: list[tuple[int, int]]) -> Identities:
    return np.array(found, np.uint64).reshape(-1, 2).T


@given(pairs)
def test_equal_identities_have_one_number_in_order_of_both_halves(
    found: list[tuple[int, int]],
) -> None:
    numbers, places = numbered(as_identities(found))
    distinct = sorted(set(found))
    assert numbers.tolist() == [distinct.index(pair) for pair in found]
    assert [found[place] for place in places.tolist()] == distinct


@given(pairs, pairs)
def test_places_are_those_in_the_list_of_distinct_ones(
    known: list[tuple[int, int]], found: list[tuple[int, int]]
) -> None:
    distinct = list(dict.fromkeys(known))
    places = places_among(as_identities(distinct), as_identities(found))
    assert places.tolist() == [
        distinct.index(pair) if pair in distinct else NOT_THERE for pair in found
    ]


@given(st.lists(pairs.map(lambda found: sorted(set(found))), max_size=4))
def test_tables_in_order_are_numbered_as_all_their_identities_are(
    tables: list[list[tuple[int, int]]],
) -> None:
    every = [pair for table in tables for pair in table]
    numbers = united([as_identities(table) for table in tables])
    distinct = sorted(set(every))
    assert numbers.tolist() == [distinct.index(pair) for pair in every]


def test_no_identities_have_no_numbers() -> None:
    numbers, places = numbered(NO_IDENTITIES)
    assert numbers.tolist() == places.tolist() == []
    assert united([]).tolist() == united([NO_IDENTITIES]).tolist() == []


def test_an_absent_name_has_no_identity_and_half_of_one_is_one() -> None:
    assert are_set(as_identities([(0, 0), (0, 1), (1, 0)])).tolist() == [False, True, True]
