"""Hits by row (a feature or a path) and person: dense where most cells are filled, else sparse.

A dense cube is one byte a cell; larger counts stand in a list of exceptions. A sparse one lists
the filled cells.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays

_DENSE_LIMIT: Final = 255
_NO_CELLS: Final = np.zeros(0, np.int64)
_FEW_ROWS: Final = 8
_SPARSE_FACTOR: Final = 6
"""A sparse cell costs about as many bytes as this many dense ones, compressed."""


@dataclass(frozen=True, slots=True)
class HitsCube:
    """The filled cells of rows × people, by row, then person; `row_count` rows."""

    row_count: int
    row: NDArray[np.int64]
    person: NDArray[np.int64]
    hits: NDArray[np.int64]

    def by_person(self) -> NDArray[np.int64]:
        """Hits by person, up to the largest number that has any."""
        return np.bincount(self.person, self.hits).astype(np.int64)

    def by_row(self) -> NDArray[np.int64]:
        """Hits by row."""
        return np.bincount(self.row, self.hits, minlength=self.row_count).astype(np.int64)

    def of_people(self, counts: NDArray[np.bool_]) -> "HitsCube":
        """The cells of those people alone."""
        kept = counts[self.person]
        return HitsCube(self.row_count, self.row[kept], self.person[kept], self.hits[kept])

    def add_to(self, table: NDArray[np.int64], numbers: NDArray[np.int64]) -> None:
        """Add the cells to a table, whose rows for ours are `numbers`."""
        table[numbers[self.row], self.person] += self.hits


def write_cube(numbers: NDArray[np.int64], cube: HitsCube) -> Arrays:
    """The arrays of a cube whose rows have these numbers."""
    people = int(cube.person.max(initial=-1)) + 1
    if cube.row_count * people > _SPARSE_FACTOR * len(cube.hits):
        return {
            "number": numbers,
            "cells": np.bincount(cube.row, minlength=cube.row_count),
            "person": cube.person,
            "hits": cube.hits,
        }
    flat = np.zeros(cube.row_count * people, np.int64)
    flat[cube.row * people + cube.person] = cube.hits
    over = np.flatnonzero(flat > _DENSE_LIMIT)
    return {
        "number": numbers,
        "dense": np.minimum(flat, _DENSE_LIMIT).reshape(cube.row_count, people),
        "over_cell": over,
        "over_hits": flat[over],
    }


def read_cube(
    arrays: Arrays, selected: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.int64], HitsCube]:
    """The numbers of the rows, and the cube; only the rows whose numbers are selected, if said.

    A single row of a large cube is read in a small part of the time of the whole.
    """
    numbers = arrays["number"].astype(np.int64)
    kept = np.arange(len(numbers)) if selected is None else np.flatnonzero(selected[numbers])
    if "dense" in arrays:
        return numbers[kept], _dense_rows(arrays, kept)
    cells = arrays["cells"].astype(np.int64)
    person, hits = arrays["person"], arrays["hits"]
    if len(kept) < len(numbers):
        wanted = np.zeros(len(numbers), bool)
        wanted[kept] = True
        of_wanted = np.repeat(wanted, cells)
        person, hits, cells = person[of_wanted], hits[of_wanted], cells[kept]
    row = np.repeat(np.arange(len(kept)), cells)
    return numbers[kept], HitsCube(len(kept), row, person.astype(np.int64), hits.astype(np.int64))


def hits_by_person(arrays: Arrays, selected: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Hits of the rows whose numbers are selected, by person, up to some number."""
    wanted = selected[arrays["number"]]
    rows = np.flatnonzero(wanted)
    if "dense" not in arrays:
        ends = np.cumsum(arrays["cells"], dtype=np.int64)
        if len(rows) <= _FEW_ROWS:
            parts = [np.arange(ends[row] - arrays["cells"][row], ends[row]) for row in rows]
            cells = np.concatenate([_NO_CELLS, *parts])
        else:
            cells = np.flatnonzero(np.repeat(wanted, arrays["cells"]))
        return np.bincount(arrays["person"][cells], arrays["hits"][cells]).astype(np.int64)
    dense, over = arrays["dense"], arrays["over_cell"]
    total: NDArray[np.int64] = dense[rows].sum(axis=0, dtype=np.int64)
    if len(over):
        over_row, over_person = np.divmod(over.astype(np.int64), dense.shape[1])
        here = wanted[over_row]
        more = arrays["over_hits"][here].astype(np.int64) - _DENSE_LIMIT
        np.add.at(total, over_person[here], more)
    return total


def hits_of_person(arrays: Arrays, person: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of the rows that a person has hits in, and the hits."""
    numbers = arrays["number"].astype(np.int64)
    if "dense" not in arrays:
        own = np.flatnonzero(arrays["person"] == person)
        row = np.searchsorted(np.cumsum(arrays["cells"]), own, side="right")
        return numbers[row], arrays["hits"][own].astype(np.int64)
    dense = arrays["dense"]
    if person >= dense.shape[1]:
        return numbers[:0], numbers[:0]
    hits = dense[:, person].astype(np.int64)
    over_row, over_person = np.divmod(arrays["over_cell"].astype(np.int64), dense.shape[1])
    own = over_person == person
    hits[over_row[own]] = arrays["over_hits"][own]
    there = hits > 0
    return numbers[there], hits[there]


def filled_cells(
    arrays: Arrays, people: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The numbers of the rows, and rows × those people: who has hits in which."""
    numbers = arrays["number"].astype(np.int64)
    if "dense" in arrays:
        dense = arrays["dense"]
        inside = people < dense.shape[1]
        filled = np.zeros((len(numbers), len(people)), bool)
        filled[:, inside] = dense[:, people[inside]] > 0
        return numbers, filled
    person = arrays["person"]
    place = np.full(max(int(person.max(initial=0)), int(people.max(initial=0))) + 1, -1)
    place[people] = np.arange(len(people))
    own = np.flatnonzero((place >= 0)[person])
    row = np.searchsorted(np.cumsum(arrays["cells"], dtype=np.int64), own, side="right")
    filled = np.zeros((len(numbers), len(people)), bool)
    filled[row, place[person[own]]] = True
    return numbers, filled


def _dense_rows(arrays: Arrays, kept: NDArray[np.intp]) -> HitsCube:
    dense = arrays["dense"]
    people = dense.shape[1]
    if len(kept) < len(dense):
        dense = dense[kept]
    row, person = np.nonzero(dense)
    hits = dense[row, person].astype(np.int64)
    if len(kept) and len(arrays["over_cell"]):
        over_row, over_person = np.divmod(arrays["over_cell"].astype(np.int64), people)
        place = np.minimum(np.searchsorted(kept, over_row), len(kept) - 1)
        here = np.flatnonzero(kept[place] == over_row)
        # Filled cells are in order of rows, then people; those with more hits are among them.
        cell = row * people + person
        at = np.searchsorted(cell, place[here] * people + over_person[here])
        hits[at] = arrays["over_hits"][here]
    return HitsCube(len(kept), row, person, hits)
