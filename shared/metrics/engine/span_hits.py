"""The hits of a span one by one, by class of path: from months where it can be, else from days."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind, read_block
from shared.metrics.columns.cubes import read_cube
from shared.metrics.columns.day_events import PathEvents
from shared.metrics.columns.month_hits import Frame, HitColumn, NameTable, frames_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.identities import NO_IDENTITIES, NOT_THERE, Identities, united
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.storage.manifests import LAYOUT
from shared.metrics.storage.months import Month, hits_unit, read_month

MOST_HITS: Final = 20_000_000
"""Read at once; they take some 40 bytes each until an answer is there."""

_DAYS_OF_MONTH: Final = 4
"""A month is read if at least one in so many of its days is wanted; else the days are: all hits of
a path in a month are read at once, and all names.
"""

_NAMES: Final = frozenset({HitColumn.RECORD, HitColumn.ACCOUNT})
_DAY_COLUMN: Final = {
    HitColumn.TIME: "times_ms",
    HitColumn.PERSON: "person",
    HitColumn.RECORD: "record",
    HitColumn.ACCOUNT: "account",
}
_NOTHING: Final = np.zeros(0, np.int64)
_Columns = list[NDArray[Any]]


@dataclass(frozen=True, slots=True)
class HitsPiece:
    """Hits of one class of paths, each column in any width: milliseconds since `base_ms`; people by
    number; and codes of records or accounts, of which `number_of_code` are the numbers in the
    reading, NOT_THERE for the code of none. What was not asked for is empty.
    """

    of: int
    base_ms: int
    times: NDArray[Any]
    person: NDArray[Any]
    code: NDArray[Any]
    number_of_code: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of hits."""
        return len(self.times)

    @property
    def times_ms(self) -> NDArray[np.int64]:
        """The times in milliseconds UTC."""
        times_ms: NDArray[np.int64] = np.add(self.times, self.base_ms, dtype=np.int64)
        return times_ms

    def only(self, wanted: NDArray[np.bool_], of: int | None = None) -> "HitsPiece":
        """Some of them, in another class if it is given."""
        person = self.person[wanted] if len(self.person) else self.person
        code = self.code[wanted] if len(self.code) else self.code
        of = self.of if of is None else of
        times = self.times[wanted]
        return HitsPiece(of, self.base_ms, times, person, code, self.number_of_code)


@dataclass(frozen=True, slots=True)
class HitsReading:
    """Hits in pieces. The number of a record or account is a place in the tables of identities, as
    if these were one behind the other.
    """

    pieces: Sequence[HitsPiece]
    tables: Sequence[Identities]

    @property
    def numbers(self) -> int:
        """How many numbers there may be."""
        return sum(table.shape[1] for table in self.tables)

    def identities(self) -> Identities:
        """The identities by number."""
        return np.concatenate([NO_IDENTITIES, *self.tables], axis=1)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A month whose hits were gathered, and the days that are to be read from it, in order."""

    name: str
    month: Month
    days: list[date]

    @property
    def unit(self) -> str:
        return hits_unit(self.name)

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing else in it."""
        return len(self.days) == len(self.month.days)

    def block(self, kind: BlockKind) -> tuple[str, int]:
        return self.month.attempt, self.month.parts[kind.value]


@dataclass(frozen=True, slots=True)
class _Source:
    """Pieces, whose codes are places in a table of distinct names, plus 1."""

    pieces: Sequence[HitsPiece]
    table: Identities


def read_hits(
    snapshot: Snapshot,
    class_of_path: NDArray[np.int64],
    *,
    named: HitColumn | None,
    with_people: bool,
) -> HitsReading:
    """The hits of all paths whose class is not negative. `named` asks for records or accounts.
    BadInputError if there are more than can be read at once.
    """
    columns = [HitColumn.TIME]
    if named is not None:
        columns.append(named)
    if with_people:
        columns.append(HitColumn.PERSON)
    selected = class_of_path >= 0
    months = _gathered(snapshot)
    alone = {*snapshot.manifests, *snapshot.live}.difference(*(month.days for month in months))
    frames = _frames(snapshot, months, selected, columns)
    _check_number(snapshot, frames.values(), alone, selected)
    sources = [
        _of_month(snapshot, month, columns_of, class_of_path, columns)
        for month, columns_of in _columns(snapshot, months, frames)
    ]
    if alone:
        sources.append(_of_days(snapshot.events(selected, alone), class_of_path, columns))
    return _united(sources)


def _check_number(
    snapshot: Snapshot,
    frames: Iterable[Mapping[int, Sequence[Frame]]],
    alone: Collection[date],
    selected: NDArray[np.bool_],
) -> None:
    hits = sum(of_path[0].rows for of_month in frames for of_path in of_month.values())
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


def _gathered(snapshot: Snapshot) -> list[_Gathered]:
    """The months from which several days of the span can be read."""
    by_month: dict[str, list[date]] = {}
    for day in sorted(snapshot.manifests):
        by_month.setdefault(day.isoformat()[:7], []).append(day)
    if not by_month:
        return []
    bodies = snapshot.data.months.bodies(hits_unit(min(by_month)), hits_unit(max(by_month)))
    found = []
    for unit, body in bodies.items():
        name, month = unit.removeprefix(hits_unit("")), read_month(body)
        if month.layout == LAYOUT:
            same = [
                day
                for day in by_month.get(name, [])
                if month.days.get(day.isoformat()) == snapshot.manifests[day].attempt
            ]
            if len(same) > 1 and len(same) * _DAYS_OF_MONTH >= len(month.days):
                found.append(_Gathered(name, month, same))
    return found


def _frames(
    snapshot: Snapshot,
    months: Sequence[_Gathered],
    selected: NDArray[np.bool_],
    columns: Sequence[HitColumn],
) -> dict[str, dict[int, list[Frame]]]:
    """Where the columns of the selected paths are, by unit and path number."""
    kind = BlockKind.MONTH_HIT_INDEX
    bodies = snapshot.data.blocks.read(kind, {month.unit: month.block(kind) for month in months})
    return {unit: frames_of(read_block(body), selected, columns) for unit, body in bodies.items()}


def _columns(
    snapshot: Snapshot,
    months: Sequence[_Gathered],
    frames: Mapping[str, Mapping[int, Sequence[Frame]]],
) -> Iterator[tuple[_Gathered, dict[int, _Columns]]]:
    """The columns of the paths of each month, by path number."""
    bodies = snapshot.data.blocks.read_ranges(
        BlockKind.MONTH_HITS,
        {
            month.unit: (
                month.month.attempt,
                [frame.range for of_path in frames[month.unit].values() for frame in of_path],
            )
            for month in months
        },
    )
    for month in months:
        body = iter(bodies[month.unit])
        yield (
            month,
            {
                path: [frame.read(next(body)) for frame in of_path]
                for path, of_path in frames[month.unit].items()
            },
        )


def _of_month(
    snapshot: Snapshot,
    gathered: _Gathered,
    columns_of: Mapping[int, _Columns],
    class_of_path: NDArray[np.int64],
    columns: Sequence[HitColumn],
) -> _Source:
    calendar = snapshot.data.calendar
    month_ms = calendar.start_ms(date.fromisoformat(f"{gathered.name}-01"))
    bounds = None
    if not gathered.is_whole:
        bounds = np.array([calendar.bounds(day) for day in gathered.days], np.int64) - month_ms
    pieces = []
    for path, values in columns_of.items():
        kept = values
        if bounds is not None:
            at = np.searchsorted(values[0], bounds)
            of_days = np.concatenate([np.arange(start, end) for start, end in at.tolist()])
            kept = [column[of_days] for column in values]
        pieces.append(_piece(int(class_of_path[path]), month_ms, columns, kept))
    table = NO_IDENTITIES
    if not _NAMES.isdisjoint(columns):
        kind = BlockKind.MONTH_NAMES
        body = snapshot.data.blocks.read(kind, {gathered.unit: gathered.block(kind)})
        table = read_block(body[gathered.unit])["identity"]
    return _Source(pieces, table)


def _of_days(
    events: Mapping[date, Mapping[int, PathEvents]],
    class_of_path: NDArray[np.int64],
    columns: Sequence[HitColumn],
) -> _Source:
    parts: dict[int, list[PathEvents]] = {}
    for of_day in events.values():
        for path, hits in of_day.items():
            parts.setdefault(int(class_of_path[path]), []).append(hits)
    found = {
        of: [
            np.concatenate([getattr(hits, _DAY_COLUMN[column]) for hits in of_class])
            for column in columns
        ]
        for of, of_class in parts.items()
    }
    names = NameTable()
    for values in found.values():
        for at, column in enumerate(columns):
            if column in _NAMES:
                values[at] = names.codes(values[at].T)
    pieces = [_piece(of, 0, columns, values) for of, values in found.items()]
    return _Source(pieces, names.identities)


def _piece(
    of: int, base_ms: int, columns: Sequence[HitColumn], values: Sequence[NDArray[Any]]
) -> HitsPiece:
    found = dict(zip(columns, values, strict=True))
    code = found.get(HitColumn.RECORD, found.get(HitColumn.ACCOUNT, _NOTHING))
    person = found.get(HitColumn.PERSON, _NOTHING)
    return HitsPiece(of, base_ms, found[HitColumn.TIME], person, code, _NOTHING)


def _united(sources: Sequence[_Source]) -> HitsReading:
    """The hits of all sources, their names numbered together."""
    tables = [source.table for source in sources]
    numbers = united(tables)
    pieces = []
    end = 0
    for source in sources:
        start, end = end, end + source.table.shape[1]
        number_of_code = np.append(NOT_THERE, numbers[start:end])
        pieces += [replace(piece, number_of_code=number_of_code) for piece in source.pieces]
    return HitsReading(pieces, tables)
