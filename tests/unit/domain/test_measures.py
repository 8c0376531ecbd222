"""Changes, rankings and calendar buckets."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.periods import Window, month_start
from shared.metrics.domain.views.answers import ChangeReason, RankedPerson
from shared.metrics.domain.views.measures import buckets, measure, ranked
from tests.oracles import home as oracle
from tests.oracles.history import history

counts = st.integers(0, 2**40)
NOBODY = history([], "UTC")


def nameless(user_id: str) -> tuple[None, None]:
    return None, None


def top(values: dict[str, int], most: int = 10) -> list[RankedPerson]:
    user_ids = list(values)
    numbers = np.array([values[user_id] for user_id in user_ids], np.int64)
    return ranked(numbers, np.zeros_like(numbers), user_ids, most, nameless)


@given(counts, counts)
def test_a_change_is_in_percent_of_the_number_before(value: int, previous: int) -> None:
    assert measure(value, previous) == oracle.measure(value, previous)


@pytest.mark.parametrize(
    ("previous", "value", "percent"),
    [(100, 97, -3.0), (10, 15, 50.0), (30, 15, -50.0), (5, 0, -100.0)],
)
def test_one_hundred_to_ninety_seven_is_minus_three_percent(
    previous: int, value: int, percent: float
) -> None:
    assert measure(value, previous).change_percent == percent


def test_a_change_from_nothing_has_no_percentage_but_is_new() -> None:
    change = measure(5, 0)
    assert (change.change_percent, change.reason) == (None, ChangeReason.NEW)


def test_nothing_to_nothing_is_no_change() -> None:
    change = measure(0, 0)
    assert (change.change_percent, change.reason) == (0.0, None)


@given(
    st.dictionaries(st.text(max_size=3), st.integers(0, 4) | counts, max_size=15),
    st.integers(0, 12),
)
def test_a_top_list_is_the_head_of_everyone_in_order(values: dict[str, int], most: int) -> None:
    assert top(values, most) == oracle.top(NOBODY, Counter(values), Counter(), most)


def test_ties_share_a_rank_and_are_ordered_by_user_id() -> None:
    rows = top({"dan": 5, "bob": 7, "ann": 5, "eve": 1, "cyd": 7})
    assert [(row.rank, row.user_id) for row in rows] == [
        (1, "bob"),
        (1, "cyd"),
        (3, "ann"),
        (3, "dan"),
        (5, "eve"),
    ]


def test_a_tie_at_the_end_is_cut_to_exactly_so_many_rows() -> None:
    assert [row.user_id for row in top(dict.fromkeys("dcba", 1), 2)] == ["a", "b"]


def test_people_without_any_are_not_ranked() -> None:
    assert [row.user_id for row in top({"ann": 0, "bob": 2})] == ["bob"]


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.integers(0, 100))
def test_buckets_begin_at_the_first_day_of_the_window_in_each_unit(
    first: date, length: int
) -> None:
    window = Window(first, first + timedelta(days=length))
    dates, rows = buckets(window, month_start)
    days = window.days()
    assert dates == sorted({month_start(day) for day in days})
    assert [month_start(days[row]) for row in rows] == dates
    assert rows == [0] + [at for at in range(1, len(days)) if days[at].day == 1]
