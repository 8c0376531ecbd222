"""Tenants, as stored."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from shared.metrics.domain.buckets import DEFAULT_BUCKET_EDGES
from shared.metrics.domain.catalogue import CATALOGUE, NamedFeature
from shared.metrics.domain.errors import ConflictError, NotFoundError
from shared.metrics.domain.expectations import ExpectedSource
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.generations import Refold, Retired, SignalSince, announce
from shared.metrics.storage.keys import tenant_key
from shared.metrics.storage.ports import Item, Store
from shared.metrics.storage.sources import SourceStore

_LIFE_MS: Final = 60_000
_MAX_TRIES: Final = 5
MAX_NOTED_CHARACTERS: Final = 50_000
"""Of the names of features whose first action is remembered: settings are one item."""


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """A company's settings. `generation` numbers the rules that its packs are split by; a change
    of time zone or session timeout makes a new one.

    `next` is the generation being built, `last_generation` the highest number given so far.
    `served_before` are the generations that were served, in their order; `retired` are those
    whose blocks are still to be deleted. `created_at_ms` is 0 where it is not known.
    `expectations` are by source, of those that something is expected of. `counting_signals` are by
    feature what the tenant has set; `first_action_ms` when each feature's first action was.
    `pack_shards` is over how many partitions the packs of a unit are spread; it never changes, for
    then folds and ingests that know another number would miss packs. `events_per_minute` is how
    many events may come, 0 for as many as do; `source_quotas` are those of single sources.
    `named_features` extend the built-in catalogue.
    """

    name: str
    time_zone: str
    generation: int = 1
    session_timeout_minutes: int = 15
    first_weekday: int = 0
    lateness_days: int = 7
    bucket_edges: tuple[int, ...] = DEFAULT_BUCKET_EDGES
    keeps_from: date = date(2000, 1, 1)
    created_at_ms: int = 0
    expectations: dict[str, ExpectedSource] = {}
    counting_signals: dict[str, tuple[SignalSince, ...]] = {}
    first_action_ms: dict[str, int] = {}
    events_per_minute: int = 0
    source_quotas: dict[str, int] = {}
    pack_shards: int = 1
    named_features: dict[str, NamedFeature] = {}
    next: Refold | None = None
    last_generation: int = 1
    served_before: tuple[int, ...] = ()
    retired: tuple[Retired, ...] = ()

    @property
    def generations(self) -> tuple[int, ...]:
        """The generations that events must be in: the one that is served, the one being built."""
        return (self.generation,) if self.next is None else (self.generation, self.next.generation)

    def is_uncatalogued(self, feature: str) -> bool:
        """Whether something of that name is kept, and is in no catalogue; `""` is no feature."""
        return bool(feature) and feature not in CATALOGUE and feature not in self.named_features

    def of_generation(self, generation: int) -> "Tenant":
        """The settings as they are, or will be, while a generation of `generations` is served."""
        if self.next is None or generation == self.generation:
            return self
        return replace(
            self,
            generation=generation,
            time_zone=self.next.time_zone,
            session_timeout_minutes=self.next.session_timeout_minutes,
            counting_signals=self.next.counting_signals,
        )


class SettingsChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed of a tenant's settings; None leaves it as it is.

    Weekdays are numbered from Monday, 0; bucket edges are inclusive upper ones.
    `counting_signals` takes the place of all that was set. 0 events a minute are no quota.
    """

    time_zone: str | None = None
    session_timeout_minutes: int | None = None
    first_weekday: int | None = None
    lateness_days: int | None = None
    bucket_edges: tuple[int, ...] | None = None
    counting_signals: dict[str, tuple[SignalSince, ...]] | None = None
    events_per_minute: int | None = None


class StoredTenant(NamedTuple):
    """A tenant's settings, and their version, which grows with every change."""

    tenant: Tenant
    version: int


class TenantStore:
    """Reads and writes tenants."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, tenant: Tenant) -> None:
        """Add a tenant. BadInputError if it cannot be, ConflictError if there is one of that name
        with other settings; adding the same again is no conflict, whenever it was first added.
        """
        from shared.metrics.storage.settings_rules import checked

        item = Item(tenant_key(tenant.name), msgspec.json.encode(checked(tenant)))
        if self._store.put_if(item, expected_version=None):
            return
        if replace(self.get(tenant.name), created_at_ms=tenant.created_at_ms) != tenant:
            message = f"tenant {tenant.name!r} exists already, with other settings"
            raise ConflictError(message)

    def get(self, name: str) -> Tenant:
        """A tenant; NotFoundError if there is none of that name."""
        return self.stored(name).tenant

    def stored(self, name: str) -> StoredTenant:
        """A tenant and the version of its settings; NotFoundError likewise."""
        item = self._store.get(tenant_key(name))
        if item is None:
            message = (
                f"there is no tenant {name!r}; "
                "`crm-metrics tenant create NAME --time-zone ZONE` makes one"
            )
            raise NotFoundError(message)
        return StoredTenant(msgspec.json.decode(item.body, type=Tenant), item.version)

    def change(
        self,
        name: str,
        change: SettingsChange,
        *,
        now_ms: int,
        expected_version: int | None = None,
    ) -> StoredTenant:
        """Change settings. All take effect at once, but for the time zone and the session timeout:
        with those history is folded again first, into a new generation.

        BadInputError names the setting that cannot be, NotFoundError if there is no such tenant,
        ConflictError if the settings are not of the version that is expected (None: of any).
        """
        from shared.metrics.storage.settings_rules import changed

        for _ in range(_MAX_TRIES):
            before = self.stored(name)
            if expected_version not in (None, before.version):
                break
            after = changed(before.tenant, change, now_ms)
            if after == before.tenant or self.replace(before, after):
                if after.next is not None:
                    announce(self._store, name, after.next.generation)
                return self.stored(name)
        message = (
            f"the settings of {name!r} were changed meanwhile; read them again, and repeat the "
            "change"
        )
        raise ConflictError(message)

    def note_first_actions(self, name: str, first_action_ms: Mapping[str, int]) -> None:
        """Remember when features had their first action; an earlier time that is known stands.

        There is room for so many names only (MAX_NOTED_CHARACTERS); for a feature that is not
        remembered each day decides for itself.
        """
        for _ in range(_MAX_TRIES):
            stored = self.stored(name)
            known = dict(stored.tenant.first_action_ms)
            room = MAX_NOTED_CHARACTERS - sum(map(len, known))
            for feature, at_ms in sorted(first_action_ms.items()):
                if feature not in known and (room := room - len(feature)) < 0:
                    break
                known[feature] = min(at_ms, known.get(feature, at_ms))
            after = replace(stored.tenant, first_action_ms=known)
            if after == stored.tenant or self.replace(stored, after):
                return
        message = f"the settings of {name!r} are being changed all the time; try again"
        raise ConflictError(message)

    def replace(self, before: StoredTenant, after: Tenant) -> bool:
        """Write settings over those that were read; False if they have changed since."""
        item = Item(tenant_key(after.name), msgspec.json.encode(after), before.version + 1)
        return self._store.put_if(item, expected_version=before.version)

    def all(self) -> list[Tenant]:
        """Every tenant, by name."""
        anyone = tenant_key("")
        found = self._store.query(anyone.table, anyone.partition)
        return [msgspec.json.decode(item.body, type=Tenant) for item in found]

    @property
    def sources(self) -> SourceStore:
        """The sources of all tenants."""
        return SourceStore(self._store)


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
