"""What is in the database, and what waits to be done."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from devstack.checks.finding import Finding, note, ok, wrong
from devstack.environment import DATABASE_FILE
from shared.metrics.domain.errors import MetricsError
from shared.metrics.services import Services, clock_ms
from shared.metrics.settings import Settings
from shared.metrics.storage.quarantine import Quarantine
from shared.metrics.storage.sqlite import SqliteStore


def contents(data_dir: Path) -> Iterator[Finding]:
    """The tenants, their units that are not folded, their rows in quarantine."""
    if not (data_dir / DATABASE_FILE).exists():
        return
    # Not a LocalStack: a check must not make a secret.
    try:
        with closing(SqliteStore(data_dir / DATABASE_FILE, clock=clock_ms)) as store:
            yield from _of(Services(Settings(), store, clock_ms))
    except MetricsError as error:
        yield wrong(str(error), "without it nothing else works")


def _of(services: Services) -> Iterator[Finding]:
    tenants = services.tenants.all()
    if not tenants:
        advice = "`crm-metrics tenant create NAME --time-zone ZONE` or `crm-metrics demo` makes one"
        yield note("there is no tenant yet", advice)
    for tenant in tenants:
        try:
            data = services.tenancy.open(tenant.name)
        except MetricsError as error:
            yield wrong(f"tenant {tenant.name!r}: {error}", "install time zone data: `make setup`")
            continue
        yield ok(f"tenant {tenant.name!r}, {tenant.time_zone}")
        dirty = {mark.unit for mark in data.units.marks()}
        if dirty:
            advice = "`crm-metrics aggregate` folds them; answers count them already"
            yield note(f"{tenant.name!r} has {len(dirty):,} days with new events", advice)
        reasons: Counter[str] = Counter()
        for stored in Quarantine(services.store, tenant.name).dockets():
            reasons.update(stored.docket.reason_of.values())
        if reasons:
            counts = ", ".join(f"{reason} {number:,}" for reason, number in reasons.most_common())
            advice = f"`crm-metrics quarantine list --tenant {tenant.name!r}` shows them"
            yield note(
                f"{tenant.name!r} has {reasons.total():,} rows in quarantine: {counts}", advice
            )
