"""Hits by day, person and feature or path, as the people of a reading have made them."""

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns import cubes
from shared.metrics.columns.blocks import Arrays, BlockKind
from shared.metrics.columns.cubes import HitsCube, read_cube
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection, check_selection
from shared.metrics.engine.ever_used import paths_ever_used
from shared.metrics.engine.reading import Reading


def check_known(reading: Reading, selection: FeatureSelection, field: str) -> None:
    """BadInputError if the selection names what is neither in the catalogue nor in the paths of
    the tenant; `field` is how the caller calls it.
    """
    if selection.is_everything():
        return
    snapshot = reading.snapshot
    catalogue = snapshot.data.catalogue
    try:
        check_selection(selection, snapshot.paths, catalogue, field)
    except BadInputError:
        # What was used on other days alone is possible too: a quiet month is no mistake.
        used = [*snapshot.paths, *paths_ever_used(snapshot.data)]
        check_selection(selection, used, catalogue, field)


def hits_by_person(
    reading: Reading, selection: FeatureSelection, window: Window
) -> NDArray[np.int64]:
    """Hits of the selection by person over a window of the span."""
    total = np.zeros(reading.width, np.int64)
    for _, by_person in hits_by_day(reading, selection, window):
        total[: len(by_person)] += by_person
    return total


def hits_by_day_and_person(reading: Reading, selection: FeatureSelection) -> NDArray[np.int64]:
    """Hits of the selection as days × people of the span."""
    table = np.zeros((reading.span.length, reading.width), np.int64)
    for day, by_person in hits_by_day(reading, selection, reading.span):
        table[reading.snapshot.row(day), : len(by_person)] = by_person
    return table


def hits_by_day(
    reading: Reading, selection: FeatureSelection, window: Window
) -> Iterator[tuple[date, NDArray[np.int64]]]:
    """Day by day hits of the selection by person, up to some number, of those who count."""
    kind, selected = _selected(reading, selection)
    for day, arrays in sorted(reading.snapshot.arrays(kind, window).items()):
        by_person = cubes.hits_by_person(arrays, selected)
        if reading.mask is not None:
            by_person *= reading.mask[reading.snapshot.row(day), : len(by_person)]
        yield day, by_person


def hits_by_feature_and_person(reading: Reading, window: Window) -> NDArray[np.int64]:
    """Hits as features × people over a window of the span, by number."""
    table = np.zeros((len(reading.snapshot.features.names), reading.width), np.int64)
    kind, selected = _selected(reading, FeatureSelection())
    for _, numbers, cube in _cubes(reading, kind, selected, window):
        cube.add_to(table, numbers)
    return table


def hits_by_day_and_row(
    reading: Reading, kind: BlockKind, selected: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Hits as days × numbers of features (kind CUBE) or of paths (PATHS), of those selected."""
    table = np.zeros((reading.span.length, len(selected)), np.int64)
    for day, numbers, cube in _cubes(reading, kind, selected, reading.span):
        table[reading.snapshot.row(day), numbers] = cube.by_row()
    return table


def selected_features(reading: Reading, selection: FeatureSelection) -> NDArray[np.bool_]:
    """Which features, by number, have hits that the selection may cover."""
    names, catalogue = reading.snapshot.features.names, reading.snapshot.data.catalogue
    return np.array([selection.covers_feature(name, catalogue) for name in names], bool)


def selected_paths(reading: Reading, selection: FeatureSelection) -> NDArray[np.bool_]:
    """Which paths, by number, the selection covers."""
    paths, catalogue = reading.snapshot.paths, reading.snapshot.data.catalogue
    return np.array([selection.covers(path, catalogue) for path in paths], bool)


def _selected(reading: Reading, selection: FeatureSelection) -> tuple[BlockKind, NDArray[np.bool_]]:
    """Where the hits of a selection stand, and which rows they are, by number."""
    if selection.is_of_features():
        return BlockKind.CUBE, selected_features(reading, selection)
    return BlockKind.PATHS, selected_paths(reading, selection)


def _cubes(
    reading: Reading, kind: BlockKind, selected: NDArray[np.bool_], window: Window
) -> Iterator[tuple[date, NDArray[np.int64], HitsCube]]:
    """Day by day the selected rows: their numbers, and their hits by the people who count."""
    blocks: dict[date, Arrays] = reading.snapshot.arrays(kind, window)
    for day in sorted(blocks):
        numbers, cube = read_cube(blocks[day], selected)
        if reading.mask is not None:
            cube = cube.of_people(reading.mask[reading.snapshot.row(day)])
        yield day, numbers, cube
