"""The hits of a span one by one, by class of path and in the order of their units: from months
where it can be, else from days.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.cubes import read_cube
from shared.metrics.columns.day_events import PathEvents
from shared.metrics.columns.month_hits import PathFrames, in_order
from shared.metrics.columns.month_names import NameTable, distinct_names
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.identities import NO_IDENTITIES, NOT_THERE
from shared.metrics.domain.views.funnel_answer import FunnelUnit
from shared.metrics.engine.gathered_hits import (
    UnitColumns,
    frames_by_month,
    gathered_months,
    read_months,
)
from shared.metrics.engine.hit_pieces import (
    NO_NUMBERS,
    HitsPiece,
    HitsReading,
    NamedPieces,
    numbered_together,
)
from shared.metrics.engine.snapshot import Snapshot

MOST_HITS: Final = 20_000_000
"""Read at once; they take some 40 bytes each until an answer is there."""

_NAMES: Final = {FunnelUnit.RECORD: "record", FunnelUnit.ACCOUNT: "account"}


def read_hits(
    snapshot: Snapshot,
    class_of_path: NDArray[np.int64],
    unit: FunnelUnit,
    *,
    with_people: bool,
) -> HitsReading:
    """The hits with a unit of all paths whose class is not negative. BadInputError if there are
    more than can be read at once.
    """
    selected = class_of_path >= 0
    columns = UnitColumns(unit, with_people)
    months = gathered_months(snapshot)
    alone = {*snapshot.manifests, *snapshot.live}.difference(*(month.days for month in months))
    frames = frames_by_month(snapshot, months, selected, columns)
    _check_number(snapshot, frames.values(), alone, selected)
    sources = list(read_months(snapshot, months, frames, class_of_path, columns))
    if alone:
        sources.append(_of_days(snapshot.events(selected, alone), class_of_path, columns))
    if unit is not FunnelUnit.USER:
        return numbered_together(sources)
    everyone = np.arange(len(snapshot.people.names))
    pieces = [
        replace(piece, number_of_code=everyone) for source in sources for piece in source.pieces
    ]
    return HitsReading(pieces, len(everyone), is_whole=True, tables=(), in_tables=NO_NUMBERS)


def _check_number(
    snapshot: Snapshot,
    frames: Iterable[Mapping[int, PathFrames]],
    alone: Collection[date],
    selected: NDArray[np.bool_],
) -> None:
    hits = sum(of_path.rows for of_month in frames for of_path in of_month.values())
    if hits + sum(snapshot.sums[day].hits for day in alone) > MOST_HITS:
        # Of the days all hits were counted; those that are selected take longer to count.
        for day, arrays in snapshot.arrays(BlockKind.PATHS).items():
            if day in alone:
                hits += int(read_cube(arrays, selected)[1].hits.sum())
    if hits > MOST_HITS:
        message = (
            f"{hits:,} hits would have to be looked at one by one; at most {MOST_HITS:,} can be: "
            "give a shorter range, or select less"
        )
        raise BadInputError(message, field="range")


def _of_days(
    events: Mapping[date, Mapping[int, PathEvents]],
    class_of_path: NDArray[np.int64],
    columns: UnitColumns,
) -> NamedPieces:
    parts: dict[int, list[PathEvents]] = {}
    for of_day in events.values():
        for path, hits in of_day.items():
            parts.setdefault(int(class_of_path[path]), []).append(hits)
    if columns.unit is FunnelUnit.USER:
        pieces = [
            _piece(of, of_class, _joined(of_class, "person"), columns)
            for of, of_class in parts.items()
        ]
        return NamedPieces(pieces, NO_IDENTITIES, is_whole=True)
    identities = {of: _joined(hits, _NAMES[columns.unit]).T for of, hits in parts.items()}
    table = distinct_names(np.concatenate([NO_IDENTITIES, *identities.values()], axis=1))
    names = NameTable(table)
    pieces = []
    is_whole = True
    for of, of_class in parts.items():
        place = names.places(identities[of])
        pieces.append(_piece(of, of_class, place, columns, np.flatnonzero(place != NOT_THERE)))
        is_whole &= len(pieces[-1]) == len(place)
    return NamedPieces(pieces, table, is_whole)


def _piece(
    of: int,
    events: Iterable[PathEvents],
    code: NDArray[Any],
    columns: UnitColumns,
    rows: NDArray[np.int64] | None = None,
) -> HitsPiece:
    """Some of the hits of a class, in order."""
    times_ms = _joined(events, "times_ms")
    base_ms = int(times_ms.min(initial=0))
    times = times_ms - base_ms
    if rows is None:
        rows = np.arange(len(code))
    # Those of a path and day are in the order of their times, which makes this a merge.
    order = in_order(rows[np.argsort(times[rows], kind="stable")], code)
    code, times = code[order], times[order]
    person = code[:0] if columns.person is None else _joined(events, "person")[order]
    if columns.unit is FunnelUnit.USER:
        person = code
    return HitsPiece(of, base_ms, times, person, code, NO_NUMBERS)


def _joined(events: Iterable[PathEvents], column: str) -> NDArray[Any]:
    return np.concatenate([getattr(hits, column) for hits in events])
