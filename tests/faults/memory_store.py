"""A store in memory: the whole port, fast enough for thousands of runs. Every call is atomic."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shared.metrics.storage.ports import Item, Key, Table


@dataclass
class _Partition:
    sorts: list[str] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)


class MemoryStore:
    """The port `Store` over dictionaries. `clock` tells milliseconds UTC."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._partitions: dict[tuple[Table, str], _Partition] = defaultdict(_Partition)

    def get(self, key: Key) -> Item | None:
        item = self._partitions[key.table, key.partition].items.get(key.sort)
        return item if item is not None and self._is_visible(item) else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        found = ((key, self.get(key)) for key in keys)
        return {key: item for key, item in found if item is not None}

    def query(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> Iterator[Item]:
        stored = self._partitions[table, partition]
        # Code points are in the same order as the UTF-8 bytes that the port speaks of.
        start = bisect_left(stored.sorts, first)
        end = len(stored.sorts) if last is None else bisect_right(stored.sorts, last)
        items = [stored.items[sort] for sort in stored.sorts[start:end]]
        return (item for item in items if self._is_visible(item))

    def versions(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> dict[str, int]:
        return {item.key.sort: item.version for item in self.query(table, partition, first, last)}

    def put_many(self, items: Iterable[Item]) -> None:
        for item in items:
            stored = self._partitions[item.key.table, item.key.partition]
            if item.key.sort not in stored.items:
                insort(stored.sorts, item.key.sort)
            stored.items[item.key.sort] = item

    def put_if(self, item: Item, *, expected_version: int | None) -> bool:
        stored = self.get(item.key)
        if stored == item:
            return True
        if (None if stored is None else stored.version) != expected_version:
            return False
        self.put_many([item])
        return True

    def delete_many(self, keys: Iterable[Key]) -> None:
        for key in keys:
            stored = self._partitions[key.table, key.partition]
            if stored.items.pop(key.sort, None) is not None:
                stored.sorts.remove(key.sort)

    def everything(self) -> list[Item]:
        """All items, for tests to look at."""
        return [item for stored in self._partitions.values() for item in stored.items.values()]

    def _is_visible(self, item: Item) -> bool:
        return item.expires_at is None or item.expires_at > self._clock() // 1000
