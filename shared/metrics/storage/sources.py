"""Sources of events, as stored: whose they are, how they prove it, and what their rows mean."""

from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest
from typing import Final, NamedTuple

import msgspec

from shared.metrics.domain.errors import ConflictError, NotFoundError
from shared.metrics.domain.event_mapping import EventMapping
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.keys import source_key, sources_partition, tenant_source_key
from shared.metrics.storage.ports import Item, Store, Table

_MAX_TRIES: Final = 5
_NEVER: Final = b""


class StoredSecret(msgspec.Struct, frozen=True):
    """What is kept of one secret: a digest of a write key, or a secret encrypted
    (`shared/metrics/secret_box.py`); the other is empty.
    """

    digest: bytes = b""
    sealed: bytes = b""


class ReplacedSecret(StoredSecret, frozen=True, kw_only=True):
    """A secret that another has taken the place of; it is accepted until then (ms UTC)."""

    until_ms: int


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Something that sends events for one tenant.

    Of a write key only the digest is kept, other secrets sealed. While one is rotated, two are
    valid: the new one, and `replaced` until its time. `settings` are what was agreed when it was
    set up, by name. Without a `mapping` its rows mean what rows of its kind usually do.
    """

    source_id: str
    tenant: str
    kind: SourceKind
    created_at_ms: int
    name: str = ""
    key_digest: bytes = b""
    sealed_secret: bytes = b""
    replaced: ReplacedSecret | None = None
    disabled_at_ms: int | None = None
    settings: dict[str, str] = {}
    mapping: EventMapping | None = None

    def accepts(self, digest: bytes, now_ms: int) -> bool:
        """Whether the digest of a presented key is that of a valid one, in constant time."""
        old = self._valid_replaced(now_ms)
        is_newest = compare_digest(self.key_digest, digest)
        is_replaced = compare_digest(old.digest if old else _NEVER, digest)
        return (is_newest or is_replaced) and self.disabled_at_ms is None

    def sealed_secrets(self, now_ms: int) -> tuple[bytes, ...]:
        """The valid secrets as they are kept, newest first; none of a disabled source."""
        if self.disabled_at_ms is not None:
            return ()
        old = self._valid_replaced(now_ms)
        kept = (self.sealed_secret, old.sealed if old else b"")
        return tuple(sealed for sealed in kept if sealed)

    def _valid_replaced(self, now_ms: int) -> ReplacedSecret | None:
        old = self.replaced
        return old if old is not None and now_ms < old.until_ms else None


class StoredSource(NamedTuple):
    """A source, and its version, which grows with every change."""

    source: Source
    version: int


def key_digest(secret: str) -> bytes:
    """What is kept of a write key. They are random and long, so one plain hash is enough."""
    return sha256(secret.encode(errors="surrogatepass")).digest()


class SourceStore:
    """Reads and writes sources."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, source: Source) -> None:
        """Add a source; ConflictError if its id is taken.

        It is listed first: a crash in between leaves a name in the list that leads nowhere, and
        not a source that no list knows.
        """
        listed = tenant_source_key(source.tenant, source.source_id)
        self._store.put_many([Item(listed, source.source_id.encode())])
        item = Item(source_key(source.source_id), msgspec.json.encode(source))
        if not self._store.put_if(item, expected_version=None):
            message = f"source {source.source_id!r} exists already"
            raise ConflictError(message)

    def get(self, source_id: str) -> Source | None:
        """A source by its id, if there is one."""
        found = self._stored(source_id)
        return None if found is None else found.source

    def of(self, tenant: str, source_id: str) -> StoredSource:
        """A source of a tenant; NotFoundError, the same, if there is none or it is another's."""
        found = self._stored(source_id)
        if found is None or found.source.tenant != tenant:
            message = f"there is no source {source_id!r}; `crm-metrics source create` makes one"
            raise NotFoundError(message)
        return found

    def of_tenant(self, tenant: str) -> list[StoredSource]:
        """All sources of a tenant, by id."""
        listed = self._store.query(Table.EVENTS, sources_partition(tenant))
        keys = [source_key(item.body.decode()) for item in listed]
        found = self._store.get_many(keys)
        return [_stored(found[key]) for key in keys if key in found]

    def change(
        self, tenant: str, source_id: str, change: Callable[[Source], Source]
    ) -> StoredSource:
        """Replace a source by what `change` makes of it, which may be asked several times.

        NotFoundError if the tenant has no such source, ConflictError if it changes all the time.
        """
        for _ in range(_MAX_TRIES):
            before = self.of(tenant, source_id)
            after = change(before.source)
            if after == before.source:
                return before
            item = Item(source_key(source_id), msgspec.json.encode(after), before.version + 1)
            if self._store.put_if(item, expected_version=before.version):
                return StoredSource(after, item.version)
        message = f"source {source_id!r} was changed meanwhile; repeat the change"
        raise ConflictError(message)

    def _stored(self, source_id: str) -> StoredSource | None:
        # What no source is called need not have the form of a key.
        item = self._store.get(source_key(source_id)) if source_id.isascii() else None
        return None if item is None else _stored(item)


def _stored(item: Item) -> StoredSource:
    return StoredSource(msgspec.json.decode(item.body, type=Source), item.version)
