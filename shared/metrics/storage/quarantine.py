"""Rows that were turned away, kept with their reason and original bytes until they expire."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import Final

import msgspec

from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.storage import keys
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Item, Store

KEPT_SECONDS: Final = 90 * 24 * 3600


class QuarantinedRow(msgspec.Struct, frozen=True):
    """A row that was turned away. Times are milliseconds UTC."""

    source: str
    received_ms: int
    index: int
    reason: str
    detail: str
    original: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[QuarantinedRow])


def quarantine_items(
    tenant: str, rows: Sequence[QuarantinedRow], request_id: str, received_ms: int
) -> list[Item]:
    """The items that hold the turned-away rows of one delivery: none if there are none.

    The version of each is the number of them: items are not written all at once.
    """
    if not rows:
        return []
    body = seal(_encoder.encode(list(rows)))
    name = blake2b(body + request_id.encode(), digest_size=12).hexdigest()
    day = from_milliseconds(received_ms).date()
    pieces = [body[at : at + MAX_ITEM_BYTES] for at in range(0, len(body), MAX_ITEM_BYTES)]
    return [
        Item(
            keys.quarantine_key(tenant, day, received_ms // 60_000, name, part),
            piece,
            version=len(pieces),
            expires_at=received_ms // 1000 + KEPT_SECONDS,
        )
        for part, piece in enumerate(pieces)
    ]


def quarantined(store: Store, tenant: str) -> Iterator[QuarantinedRow]:
    """Every turned-away row of a tenant, oldest first.

    A delivery of which only some items were written was not acknowledged, and is left out.
    """
    anyone = keys.quarantine_key(tenant, from_milliseconds(0).date(), 0, "", 0)
    found = store.query(anyone.table, anyone.partition)
    for _, group in groupby(found, key=lambda item: item.key.sort.rpartition("#")[0]):
        items = list(group)
        if len(items) == items[0].version:
            yield from _decoder.decode(unseal(b"".join(item.body for item in items)))
