"""Sets the quota of a source. It stands in the tenant's settings, which are at hand for each
delivery.
"""

from typing import Final

from msgspec.structs import replace

from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.storage.settings_rules import check_quota
from shared.metrics.storage.tenants import TenantStore

MAX_SOURCE_QUOTAS: Final = 100
_MAX_TRIES: Final = 5


def limit_source(tenants: TenantStore, source_id: str, events_per_minute: int) -> None:
    """Set how many events a source may send a minute; 0 for no quota of its own.

    NotFoundError if there is no such source, BadInputError for a quota that cannot be or one too
    many, ConflictError if the settings change all the time.
    """
    check_quota(events_per_minute)
    source = tenants.sources.get(source_id)
    if source is None:
        message = f"there is no source {source_id!r}; `crm-metrics source create` makes one"
        raise NotFoundError(message)
    for _ in range(_MAX_TRIES):
        before = tenants.stored(source.tenant)
        quotas = {name: n for name, n in before.tenant.source_quotas.items() if name != source_id}
        if events_per_minute:
            quotas[source_id] = events_per_minute
        if len(quotas) > MAX_SOURCE_QUOTAS:
            message = f"{MAX_SOURCE_QUOTAS} sources have a quota already; set 0 for one of them"
            raise BadInputError(message, field="eventsPerMinute")
        after = replace(before.tenant, source_quotas=quotas)
        if after == before.tenant or tenants.replace(before, after):
            return
    message = f"the settings of {source.tenant!r} were changed meanwhile; repeat the change"
    raise ConflictError(message)
