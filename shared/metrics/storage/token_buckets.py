"""The token buckets that the processes of a function share."""

from collections.abc import Callable
from secrets import token_hex
from typing import Final, NamedTuple

import msgspec

from shared.metrics.domain.quotas import Level, lease
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store

_MAX_TRIES: Final = 3
_TOKEN_BYTES: Final = 6


class _StoredLevel(msgspec.Struct, frozen=True):
    """A level, and something unique: two who take the same at once must not be confused."""

    events: float
    at_ms: int
    by: str


_decoder = msgspec.json.Decoder(_StoredLevel)


class Bucket(NamedTuple):
    """The bucket of a tenant, or of one of its sources (`""`: of all of them)."""

    tenant: str
    source: str


class Taken(NamedTuple):
    """What was taken from a bucket; `retry_seconds` if it is empty, `is_unchecked` if too many
    others took from it at the same moment.
    """

    events: int
    retry_seconds: int = 0
    is_unchecked: bool = False


def take(
    store: Store, bucket: Bucket, events_per_minute: int, needed: int, clock: Callable[[], int]
) -> Taken:
    """Take from a bucket. Between processes that write it at once, one wins and the others look
    again; who never wins takes what is needed all the same.
    """
    key = keys.bucket_key(bucket.tenant, bucket.source)
    for _ in range(_MAX_TRIES):
        item = store.get(key)
        level = None if item is None else _level(item.body)
        found = lease(level, events_per_minute, needed, clock())
        if not found.events:
            return Taken(0, found.retry_seconds)
        version = None if item is None else item.version
        stored = _StoredLevel(*found.left, token_hex(_TOKEN_BYTES))
        after = Item(key, msgspec.json.encode(stored), (version or 0) + 1)
        if store.put_if(after, expected_version=version):
            return Taken(found.events)
    return Taken(needed, is_unchecked=True)


def _level(body: bytes) -> Level:
    stored = _decoder.decode(body)
    return Level(stored.events, stored.at_ms)
