"""The append-only dictionaries that give people and features dense numbers.

A name keeps its number for ever, so bitsets and arrays of different days can be united. Only
folds add names.
"""

import threading
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store, Table

PEOPLE: Final = "people"
FEATURES: Final = "features"
PATHS: Final = "paths"
OTHER: Final = "(other)"
MAX_FEATURES: Final = 2_000
"""More features than this of one tenant count under `(other)`; their events are kept."""

MAX_PATHS: Final = 20_000
"""Likewise of paths, whose names are their texts in packs."""

_FULL_BYTES: Final = 200_000
"""A chunk with so many bytes of names is full: it never changes again, and only then is there a
next one. Otherwise two folds could give one number twice, one in the last chunk, one in a new one.
With one more name of 1 KB, even incompressible ones fit an item."""


class NameDictionary:
    """One dictionary of one tenant. It remembers what it has read; chunks only ever grow."""

    def __init__(self, store: Store, tenant: str, kind: str, limit: int | None = None) -> None:
        """`limit` is the number of names after which new ones become `(other)`."""
        self._store = store
        self._tenant = tenant
        self._kind = kind
        self._limit = limit
        self._lock = threading.Lock()
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._chunks: list[_Chunk] = []

    def names(self, at_least: int) -> list[str]:
        """The names by number; read again only if fewer than `at_least` are known."""
        if len(self._names) < at_least:
            self._refresh()
        return self._names

    def numbers(self, names: Sequence[str]) -> list[int]:
        """The number of each name, giving new ones their numbers, in sorted order."""
        while missing := sorted(self._missing(names)):
            self._refresh()
            missing = sorted(self._missing(names))
            if missing:
                self._append(missing)
        return [self._number(name) for name in names]

    def known(self) -> dict[str, int]:
        """Numbers of the names read so far."""
        return self._numbers

    def _missing(self, names: Sequence[str]) -> set[str]:
        missing = {name for name in names if name not in self._numbers}
        if missing and self._limit is not None and len(self._names) >= self._limit:
            return set() if OTHER in self._numbers else {OTHER}
        return missing

    def _number(self, name: str) -> int:
        number = self._numbers.get(name)
        return self._numbers[OTHER] if number is None else number

    def _refresh(self) -> None:
        with self._lock:
            while not self._read_on():
                pass  # the last chunk was read before it was full, and the next one after

    def _read_on(self) -> bool:
        """Read the last known chunk and those after it; False if the query was torn."""
        first = max(len(self._chunks) - 1, 0)
        partition = keys.dictionary_partition(self._tenant, self._kind)
        chunks = self._store.query(Table.METRICS, partition, f"{first:06d}")
        for number, item in enumerate(chunks, start=first):
            if number > first and _size(self._names[self._chunks[-1].start :]) < _FULL_BYTES:
                return False
            self._take(number, item)
        return True

    def _take(self, number: int, item: Item) -> None:
        names = msgspec.msgpack.decode(unseal(item.body), type=list[str])
        known = len(self._names)
        start = self._chunks[number].start if number < len(self._chunks) else known
        new = names[known - start :]
        # In this order: whoever reads meanwhile must not take a name that is there for a new one.
        self._numbers.update(zip(new, range(known, known + len(new)), strict=True))
        self._names.extend(new)
        self._chunks[number:] = [_Chunk(start, item.version)]

    def _append(self, names: Sequence[str]) -> None:
        """Add names to the last chunk, or to a new one if that is full. If someone else appended
        first, nothing is added, and the next refresh shows theirs.
        """
        with self._lock:
            # Another thread may have added some since they were found missing.
            new = [name for name in names if name not in self._numbers]
            if self._limit is not None and new != [OTHER]:
                new = new[: max(self._limit - len(self._names), 0)]
            if not new:
                return
            number = max(len(self._chunks) - 1, 0)
            last = self._chunks[number] if self._chunks else _Chunk(0, None)
            chunk = self._names[last.start :]
            if _size(chunk) >= _FULL_BYTES:
                number, last, chunk = number + 1, _Chunk(len(self._names), None), []
            filled = _size(chunk)
            for name in new:
                if filled >= _FULL_BYTES:
                    break
                chunk.append(name)
                filled += _size([name])
            item = Item(
                keys.dictionary_key(self._tenant, self._kind, number),
                seal(msgspec.msgpack.encode(chunk)),
                version=(last.version or 0) + 1,
            )
            if self._store.put_if(item, expected_version=last.version):
                self._take(number, item)


class _Chunk(NamedTuple):
    """The number of a chunk's first name, and its version (None: not yet written)."""

    start: int
    version: int | None


def _size(names: Sequence[str]) -> int:
    return len("".join(names).encode())
