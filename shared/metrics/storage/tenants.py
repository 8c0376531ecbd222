"""Tenants and their sources, as stored."""

from collections.abc import Callable
from datetime import date
from hmac import compare_digest
from typing import Final

import msgspec

from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.domain.periods import LocalCalendar, time_zone
from shared.metrics.storage.keys import source_key, tenant_key, tenant_source_key
from shared.metrics.storage.ports import Item, Store

MAX_NAME_LENGTH: Final = 100
MAX_TIMEOUT_MINUTES: Final = 12 * 60
"""So that a session can be handed over only to the very next day that has any length."""

_LIFE_MS: Final = 60_000


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """A company's settings. `generation` numbers the rules that its packs are split by; a change
    of time zone or session timeout makes a new one.
    """

    name: str
    time_zone: str
    generation: int = 1
    session_timeout_minutes: int = 15
    first_weekday: int = 0
    lateness_days: int = 7
    keeps_from: date = date(2000, 1, 1)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Something that sends events for one tenant. Of its write key only a digest is kept."""

    source_id: str
    tenant: str
    kind: str
    key_digest: bytes
    created_at_ms: int

    def accepts(self, digest: bytes) -> bool:
        """Whether a presented key is this source's, in constant time."""
        return compare_digest(self.key_digest, digest)


class TenantStore:
    """Reads and writes tenants and sources."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, tenant: Tenant) -> None:
        """Add a tenant. BadInputError if it cannot be, ConflictError if there is one of that name
        with other settings; adding the same again is no conflict.
        """
        if not tenant.name or len(tenant.name) > MAX_NAME_LENGTH or not tenant.name.isprintable():
            message = f"a tenant's name has 1 to {MAX_NAME_LENGTH} printable characters"
            raise BadInputError(message, field="tenant")
        if not 1 <= tenant.session_timeout_minutes <= MAX_TIMEOUT_MINUTES:
            message = f"a session timeout has 1 to {MAX_TIMEOUT_MINUTES} minutes"
            raise BadInputError(message, field="sessionTimeoutMinutes")
        time_zone(tenant.time_zone)
        item = Item(tenant_key(tenant.name), msgspec.json.encode(tenant))
        if not self._store.put_if(item, expected_version=None):
            message = f"tenant {tenant.name!r} exists already, with other settings"
            raise ConflictError(message)

    def get(self, name: str) -> Tenant:
        """A tenant; NotFoundError if there is none of that name."""
        item = self._store.get(tenant_key(name))
        if item is None:
            message = (
                f"there is no tenant {name!r}; "
                "`crm-metrics tenant create NAME --time-zone ZONE` makes one"
            )
            raise NotFoundError(message)
        return msgspec.json.decode(item.body, type=Tenant)

    def all(self) -> list[Tenant]:
        """Every tenant, by name."""
        anyone = tenant_key("")
        found = self._store.query(anyone.table, anyone.partition)
        return [msgspec.json.decode(item.body, type=Tenant) for item in found]

    def add_source(self, source: Source) -> None:
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

    def source(self, source_id: str) -> Source | None:
        """A source by its id, if there is one."""
        item = self._store.get(source_key(source_id))
        return None if item is None else msgspec.json.decode(item.body, type=Source)


class TenantCache:
    """The settings and calendars of tenants, trusted for a minute once read."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self.tenants = TenantStore(store)
        self._clock = clock
        self._known: dict[str, tuple[int, Tenant, LocalCalendar]] = {}

    def settings(self, name: str) -> tuple[Tenant, LocalCalendar]:
        """A tenant and its local calendar; NotFoundError if there is no such tenant."""
        now_ms = self._clock()
        known = self._known.get(name)
        if known is None or now_ms - known[0] > _LIFE_MS:
            tenant = self.tenants.get(name)
            same_zone = known is not None and known[1].time_zone == tenant.time_zone
            calendar = known[2] if known and same_zone else LocalCalendar(tenant.time_zone)
            known = self._known[name] = (now_ms, tenant, calendar)
        return known[1], known[2]
