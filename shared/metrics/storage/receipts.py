"""Receipts: when something that says no time of its own was first received (definitions §2).

Written before the pack and only if there is none, so that whatever is sent again within thirty
days gets the time of the first delivery, also when that one was never answered.
"""

from collections.abc import Iterable
from typing import Final

from shared.metrics.storage.keys import receipt_key
from shared.metrics.storage.ports import Item, Store

KEPT_SECONDS: Final = 30 * 24 * 3600


def first_received(
    store: Store, tenant: str, event_ids: Iterable[bytes], received_ms: int
) -> dict[bytes, int]:
    """When each event was first received (ms UTC), which is now for those that are new. Their
    receipts are durable when this returns; StorageUnavailableError otherwise.
    """
    keys = {event_id: receipt_key(tenant, event_id) for event_id in event_ids}
    known = store.get_many(list(keys.values()))
    times = {}
    for event_id, key in keys.items():
        item = known.get(key)
        if item is None:
            expires_at = received_ms // 1000 + KEPT_SECONDS
            mine = Item(key, str(received_ms).encode(), expires_at=expires_at)
            # Another delivery of the same may have been faster since we looked.
            item = mine if store.put_if(mine, expected_version=None) else store.get(key) or mine
        times[event_id] = int(item.body)
    return times
