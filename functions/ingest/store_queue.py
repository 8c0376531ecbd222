"""The delivery queue of one machine: in its database, which is as durable as the rest of it."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store, Table

MAX_RECEIVES: Final = 5
"""As in infra/template.yaml: what fails so often is put aside, and not lost."""


class WaitingDelivery(NamedTuple):
    """A message, and how often it was handed out before."""

    name: str
    sent_ms: int
    receives: int
    text: str


class StoreQueue:
    """Messages as items, in the order in which they were put."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def send(self, name: str, text: str) -> None:
        """Put a message."""
        key = keys.waiting_key(f"{self._clock():015d}#{keys.escaped(name)}")
        self._store.put_many([Item(key, text.encode())])

    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self.take(1)

    def take(self, most: int) -> list[WaitingDelivery]:
        """Up to so many messages, the oldest first; they stay until they are done with."""
        found = self._store.query(Table.EVENTS, keys.waiting_partition())
        return [_waiting(item) for item, _ in zip(found, range(most), strict=False)]

    def finish(self, done: Iterable[WaitingDelivery]) -> None:
        """Messages are stored."""
        self._store.delete_many([keys.waiting_key(each.name) for each in done])

    def put_back(self, failed: Iterable[WaitingDelivery]) -> list[WaitingDelivery]:
        """Messages could not be stored; answers those that were put aside, for failing so often."""
        dead = []
        for each in failed:
            if each.receives + 1 >= MAX_RECEIVES:
                self._store.put_many([_item(each, dead=True)])
                self.finish([each])
                dead.append(each)
            else:
                self._store.put_many([_item(each._replace(receives=each.receives + 1))])
        return dead

    def redrive(self) -> int:
        """Let what was put aside wait again; how many messages."""
        found = self._store.query(Table.EVENTS, keys.waiting_partition(dead=True))
        dead = [_waiting(item) for item in found]
        self._store.put_many([_item(each._replace(receives=0)) for each in dead])
        self._store.delete_many([keys.waiting_key(each.name, dead=True) for each in dead])
        return len(dead)


def _waiting(item: Item) -> WaitingDelivery:
    name = item.key.sort
    return WaitingDelivery(name, int(name.partition("#")[0]), item.version, item.body.decode())


def _item(waiting: WaitingDelivery, *, dead: bool = False) -> Item:
    key = keys.waiting_key(waiting.name, dead=dead)
    return Item(key, waiting.text.encode(), waiting.receives)
