"""Wires everything, once. Importing this module has no effect; `services()` reads the environment.

Ingest uses it too, so nothing that needs numpy is imported before it is asked for.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shared.metrics.secret_box import SecretBox, open_box
from shared.metrics.settings import Settings, StoreKind, settings_from
from shared.metrics.storage.backlog import Backlog
from shared.metrics.storage.ports import Store
from shared.metrics.storage.tenants import TenantStore

if TYPE_CHECKING:
    from shared.metrics.engine.views import Views
    from shared.metrics.source_admin import SourceAdmin
    from shared.metrics.storage.tenant_data import Tenancy


@dataclass
class Services:
    """What handlers need. `clock` tells milliseconds UTC."""

    settings: Settings
    store: Store
    clock: Callable[[], int]

    @cached_property
    def tenants(self) -> TenantStore:
        """Tenants and sources."""
        return TenantStore(self.store)

    @cached_property
    def secret_box(self) -> SecretBox:
        """Keeps the secrets of sources."""
        return open_box(self.settings)

    def sources_of(self, tenant: str) -> "SourceAdmin":
        """The sources of a tenant, to be changed."""
        from shared.metrics.source_admin import SourceAdmin

        return SourceAdmin(self.tenants.sources, self.secret_box, tenant, self.clock)

    @cached_property
    def tenancy(self) -> "Tenancy":
        """Opens the data of a tenant."""
        from shared.metrics.storage.tenant_data import Tenancy

        return Tenancy(self.store, self.clock)

    @cached_property
    def views(self) -> "Views":
        """Answers the views."""
        from shared.metrics.engine.views import Views

        # On one machine whoever serves may queue, and whoever asks need not know.
        may_wait = bool(self.settings.delivery_queue) or self.settings.store is StoreKind.SQLITE
        return Views(self.tenancy, self.clock, Backlog(self.store) if may_wait else None)


@cache
def services() -> Services:
    """The services of this process, from its environment."""
    settings = settings_from(os.environ)
    return Services(settings, open_store(settings), clock_ms)


def open_store(settings: Settings) -> Store:
    """The store that the settings name."""
    if settings.store is StoreKind.SQLITE:
        from shared.metrics.storage.sqlite import SqliteStore

        return SqliteStore(Path(settings.sqlite_path), clock=clock_ms)
    from shared.metrics.storage.dynamodb import DynamoStore

    return DynamoStore(
        settings.events_table,
        settings.metrics_table,
        endpoint_url=settings.dynamodb_endpoint or None,
        clock=clock_ms,
    )


def clock_ms() -> int:
    """Now, in milliseconds UTC."""
    return time.time_ns() // 1_000_000
