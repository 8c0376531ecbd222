"""Groups of people, summed up and counted by point, beside plain loops."""

from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shared.metrics.domain.views.point_sums import GroupColumns, spans

GROUPS = 3


class Table(NamedTuple):
    """Days × people: their values and their groups, -1 for none; and where points begin."""

    values: NDArray[np.int64]
    code: NDArray[np.int64]
    starts: list[int]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    days, people = draw(st.integers(1, 6)), draw(st.integers(0, 6))
    numbers = st.lists(st.integers(0, 5), min_size=people, max_size=people)
    groups = st.lists(st.integers(-1, GROUPS - 1), min_size=people, max_size=people)
    values = [draw(numbers) for _ in range(days)]
    first = draw(groups)
    code = np.array([first] * days, np.int64).reshape(days, people)
    if draw(st.booleans()):
        code = np.broadcast_to(code[0], code.shape)
    elif people:
        for row in draw(st.lists(st.integers(0, days - 1), max_size=3)):
            code[row, draw(st.integers(0, people - 1))] = draw(st.integers(-1, GROUPS - 1))
    starts = sorted({0, *draw(st.lists(st.integers(0, days - 1)))})
    return Table(np.array(values, np.int64).reshape(days, people), code, starts)


@given(tables())
def test_sums(table: Table) -> None:
    values, code, starts = table
    expected = np.zeros((GROUPS, len(starts)), np.int64)
    for point, rows in spans(starts, len(values)):
        for row in range(rows.start, rows.stop):
            for person, group in enumerate(code[row].tolist()):
                if group >= 0:
                    expected[group, point] += values[row, person]
    found = GroupColumns(code, GROUPS).summed(values, starts)
    assert found.tolist() == expected.tolist()


@given(tables())
def test_distinct_people(table: Table) -> None:
    values, code, starts = table
    seen = [[set() for _ in starts] for _ in range(GROUPS)]  # type: list[list[set[int]]]
    for point, rows in spans(starts, len(values)):
        for row in range(rows.start, rows.stop):
            for person, group in enumerate(code[row].tolist()):
                if group >= 0 and values[row, person]:
                    seen[group][point].add(person)
    found, ever = GroupColumns(code, GROUPS).distinct(values > 0, starts)
    assert found.tolist() == [[len(people) for people in points] for points in seen]
    assert ever.tolist() == [len(set().union(*points)) for points in seen]
