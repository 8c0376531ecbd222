"""Gathers the hits of the published days of a month, one by one, by path.

They are much more than the sums of days, so a month is gathered again only when several of its
days have changed; until then those are read by themselves.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind, read_block, write_block
from shared.metrics.columns.day_events import identities_of, read_names, read_segment
from shared.metrics.columns.month_hits import HitColumn, MonthHitsWriter, in_order
from shared.metrics.columns.month_names import NameTable, distinct_names
from shared.metrics.domain.identities import NO_IDENTITIES, NOT_THERE, Identities
from shared.metrics.storage.blocks import MissingBlockError, part_bytes
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import LAYOUT, Manifest
from shared.metrics.storage.months import HITS_LAYOUT, Month, hits_unit
from shared.metrics.storage.tenant_data import TenantData

CHANGED_DAYS: Final = 4
"""So many days of a month that is over must have changed for it to be gathered again, or one that
it does not have."""

NEW_DAYS: Final = 7
"""So many days of a month that is not over must be new or changed."""

_BYTES_AT_ONCE: Final = 12_000_000
"""Sealed hits that are held in memory at a time, or those of one path if they are more; unsealed
they take about three times as much."""


@dataclass(frozen=True, slots=True)
class _Day:
    """A day's hits: the attempt that wrote them, its first instant, and where each path is."""

    attempt: str
    start_ms: int
    number: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _PathHits:
    """The hits of a path in a month, in order of time: people by number, milliseconds since the
    month began, and n × 2 halves of the identities of records and accounts, None if there are none.
    """

    person: NDArray[np.uint32]
    time: NDArray[np.uint32]
    record: NDArray[np.uint64] | None
    account: NDArray[np.uint64] | None


def outdated_hits(
    manifests: Mapping[str, Manifest], months: Mapping[str, Month], today: date
) -> Iterator[str]:
    """The months whose days have changed enough since their hits were gathered."""
    for name, days in _days_by_month(manifests, today).items():
        known = months.get(hits_unit(name))
        gathered = known.days if known and known.layout == HITS_LAYOUT else {}
        changed = sum(gathered.get(day) != attempt for day, attempt in days.items())
        is_over = name < f"{today:%Y-%m}"
        is_whole = days.keys() <= gathered.keys()
        if changed >= (NEW_DAYS if not is_over else CHANGED_DAYS if is_whole else 1):
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
        names = _names_of(data, manifests, days)
        of_days = _read_index(data, manifests, days)
        parts = _gather(data, name, unit, attempt, of_days, names)
    except MissingBlockError:
        data.blocks.delete(unit, attempt)
        return False
    month = Month(attempt=attempt, layout=HITS_LAYOUT, days=days, parts=parts)
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


def _names_of(
    data: TenantData, manifests: Mapping[str, Manifest], days: Mapping[str, str]
) -> Identities:
    """The identities of all records and accounts of the days."""
    kind = BlockKind.RECORDS
    found = [NO_IDENTITIES]
    for day, made in days.items():
        bodies = data.blocks.read(kind, {day: (made, manifests[day].parts[kind.value])})
        found.append(identities_of(read_names(bodies[day])).T)
    return distinct_names(np.concatenate(found, axis=1))


def _gather(
    data: TenantData,
    name: str,
    unit: str,
    attempt: str,
    days: Mapping[str, _Day],
    identities: Identities,
) -> dict[str, int]:
    """Write the blocks of a month; answers the number of parts of each kind."""
    month_ms = data.calendar.start_ms(date.fromisoformat(f"{name}-01"))
    names, writer = NameTable(identities), MonthHitsWriter()
    kind = BlockKind.MONTH_HITS
    parts = 0
    for paths in _batches(days.values()):
        writer.begin_at(parts * part_bytes(kind))
        body = _sealed(_read(data, days, paths, month_ms), names, writer)
        parts += data.blocks.append(unit, attempt, kind, body, first_part=parts)
    blocks = {
        BlockKind.MONTH_HIT_INDEX: write_block(writer.index()),
        BlockKind.MONTH_NAMES: write_block({"identity": identities}),
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
    data: TenantData, days: Mapping[str, _Day], paths: NDArray[np.int64], month_ms: int
) -> dict[int, _PathHits]:
    """The hits of some paths, each in order of time."""
    wanted = {day: np.flatnonzero(np.isin(of_day.number, paths)) for day, of_day in days.items()}
    ranges = {
        day: (
            days[day].attempt,
            list(zip(days[day].start[at].tolist(), days[day].end[at].tolist(), strict=True)),
        )
        for day, at in wanted.items()
    }
    bodies: dict[int, list[tuple[bytes, int]]] = {path: [] for path in paths.tolist()}
    for day, of_day in data.blocks.read_ranges(BlockKind.EVENTS, ranges).items():
        numbers = days[day].number[wanted[day]].tolist()
        for number, body in zip(numbers, of_day, strict=True):
            bodies[number].append((body, days[day].start_ms))
    return {path: _joined(of_path, month_ms) for path, of_path in bodies.items()}


def _joined(bodies: Sequence[tuple[bytes, int]], month_ms: int) -> _PathHits:
    """The segments of some days, each with when its day begins, as one."""
    parts = [read_segment(body, start_ms) for body, start_ms in bodies]
    return _PathHits(
        person=np.concatenate([part.person for part in parts], dtype=np.uint32, casting="unsafe"),
        time=np.concatenate([part.times_ms - month_ms for part in parts]).astype(np.uint32),
        record=_names([part.record for part in parts]),
        account=_names([part.account for part in parts]),
    )


def _names(parts: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64] | None:
    return np.concatenate(parts) if any(part.any() for part in parts) else None


def _sealed(hits: Mapping[int, _PathHits], names: NameTable, writer: MonthHitsWriter) -> bytes:
    return b"".join(
        writer.add(path, _by_person(of_path, names) | _by_record(of_path, names))
        for path, of_path in hits.items()
    )


def _by_person(hits: _PathHits, names: NameTable) -> dict[HitColumn, NDArray[np.uint32]]:
    order = in_order(np.arange(len(hits.time)), hits.person)
    columns = {HitColumn.PERSON: hits.person[order], HitColumn.TIME: hits.time[order]}
    if hits.account is not None:
        place = names.places(hits.account.T)[order]
        columns[HitColumn.ACCOUNT] = (place - NOT_THERE).astype(np.uint32)
    return columns


def _by_record(hits: _PathHits, names: NameTable) -> dict[HitColumn, NDArray[np.uint32]]:
    if hits.record is None:
        return {}
    place = names.places(hits.record.T)
    order = in_order(np.flatnonzero(place != NOT_THERE), place)
    return {
        HitColumn.RECORD: place[order].astype(np.uint32),
        HitColumn.RECORD_TIME: hits.time[order],
        HitColumn.RECORD_PERSON: hits.person[order],
    }


def _days_by_month(manifests: Mapping[str, Manifest], today: date) -> dict[str, dict[str, str]]:
    """The visible attempt of each day whose hits can be read one by one, by month."""
    found: dict[str, dict[str, str]] = {}
    for day, manifest in sorted(manifests.items()):
        is_whole = manifest.layout == LAYOUT and manifest.is_compacted
        if day != DIRECTORY and day < today.isoformat() and is_whole:
            found.setdefault(day[:7], {})[day] = manifest.attempt
    return found
