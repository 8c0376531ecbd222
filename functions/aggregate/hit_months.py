"""Gathers the hits of the published days of a month, one by one, by path.

They are much more than the sums of days, so a month is gathered again only when several of its
days have changed; until then those are read by themselves.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind, read_block, write_block
from shared.metrics.columns.day_events import PathEvents, read_segment
from shared.metrics.columns.month_hits import MonthHitsWriter, NameTable
from shared.metrics.storage.blocks import MissingBlockError, part_bytes
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import LAYOUT, Manifest
from shared.metrics.storage.months import Month, hits_unit
from shared.metrics.storage.tenant_data import TenantData

CHANGED_DAYS: Final = 4
"""So many days of a month that is over must be new or changed for it to be gathered again."""

NEW_DAYS: Final = 7
"""So many of a month that is not over."""

_BYTES_AT_ONCE: Final = 12_000_000
"""Sealed hits that are held in memory at a time; unsealed they take about three times as much."""


@dataclass(frozen=True, slots=True)
class _Day:
    """A day's hits: the attempt that wrote them, its first instant, and where each path is."""

    attempt: str
    start_ms: int
    number: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def outdated_hits(
    manifests: Mapping[str, Manifest], months: Mapping[str, Month], today: date
) -> Iterator[str]:
    """The months whose days have changed enough since their hits were gathered."""
    for name, days in _days_by_month(manifests, today).items():
        known = months.get(hits_unit(name))
        gathered = known.days if known and known.layout == LAYOUT else {}
        changed = sum(gathered.get(day) != attempt for day, attempt in days.items())
        is_over = name < f"{today:%Y-%m}"
        if changed >= (NEW_DAYS if not is_over else CHANGED_DAYS if gathered else 1):
            yield name


def gather_hits(
    data: TenantData, name: str, manifests: Mapping[str, Manifest], attempt: str, today: date
) -> bool:
    """Gather the hits of a month and publish them; False if its days, or those, changed."""
    unit = hits_unit(name)
    version = data.months.version(unit)
    days = _days_by_month(manifests, today)[name]
    data.blocks.begin(unit, attempt)
    try:
        parts = _gather(data, name, unit, attempt, _read_index(data, manifests, days))
    except MissingBlockError:
        data.blocks.delete(unit, attempt)
        return False
    month = Month(attempt=attempt, layout=LAYOUT, days=days, parts=parts)
    if data.months.publish(unit, month, expected_version=version):
        return True
    data.blocks.delete(unit, attempt)
    return False


def _read_index(
    data: TenantData, manifests: Mapping[str, Manifest], days: Mapping[str, str]
) -> dict[str, _Day]:
    kind = BlockKind.EVENT_INDEX
    wanted = {day: (made, manifests[day].parts[kind.value]) for day, made in days.items()}
    found = {}
    for day, body in sorted(data.blocks.read(kind, wanted).items()):
        index = read_block(body)
        end = index["end"].astype(np.int64)
        start = np.append(0, end)[: len(end)]
        start_ms = data.calendar.start_ms(date.fromisoformat(day))
        found[day] = _Day(days[day], start_ms, index["number"].astype(np.int64), start, end)
    return found


def _gather(
    data: TenantData, name: str, unit: str, attempt: str, days: Mapping[str, _Day]
) -> dict[str, int]:
    """Write the blocks of a month; answers the number of parts of each kind."""
    month_ms = data.calendar.start_ms(date.fromisoformat(f"{name}-01"))
    names, writer = NameTable(), MonthHitsWriter()
    kind = BlockKind.MONTH_HITS
    parts = 0
    for paths in _batches(days.values()):
        writer.begin_at(parts * part_bytes(kind))
        body = _sealed(_read(data, days, paths), month_ms, names, writer)
        parts += data.blocks.append(unit, attempt, kind, body, first_part=parts)
    blocks = {
        BlockKind.MONTH_HIT_INDEX: write_block(writer.index()),
        BlockKind.MONTH_NAMES: write_block({"identity": names.identities}),
    }
    return {kind.value: parts} | data.blocks.write(unit, attempt, blocks)


def _batches(days: Collection[_Day]) -> Iterator[NDArray[np.int64]]:
    """The paths of the days, so many at a time that all their hits can be held in memory."""
    number = np.concatenate([day.number for day in days])
    sizes = np.concatenate([day.end - day.start for day in days])
    size = np.bincount(number, sizes)
    paths = np.flatnonzero(size)
    batch = (np.cumsum(size[paths]) // _BYTES_AT_ONCE).astype(np.int64)
    for at in np.unique(batch).tolist():
        yield paths[batch == at]


def _read(
    data: TenantData, days: Mapping[str, _Day], paths: NDArray[np.int64]
) -> dict[int, PathEvents]:
    """The hits of some paths, each in order of time."""
    wanted = {day: np.flatnonzero(np.isin(of_day.number, paths)) for day, of_day in days.items()}
    ranges = {
        day: (
            days[day].attempt,
            list(zip(days[day].start[at].tolist(), days[day].end[at].tolist(), strict=True)),
        )
        for day, at in wanted.items()
    }
    found: dict[int, list[PathEvents]] = {path: [] for path in paths.tolist()}
    for day, bodies in data.blocks.read_ranges(BlockKind.EVENTS, ranges).items():
        numbers = days[day].number[wanted[day]].tolist()
        for number, body in zip(numbers, bodies, strict=True):
            found[number].append(read_segment(body, days[day].start_ms))
    return {path: PathEvents.joined(parts) for path, parts in found.items()}


def _sealed(
    hits: Mapping[int, PathEvents], month_ms: int, names: NameTable, writer: MonthHitsWriter
) -> bytes:
    every = PathEvents.joined(list(hits.values()))
    codes = names.codes(np.concatenate([every.record, every.account]).T)
    frames = []
    start = 0
    for path, of_path in hits.items():
        end = start + len(of_path)
        record, account = codes[start:end], codes[len(every) + start : len(every) + end]
        columns = (of_path.person, of_path.times_ms - month_ms, record, account)
        frames.append(writer.add(path, columns))
        start = end
    return b"".join(frames)


def _days_by_month(manifests: Mapping[str, Manifest], today: date) -> dict[str, dict[str, str]]:
    """The visible attempt of each day whose hits can be read one by one, by month."""
    found: dict[str, dict[str, str]] = {}
    for day, manifest in sorted(manifests.items()):
        is_whole = manifest.layout == LAYOUT and manifest.is_compacted
        if day != DIRECTORY and day < today.isoformat() and is_whole:
            found.setdefault(day[:7], {})[day] = manifest.attempt
    return found
