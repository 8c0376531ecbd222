"""Everything that is stored for one tenant, opened together."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.blocks import Blocks
from shared.metrics.storage.manifests import Manifests
from shared.metrics.storage.names import FEATURES, MAX_FEATURES, PEOPLE, NameDictionary
from shared.metrics.storage.ports import Store
from shared.metrics.storage.tenants import Tenant, TenantCache
from shared.metrics.storage.units import Units


@dataclass(frozen=True, slots=True)
class TenantData:
    """The stores of one tenant, with its settings and local calendar."""

    settings: Tenant
    calendar: LocalCalendar
    units: Units
    manifests: Manifests
    blocks: Blocks
    people: NameDictionary
    features: NameDictionary

    @property
    def timeout_ms(self) -> int:
        """The session timeout."""
        return self.settings.session_timeout_minutes * 60_000


class Tenancy:
    """Opens tenants; what is read of them is kept while the process is warm."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        """Read from `store`; `clock` tells milliseconds UTC."""
        self._store = store
        self._cache = TenantCache(store, clock)
        self._opened: dict[str, TenantData] = {}

    def open(self, name: str) -> TenantData:
        """A tenant's data; NotFoundError if there is no such tenant."""
        settings, calendar = self._cache.settings(name)
        data = self._opened.get(name)
        if data is None or data.settings != settings:
            data = self._opened[name] = self._open(settings, calendar)
        return data

    def _open(self, settings: Tenant, calendar: LocalCalendar) -> TenantData:
        store, name, generation = self._store, settings.name, settings.generation
        return TenantData(
            settings=settings,
            calendar=calendar,
            units=Units(store, name, generation),
            manifests=Manifests(store, name, generation),
            blocks=Blocks(store, name, generation),
            people=NameDictionary(store, name, PEOPLE),
            features=NameDictionary(store, name, FEATURES, limit=MAX_FEATURES),
        )
