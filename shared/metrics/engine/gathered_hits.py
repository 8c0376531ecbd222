"""The hits of gathered months, unit by unit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind, read_block
from shared.metrics.columns.month_hits import HitColumn, PathFrames, frames_of, in_order
from shared.metrics.domain.identities import NO_IDENTITIES
from shared.metrics.domain.views.funnel_answer import FunnelUnit
from shared.metrics.engine.hit_pieces import NO_NUMBERS, HitsPiece, NamedPieces
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.storage.months import HITS_LAYOUT, Month, hits_unit, read_month

_DAYS_OF_MONTH: Final = 4
"""A month is read if at least one in so many of its days is wanted; else the days are: all hits of
a path in a month are read at once, and all names.
"""
_NOT_ASKED: Final = np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True)
class UnitColumns:
    """The columns of a month by which the hits of a unit are read: codes, times and people."""

    unit: FunnelUnit
    with_people: bool

    @property
    def code(self) -> HitColumn:
        """The units."""
        return _CODE[self.unit]

    @property
    def time(self) -> HitColumn:
        """The times."""
        return HitColumn.RECORD_TIME if self.code is HitColumn.RECORD else HitColumn.TIME

    @property
    def person(self) -> HitColumn | None:
        """The people, if they are asked for; the units, if these are people."""
        if self.code is HitColumn.PERSON:
            return HitColumn.PERSON
        if not self.with_people:
            return None
        return HitColumn.RECORD_PERSON if self.code is HitColumn.RECORD else HitColumn.PERSON

    @property
    def all(self) -> list[HitColumn]:
        """All of them, each once."""
        wanted = {self.code, self.time, self.person}
        return [column for column in HitColumn if column in wanted]


_CODE: Final = {
    FunnelUnit.USER: HitColumn.PERSON,
    FunnelUnit.RECORD: HitColumn.RECORD,
    FunnelUnit.ACCOUNT: HitColumn.ACCOUNT,
}


@dataclass(frozen=True, slots=True)
class GatheredMonth:
    """A month whose hits were gathered, and the days that are to be read from it, in order."""

    name: str
    month: Month
    days: list[date]

    @property
    def unit(self) -> str:
        """The unit of its blocks."""
        return hits_unit(self.name)

    @property
    def first(self) -> date:
        """Its first day."""
        return date.fromisoformat(f"{self.name}-01")

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing else in it."""
        return len(self.days) == len(self.month.days)

    def block(self, kind: BlockKind) -> tuple[str, int]:
        """The attempt and number of parts of a block."""
        return self.month.attempt, self.month.parts[kind.value]


def gathered_months(snapshot: Snapshot) -> list[GatheredMonth]:
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
        if month.layout == HITS_LAYOUT:
            same = [
                day
                for day in by_month.get(name, [])
                if month.days.get(day.isoformat()) == snapshot.manifests[day].attempt
            ]
            if len(same) > 1 and len(same) * _DAYS_OF_MONTH >= len(month.days):
                found.append(GatheredMonth(name, month, same))
    return found


def frames_by_month(
    snapshot: Snapshot,
    months: Sequence[GatheredMonth],
    selected: NDArray[np.bool_],
    columns: UnitColumns,
) -> dict[str, dict[int, PathFrames]]:
    """Where the columns of the selected paths are, by unit of blocks and path number."""
    kind = BlockKind.MONTH_HIT_INDEX
    bodies = snapshot.data.blocks.read(kind, {month.unit: month.block(kind) for month in months})
    return {
        unit: frames_of(read_block(body), selected, columns.all) for unit, body in bodies.items()
    }


def read_months(
    snapshot: Snapshot,
    months: Sequence[GatheredMonth],
    frames: Mapping[str, Mapping[int, PathFrames]],
    class_of_path: NDArray[np.int64],
    columns: UnitColumns,
) -> Iterator[NamedPieces]:
    """The hits of each month."""
    bodies = snapshot.data.blocks.read_ranges(
        BlockKind.MONTH_HITS,
        {
            month.unit: (
                month.month.attempt,
                [
                    frame.range
                    for of_path in frames[month.unit].values()
                    for frame in of_path.frames
                ],
            )
            for month in months
        },
    )
    for month in months:
        of_month = frames[month.unit]
        body = iter(bodies[month.unit])
        wanted = _Wanted(snapshot, month)
        pieces = []
        for path, of_path in of_month.items():
            found = {frame.column: frame.read(next(body)) for frame in of_path.frames}
            if len(found[columns.code]):
                of, base_ms = int(class_of_path[path]), wanted.month_ms
                pieces.append(_piece(of, base_ms, wanted, found, columns))
        yield NamedPieces(pieces, _names(snapshot, month, columns), _are_named(of_month, columns))


class _Wanted:
    """Which hits of a month are of days that are read from it."""

    def __init__(self, snapshot: Snapshot, month: GatheredMonth) -> None:
        calendar = snapshot.data.calendar
        self.month_ms = calendar.start_ms(month.first)
        self._spans: list[tuple[int, int]] | None = None
        if not month.is_whole:
            self._spans = []
            for day in month.days:
                start_ms, end_ms = (ms - self.month_ms for ms in calendar.bounds(day))
                if self._spans and self._spans[-1][1] == start_ms:
                    start_ms, _ = self._spans.pop()
                self._spans.append((start_ms, end_ms))

    def rows(self, times: NDArray[np.uint32]) -> NDArray[np.bool_] | None:
        """Whether each hit is; None if all are."""
        if self._spans is None:
            return None
        wanted = np.zeros(len(times), bool)
        for start, end in self._spans:
            wanted |= (times >= start) & (times < end)
        return wanted


def _piece(
    of: int,
    base_ms: int,
    wanted: _Wanted,
    found: Mapping[HitColumn, NDArray[np.uint32]],
    columns: UnitColumns,
) -> HitsPiece:
    code, times = found[columns.code], found[columns.time]
    person = _NOT_ASKED if columns.person is None else found[columns.person]
    if columns.code is HitColumn.ACCOUNT:
        order = in_order(in_order(np.flatnonzero(code), times), code)
        code, times = code[order] - 1, times[order]
        person = _NOT_ASKED if columns.person is None else person[order]
    piece = HitsPiece(of, base_ms, times, person, code, NO_NUMBERS)
    rows = wanted.rows(times)
    return piece if rows is None else piece.only(rows)


def _names(snapshot: Snapshot, month: GatheredMonth, columns: UnitColumns) -> NDArray[np.uint64]:
    if columns.code is HitColumn.PERSON:
        return NO_IDENTITIES
    kind = BlockKind.MONTH_NAMES
    body = snapshot.data.blocks.read(kind, {month.unit: month.block(kind)})[month.unit]
    return read_block(body)["identity"]


def _are_named(frames: Mapping[int, PathFrames], columns: UnitColumns) -> bool:
    """Whether all hits have a unit."""
    if columns.code is HitColumn.RECORD:
        return all(of_path.named == of_path.rows for of_path in frames.values())
    return columns.code is HitColumn.PERSON
