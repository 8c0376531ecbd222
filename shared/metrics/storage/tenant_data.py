"""Everything that is stored for one tenant, opened together.

The settings are read each time: an answer must come from the generation that was served when the
question was asked, or it would miss what has been acknowledged since.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from shared.metrics.domain.catalogue import Catalogue, extended
from shared.metrics.domain.counting_signals import CountingSignals
from shared.metrics.domain.periods import LocalCalendar, local_calendar
from shared.metrics.storage.blocks import Blocks
from shared.metrics.storage.library import Library, library_of
from shared.metrics.storage.manifests import Manifests, features_of
from shared.metrics.storage.month_index import PublishedDay
from shared.metrics.storage.months import Months
from shared.metrics.storage.names import (
    FEATURES,
    MAX_FEATURES,
    MAX_PATHS,
    PATHS,
    PEOPLE,
    NameDictionary,
)
from shared.metrics.storage.ports import Store
from shared.metrics.storage.quarantine import Quarantine
from shared.metrics.storage.record_maps import StoredRecordMaps
from shared.metrics.storage.replays import Replays
from shared.metrics.storage.restatements import Restatements
from shared.metrics.storage.silences import Silences
from shared.metrics.storage.sources import SourceStore
from shared.metrics.storage.stored_settings import StoredSettings
from shared.metrics.storage.tenants import Tenant, TenantStore
from shared.metrics.storage.units import Units


@dataclass(frozen=True, slots=True)
class TenantData:
    """The stores of one tenant and generation, with its settings and local calendar.

    `settings` are those of the generation, also while it is being built and `is_served` is false.
    """

    settings: Tenant
    is_served: bool
    calendar: LocalCalendar
    counting: CountingSignals
    catalogue: Catalogue
    tenants: TenantStore
    units: Units
    manifests: Manifests
    blocks: Blocks
    months: Months
    people: NameDictionary
    features: NameDictionary
    paths: NameDictionary
    library: Library
    restatements: Restatements
    record_maps: StoredRecordMaps
    sources: SourceStore
    silences: Silences
    quarantine: Quarantine
    replays: Replays

    @property
    def timeout_ms(self) -> int:
        """The session timeout."""
        return self.settings.session_timeout_minutes * 60_000

    def note_first_actions(self, first_action_ms: Mapping[str, int]) -> dict[str, int]:
        """Remember when features had their first action; answers those of which that was not known
        or earlier than known.
        """
        known = self.settings.first_action_ms
        news = {
            feature: at_ms
            for feature, at_ms in first_action_ms.items()
            if at_ms < known.get(feature, at_ms + 1)
        }
        if news:
            self.tenants.note_first_actions(self.settings.name, news)
        return news

    def first_days(self, first_action_ms: Mapping[str, int]) -> dict[str, date]:
        """The local days of first actions."""
        return {name: self.calendar.day_of(at_ms) for name, at_ms in first_action_ms.items()}

    def is_overruled(
        self, day: date, manifest: PublishedDay, counting: CountingSignals | None = None
    ) -> bool:
        """Whether a day was folded with changes counted of a feature whose actions count by now, as
        far as these rules say (by default those in the settings).
        """
        rules = counting or self.counting
        if not manifest.changes_counted or not rules.first_actions:
            return False
        names = self.features.names(manifest.features)
        changed = {names[number] for number in features_of(manifest.changes_counted)}
        return rules.overrules(changed, day)


class Tenancy:
    """Opens tenants; what is read of them is kept while the process is warm."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        """Read from `store`; `clock` tells milliseconds UTC."""
        self._store = store
        self._clock = clock
        self._tenants = TenantStore(store)
        self._opened: dict[tuple[str, bool], TenantData] = {}

    def open(self, name: str) -> TenantData:
        """A tenant's data as it is served; NotFoundError if there is no such tenant."""
        settings = self._tenants.get(name)
        return self.as_of(settings, settings.generation)

    def settings_of(self, name: str) -> StoredSettings:
        """The settings of a tenant, to be read and changed."""
        return StoredSettings(self._store, name, self._clock)

    def open_generation(self, name: str, generation: int) -> TenantData | None:
        """A tenant's data in a generation that is served or being built; None for any other.

        A generation of which a mark or an entry speaks, and that is none of the two, is over.
        """
        settings = self._tenants.get(name)
        return self.as_of(settings, generation) if generation in settings.generations else None

    def as_of(self, settings: Tenant, generation: int) -> TenantData:
        """A tenant's data by settings that have been read, in one of their `generations`."""
        is_served = generation == settings.generation
        key = (settings.name, is_served)
        data = self._opened.get(key)
        of_generation = settings.of_generation(generation)
        if data is None or data.settings != of_generation:
            data = self._opened[key] = self._open(of_generation, is_served=is_served)
        return data

    def _open(self, settings: Tenant, *, is_served: bool) -> TenantData:
        store, name, generation = self._store, settings.name, settings.generation
        calendar = local_calendar(settings.time_zone)
        return TenantData(
            settings=settings,
            is_served=is_served,
            calendar=calendar,
            counting=CountingSignals(
                settings.counting_signals,
                {name: calendar.day_of(at) for name, at in settings.first_action_ms.items()},
            ),
            catalogue=extended(settings.named_features),
            tenants=self._tenants,
            units=Units(store, name, generation, settings.pack_shards),
            manifests=Manifests(store, name, generation),
            blocks=Blocks(store, name, generation),
            months=Months(store, name, generation),
            people=NameDictionary(store, name, PEOPLE),
            features=NameDictionary(store, name, FEATURES, limit=MAX_FEATURES),
            paths=NameDictionary(store, name, PATHS, limit=MAX_PATHS),
            library=library_of(store, name, self._clock),
            restatements=Restatements(store, settings),
            record_maps=StoredRecordMaps(store, name),
            sources=SourceStore(store),
            silences=Silences(store, name, generation, self._clock),
            quarantine=Quarantine(store, name),
            replays=Replays(store, name, self._clock),
        )
