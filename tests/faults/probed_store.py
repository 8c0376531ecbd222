"""A store whose every step can be watched, made to fail, or held up.

The port promises little: a batch is not atomic, and a query reads page by page. So every item of a
batch and every page of a query is a step of its own here, and a batch is written in any order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import TypeVar

from shared.metrics.storage.ports import Item, Key, Store, Table

Probe = Callable[[str], object]
"""Is told of a step: the method and the partition, as in `put_many marks#03`."""

T = TypeVar("T")


def nothing(step: str) -> None:
    """The probe that lets everything pass."""


class ProbedStore:
    """The port `Store`, calling `before` ahead of every step of `inner` and `after` behind it.

    A probe that raises ahead of a step keeps it from being done; behind it, its answer is lost.
    """

    def __init__(
        self,
        inner: Store,
        *,
        before: Probe = nothing,
        after: Probe = nothing,
        random: Random | None = None,
        page: int = 1_000,
    ) -> None:
        self._inner = inner
        self._before = before
        self._after = after
        self._random = random
        self._page = page

    def get(self, key: Key) -> Item | None:
        return self._step("get", key.partition, lambda: self._inner.get(key))

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        found = ((key, self.get(key)) for key in self._in_any_order(keys))
        return {key: item for key, item in found if item is not None}

    def query(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> Iterator[Item]:
        start = first
        page: list[Item] = []

        def read() -> list[Item]:
            return list(islice(self._inner.query(table, partition, start, last), self._page))

        while True:
            page = self._step("query", partition, read)
            yield from page
            if len(page) < self._page:
                return
            start = f"{page[-1].key.sort}\0"

    def versions(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> dict[str, int]:
        return {item.key.sort: item.version for item in self.query(table, partition, first, last)}

    def put_many(self, items: Iterable[Item]) -> None:
        for item in self._in_any_order(items):
            self._put(item)

    def put_if(self, item: Item, *, expected_version: int | None) -> bool:
        return self._step(
            "put_if",
            item.key.partition,
            lambda: self._inner.put_if(item, expected_version=expected_version),
        )

    def delete_many(self, keys: Iterable[Key]) -> None:
        for key in self._in_any_order(keys):
            self._delete(key)

    def _put(self, item: Item) -> None:
        self._step("put_many", item.key.partition, lambda: self._inner.put_many([item]))

    def _delete(self, key: Key) -> None:
        self._step("delete_many", key.partition, lambda: self._inner.delete_many([key]))

    def _step(self, method: str, partition: str, action: Callable[[], T]) -> T:
        step = f"{method} {partition}"
        self._before(step)
        answer = action()
        self._after(step)
        return answer

    def _in_any_order(self, batch: Iterable[T]) -> list[T]:
        ordered = list(batch)
        if self._random is not None:
            self._random.shuffle(ordered)
        return ordered
