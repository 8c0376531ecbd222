"""Cubes come back from their blocks as they were, dense or sparse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.blocks import Arrays, read_block, write_block
from shared.metrics.columns.cubes import (
    HitsCube,
    filled_cells,
    hits_by_person,
    hits_of_person,
    read_cube,
    write_cube,
)

Cells = dict[tuple[int, int], int]
FAR: Cells = {(0, 9_000): 1}
"""With a cell so far away, a cube is sparse."""

cells = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 40)),
    st.sampled_from([1, 2, 255, 256, 70_000]),
    max_size=60,
)


def cube_of(found: Cells, rows: int = 5) -> HitsCube:
    ordered = sorted(found)
    return HitsCube(
        rows,
        np.array([row for row, _ in ordered], np.int64),
        np.array([person for _, person in ordered], np.int64),
        np.array([found[cell] for cell in ordered], np.int64),
    )


def cells_of(cube: HitsCube) -> Cells:
    columns = (cube.row.tolist(), cube.person.tolist(), cube.hits.tolist())
    return {(row, person): hits for row, person, hits in zip(*columns, strict=True)}


@given(cells)
def test_a_cube_comes_back(found: Cells) -> None:
    written = read_block(write_block(write_cube(np.arange(10, 15), cube_of(found))))
    numbers, cube = read_cube(written)
    assert numbers.tolist() == [10, 11, 12, 13, 14]
    assert cells_of(cube) == found
    assert cube.row_count == 5


@pytest.mark.parametrize(("people", "form"), [(range(40), "dense"), ([0, 4_000], "cells")])
def test_a_cube_is_dense_where_most_cells_are_filled(people: list[int], form: str) -> None:
    assert form in write_cube(np.arange(1), cube_of({(0, each): 1 for each in people}, rows=1))


@given(cells, st.sets(st.integers(0, 40)))
def test_some_people(found: Cells, people: set[int]) -> None:
    cube = cube_of(found)
    counts = np.array([person in people for person in range(41)])
    some = {cell: n for cell, n in found.items() if cell[1] in people}
    assert cells_of(cube.of_people(counts)) == some


@given(cells, st.booleans(), st.lists(st.booleans(), min_size=15, max_size=15))
def test_some_rows_are_read_alone(found: Cells, is_large: bool, selected: list[bool]) -> None:  # noqa: FBT001
    found = found | FAR if is_large else found
    numbers, cube = read_cube(written(found), np.array(selected))
    assert numbers.tolist() == [number for number in range(10, 15) if selected[number]]
    kept = {(row + 10, person): n for (row, person), n in found.items() if selected[row + 10]}
    assert {(numbers[row], person): n for (row, person), n in cells_of(cube).items()} == kept
    by_person = hits_by_person(written(found), np.array(selected))
    people = {person for _, person in found}
    assert by_person.sum() == sum(kept.values())
    for person in people & set(range(len(by_person))):
        assert by_person[person] == sum(n for (_, of), n in kept.items() if of == person)


@given(cells, st.booleans(), st.integers(0, 45), st.sets(st.integers(0, 45)))
def test_some_people_are_read_alone(
    found: Cells,
    is_large: bool,  # noqa: FBT001
    person: int,
    people: set[int],
) -> None:
    found = found | FAR if is_large else found
    arrays = written(found)
    rows, hits = hits_of_person(arrays, person)
    own = {row + 10: n for (row, of), n in found.items() if of == person}
    assert dict(zip(rows.tolist(), hits.tolist(), strict=True)) == own
    asked = sorted(people)
    numbers, filled = filled_cells(arrays, np.array(asked, np.int64))
    assert numbers.tolist() == [10, 11, 12, 13, 14]
    for row in range(5):
        assert filled[row].tolist() == [(row, each) in found for each in asked]


def written(found: Cells) -> Arrays:
    """With rows that are numbered from 10."""
    return read_block(write_block(write_cube(np.arange(10, 15), cube_of(found))))


@given(cells)
def test_sums_by_row_and_by_person(found: Cells) -> None:
    cube = cube_of(found)
    by_person = cube.by_person().tolist()
    for person in range(41):
        expected = sum(n for cell, n in found.items() if cell[1] == person)
        assert (by_person[person] if person < len(by_person) else 0) == expected
    assert cube.by_row().tolist() == [
        sum(n for cell, n in found.items() if cell[0] == row) for row in range(5)
    ]
    table = np.ones((9, 41), np.int64)
    cube.add_to(table, np.array([8, 7, 6, 5, 4]))
    assert all(table[8 - row, person] == n + 1 for (row, person), n in found.items())
    assert table.sum() == table.size + sum(found.values())
