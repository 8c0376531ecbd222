"""The port of storage: ordered items in two tables, and what every adapter promises.

All reads see every write that was confirmed before they began. A write to `EVENTS` is durable when
its call returns, one to `METRICS` at the latest with the next write to `EVENTS`; writes become
durable in their order. When a call raises `StorageUnavailableError`, any part may have happened.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Final, Protocol

import msgspec

MAX_ITEM_BYTES: Final = 350_000
"""Body of the largest item; DynamoDB's limit is 400 KB with names and keys."""


class Table(Enum):
    """`EVENTS` holds what cannot be computed again; `METRICS` what is derived from it."""

    EVENTS = "events"
    METRICS = "metrics"


class Key(msgspec.Struct, frozen=True):
    """Where an item lives. Items of a partition are ordered by the UTF-8 bytes of `sort`."""

    table: Table
    partition: str
    sort: str


class Item(msgspec.Struct, frozen=True):
    """A stored item. `version` is what `put_if` compares; `expires_at` is in seconds since 1970."""

    key: Key
    body: bytes
    version: int = 0
    expires_at: int | None = None


class Store(Protocol):
    """An ordered key-value store with conditional writes."""

    def get(self, key: Key) -> Item | None:
        """Read one item."""
        ...

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Read many items; those that do not exist are absent from the answer."""
        ...

    def query(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> Iterator[Item]:
        """Read the items with `first <= sort <= last`, ascending, over as many pages as it takes.

        Without `last`, to the end of the partition.
        """
        ...

    def versions(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> dict[str, int]:
        """The versions of the items that `query` would read, by `sort`, ascending; without their
        bodies, which is all that a reader needs who knows what earlier versions held.
        """
        ...

    def put_many(self, items: Iterable[Item]) -> None:
        """Write all items, replacing any that exist. Not atomic."""
        ...

    def put_if(self, item: Item, *, expected_version: int | None) -> bool:
        """Write the item if the stored version is the expected one (None: there is no item).

        False when it is not. A write of ours whose answer was lost counts as done: when the stored
        item equals `item`, True. Bodies that must not be confused carry something unique.
        """
        ...

    def delete_many(self, keys: Iterable[Key]) -> None:
        """Delete items; deleting one that does not exist is no error."""
        ...
