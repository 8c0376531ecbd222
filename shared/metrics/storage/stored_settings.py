"""The settings of one tenant, to be read and changed, and how far a change that takes time is."""

from collections.abc import Callable
from typing import NamedTuple

from shared.metrics.domain.catalogue import NamedFeature
from shared.metrics.storage.generations import Refold, Splits
from shared.metrics.storage.ports import Store
from shared.metrics.storage.tenant_catalogue import name_feature
from shared.metrics.storage.tenants import SettingsChange, StoredTenant, Tenant, TenantStore
from shared.metrics.storage.units import Units


class RefoldProgress(NamedTuple):
    """How far the new generation is. Days are numbers of units, the directory one of them; those
    that are to be folded are all that are dirty by now.
    """

    days_split: int
    days_to_split: int
    days_to_fold: int


class StoredSettings:
    """The settings of one tenant."""

    def __init__(self, store: Store, tenant: str, clock: Callable[[], int]) -> None:
        """`clock` tells milliseconds UTC."""
        self._store = store
        self._tenant = tenant
        self._clock = clock

    def read(self) -> StoredTenant:
        """As they are now; NotFoundError if there is no such tenant."""
        return TenantStore(self._store).stored(self._tenant)

    def change(self, change: SettingsChange, *, expected_version: int) -> StoredTenant:
        """Change them (`TenantStore.change`). BadInputError names the setting that cannot be,
        ConflictError if they are of another version by now.
        """
        return TenantStore(self._store).change(
            self._tenant, change, now_ms=self._clock(), expected_version=expected_version
        )

    def name_feature(self, name: str, feature: NamedFeature | None) -> Tenant:
        """Put a feature into the catalogue, or take it out (`tenant_catalogue.name_feature`)."""
        return name_feature(TenantStore(self._store), self._tenant, name, feature)

    def progress(self, refold: Refold) -> RefoldProgress:
        """How far a refold of theirs is."""
        splits = Splits(self._store, self._tenant, refold.generation)
        marks = Units(self._store, self._tenant, refold.generation).marks()
        return RefoldProgress(
            days_split=len(splits.done()),
            days_to_split=len(splits.waiting()),
            days_to_fold=len({mark.unit for mark in marks}),
        )
