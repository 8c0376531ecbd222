"""Blocks of units, written under the attempt that made them and split into parts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, groupby
from typing import Final

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.storage import keys
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Item, Key, Store, Table

_SMALL_PARTS: Final = {BlockKind.MONTH_HITS: 64_000}
"""A question reads a little here and there of these, and always whole parts."""


_FAR_APART_DAYS: Final = 4
"""Days between are read in vain rather than a query is made: weekends may have no events."""

_DAY_LENGTH: Final = len("2026-11-22")


def part_bytes(kind: BlockKind) -> int:
    """The size of all parts of a kind but the last."""
    return _SMALL_PARTS.get(kind, MAX_ITEM_BYTES)


class MissingBlockError(Exception):
    """A part that a manifest names is not there: the manifest has been replaced; read it again."""


class Blocks:
    """The blocks of one tenant and generation."""

    def __init__(self, store: Store, tenant: str, generation: int) -> None:
        self._store = store
        self._tenant = tenant
        self._generation = generation

    def begin(self, unit: str, attempt: str) -> None:
        """Enter an attempt in the ledger, before it writes anything, so that it can be deleted."""
        key = keys.attempt_key(self._tenant, self._generation, attempt)
        self._store.put_many([Item(key, unit.encode())])

    def write(self, unit: str, attempt: str, bodies: Mapping[BlockKind, bytes]) -> dict[str, int]:
        """Write blocks under an attempt; answers the number of parts of each kind."""
        items = []
        parts = {}
        for kind, body in bodies.items():
            found = self._items(unit, attempt, kind, body)
            parts[kind.value] = len(found)
            items += found
        self._store.put_many(items)
        return parts

    def append(
        self, unit: str, attempt: str, kind: BlockKind, body: bytes, *, first_part: int
    ) -> int:
        """Write a further piece of a block that is too large to be held at once, from a part on;
        answers its number of parts.
        """
        items = self._items(unit, attempt, kind, body, first_part)
        self._store.put_many(items)
        return len(items)

    def _items(
        self, unit: str, attempt: str, kind: BlockKind, body: bytes, first_part: int = 0
    ) -> list[Item]:
        size = part_bytes(kind)
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        return [
            Item(self._key(kind.value, unit, attempt, part), piece)
            for part, piece in enumerate(pieces, start=first_part)
        ]

    def read(self, kind: BlockKind, attempts: Mapping[str, tuple[str, int]]) -> dict[str, bytes]:
        """The blocks of a kind by unit, given the attempt and number of parts of each unit.

        One query for units near each other; attempts that are not asked for are dropped.
        """
        partition = keys.blocks_partition(self._tenant, self._generation, kind.value)
        blocks = {}
        found = chain.from_iterable(
            self._store.query(
                Table.METRICS,
                partition,
                keys.attempt_prefix(first, attempts[first][0]),
                keys.up_to(keys.attempt_prefix(last, attempts[last][0])),
            )
            for first, last in _runs(sorted(attempts))
        )
        for (unit, attempt), pieces in groupby(_named(found), key=lambda named: named[0]):
            wanted = attempts.get(unit)
            if wanted is not None and wanted[0] == attempt:
                bodies = [body for _, body in pieces]
                if len(bodies) == wanted[1]:
                    blocks[unit] = b"".join(bodies)
        if len(blocks) < len(attempts):
            missing = sorted(attempts.keys() - blocks.keys())
            raise MissingBlockError(f"{kind.value} of {missing[0]}")
        return blocks

    def read_ranges(
        self, kind: BlockKind, wanted: Mapping[str, tuple[str, Sequence[tuple[int, int]]]]
    ) -> dict[str, list[bytes]]:
        """Byte ranges of the blocks of a kind by unit, given the attempt and the (start, end) of
        each. Only the parts that hold them are read.
        """
        places: dict[Key, tuple[str, int]] = {}
        size = part_bytes(kind)
        for unit, (attempt, ranges) in wanted.items():
            for start, end in ranges:
                for part in range(start // size, -(-end // size)):
                    places[self._key(kind.value, unit, attempt, part)] = (unit, part)
        found = self._store.get_many(list(places))
        if len(found) < len(places):
            missing = next(places[key] for key in places if key not in found)
            raise MissingBlockError(f"{kind.value} of {missing[0]}, part {missing[1]}")
        parts = {places[key]: item.body for key, item in found.items()}
        return {
            unit: [_cut(parts, unit, start, end, size) for start, end in ranges]
            for unit, (_, ranges) in wanted.items()
        }

    def attempts(self) -> Iterator[tuple[str, str]]:
        """Every attempt in the ledger and the unit it was of, oldest first."""
        key = keys.attempt_key(self._tenant, self._generation, "")
        for item in self._store.query(key.table, key.partition):
            yield item.key.sort, item.body.decode()

    def delete(self, unit: str, attempt: str) -> None:
        """Delete everything that an attempt wrote, then its entry in the ledger."""
        for kind in BlockKind:
            partition = keys.blocks_partition(self._tenant, self._generation, kind.value)
            prefix = keys.attempt_prefix(unit, attempt)
            found = self._store.query(Table.METRICS, partition, prefix, keys.up_to(prefix))
            self._store.delete_many([item.key for item in found])
        self._store.delete_many([keys.attempt_key(self._tenant, self._generation, attempt)])

    def _key(self, kind: str, unit: str, attempt: str, part: int) -> Key:
        return keys.block_key(self._tenant, self._generation, kind, unit, attempt, part)


def _cut(
    parts: Mapping[tuple[str, int], bytes], unit: str, start: int, end: int, size: int
) -> bytes:
    """The bytes from `start` to `end` of a block that was split into parts of a size."""
    first, last = start // size, -(-end // size)
    if last - first == 1:
        offset = first * size
        return parts[unit, first][start - offset : end - offset]
    whole = b"".join(parts[unit, part] for part in range(first, last))
    return whole[start - first * size : end - first * size]


def _runs(units: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The first and the last of units that are near each other: days that are not many days apart,
    and others in any case.
    """
    first = last = None
    for unit in units:
        if first is None or last is None:
            first = unit
        elif _days_apart(last, unit) > _FAR_APART_DAYS:
            yield first, last
            first = unit
        last = unit
    if first is not None and last is not None:
        yield first, last


def _days_apart(unit: str, other: str) -> int:
    if len(unit) != _DAY_LENGTH or len(other) != _DAY_LENGTH:
        return 0
    return (date.fromisoformat(other) - date.fromisoformat(unit)).days


def _named(items: Iterator[Item]) -> Iterator[tuple[tuple[str, str], bytes]]:
    for item in items:
        unit, attempt, _ = item.key.sort.split("#")
        yield (unit, attempt), item.body
