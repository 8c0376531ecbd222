"""Sets what is expected of a source. It stands in the tenant's settings, which are read for each
answer in any case, so that it costs answers nothing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec.structs import replace

from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.domain.expectations import Expectation, ExpectedSource
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import Tenant, TenantStore

MAX_EXPECTED_SOURCES: Final = 100
_MAX_TRIES: Final = 5


def expect(
    tenants: TenantStore, source_id: str, days: Expectation, since: date | None = None
) -> ExpectedSource | None:
    """Set on which days a source should send; what is expected then, None for what its own rhythm
    says.

    Without `since`, the day stays that it has been expected from; at first it is the day after the
    source was made, in the tenant's zone. NotFoundError if there is no such source, BadInputError
    if too many are expected already, ConflictError if the settings change all the time.
    """
    source = tenants.sources.get(source_id)
    if source is None:
        message = f"there is no source {source_id!r}; `crm-metrics source create` makes one"
        raise NotFoundError(message)
    for _ in range(_MAX_TRIES):
        before = tenants.stored(source.tenant)
        tenant = before.tenant
        expected = _expected(source, tenant, days, since)
        after = replace(tenant, expectations=_with(tenant.expectations, source_id, expected))
        if after == tenant or tenants.replace(before, after):
            return expected
    message = f"the settings of {source.tenant!r} were changed meanwhile; repeat the change"
    raise ConflictError(message)


def _expected(
    source: Source, tenant: Tenant, days: Expectation, since: date | None
) -> ExpectedSource | None:
    if days is Expectation.AUTO:
        return None
    if since is None:
        known = tenant.expectations.get(source.source_id)
        since = known.since if known else _day_after(source.created_at_ms, tenant.time_zone)
    return ExpectedSource(days, since)


def _day_after(instant_ms: int, zone: str) -> date:
    """The first day that lies behind an instant whole."""
    calendar = LocalCalendar(zone)
    return calendar.next_day(calendar.day_of(instant_ms))


def _with(
    known: Mapping[str, ExpectedSource], source_id: str, expected: ExpectedSource | None
) -> dict[str, ExpectedSource]:
    others = {name: each for name, each in known.items() if name != source_id}
    if expected is None:
        return others
    if len(others) >= MAX_EXPECTED_SOURCES:
        message = (
            f"something is expected of {len(others)} sources already, as many as may be; "
            "set AUTO for one of them"
        )
        raise BadInputError(message, field="expects")
    return {**others, source_id: expected}
