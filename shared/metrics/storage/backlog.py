"""Of which minutes there may be deliveries that are acknowledged and wait in the delivery queue.

Whoever puts a delivery on the queue marks its minute before that, once a minute and process. A mark
goes when whatever was put there in its minute must have been stored by now. What was handed out and
could not be stored is held by a mark of its own until it is.
"""

from typing import Final

from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Key, Store, Table

MILLISECONDS_A_MINUTE: Final = 60_000
HELD_SECONDS: Final = 14 * 24 * 3600
"""As long as dead letters are kept."""

_MAX_CONFIRMED: Final = 10_000


class Backlog:
    """The backlog of all tenants, as one process knows it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._confirmed: set[Key] = set()

    def mark(self, tenant: str, now_ms: int) -> None:
        """Say that a delivery is about to be put on the queue."""
        key = keys.backlog_key(tenant, now_ms // MILLISECONDS_A_MINUTE)
        if key in self._confirmed:
            return
        self._store.put_many([Item(key, b"")])
        if len(self._confirmed) >= _MAX_CONFIRMED:
            self._confirmed.clear()
        self._confirmed.add(key)

    def hold(self, tenant: str, received_ms: int, request_id: str, now_ms: int) -> None:
        """Say that a delivery could not be stored now."""
        expires_at = now_ms // 1000 + HELD_SECONDS
        self._store.put_many(
            [Item(_held_key(tenant, received_ms, request_id), b"", expires_at=expires_at)]
        )

    def release(self, tenant: str, received_ms: int, request_id: str) -> None:
        """Say that a delivery that may be held has been stored."""
        self._store.delete_many([_held_key(tenant, received_ms, request_id)])

    def settle(self, before_ms: int) -> None:
        """Take back the marks of minutes that were over by then; what is held stays."""
        before = before_ms // MILLISECONDS_A_MINUTE
        items = self._store.query(Table.EVENTS, keys.backlog_partition())
        over = [item.key for item in items if _unheld_minute(item.key, default=before) < before]
        self._store.delete_many(over)

    def oldest_ms(self, tenant: str) -> int | None:
        """The start of the earliest minute of which something may still wait; None: of none."""
        prefix = keys.backlog_key(tenant, 0).sort.rpartition("#")[0] + "#"
        found = self._store.query(
            Table.EVENTS, keys.backlog_partition(), prefix, keys.up_to(prefix)
        )
        first = next(iter(found), None)
        if first is None:
            return None
        return int(first.key.sort.removeprefix(prefix).partition("#")[0]) * MILLISECONDS_A_MINUTE


def _held_key(tenant: str, received_ms: int, request_id: str) -> Key:
    return keys.held_key(tenant, received_ms // MILLISECONDS_A_MINUTE, request_id)


def _unheld_minute(key: Key, *, default: int) -> int:
    """The minute of a mark; the default for one that holds a message."""
    _, minute, *held = key.sort.split("#")
    return default if held else int(minute)
