"""The company as our own store: packs as ingest writes them, folded as the workers do."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from benchmarks.company.directory import directory
from benchmarks.company.packs import day_packs, directory_pack
from benchmarks.company.rows import Staff, day_rows
from benchmarks.company.size import FIRST_DAY, Size
from functions.aggregate.hit_months import gather_hits, outdated_hits
from functions.aggregate.months import gather_month, outdated_months
from functions.aggregate.tenant_day import fold_unit
from shared.metrics.storage.keys import DIRECTORY, pack_key
from shared.metrics.storage.ports import Item
from shared.metrics.storage.sqlite import SqliteStore
from shared.metrics.storage.tenant_data import Tenancy, TenantData
from shared.metrics.storage.tenants import Tenant, TenantStore

TENANT: Final = "bench"


def open_store(folder: Path, size: Size) -> SqliteStore:
    """The store in a folder, at the instant of all questions."""
    return SqliteStore(folder / "crm-metrics.db", clock=lambda: size.now_ms)


def fill_store(folder: Path, size: Size) -> None:
    """Put and fold everything, day by day, and gather months as the sweep does meanwhile."""
    store = open_store(folder, size)
    TenantStore(store).create(Tenant(name=TENANT, time_zone="UTC"))
    data = Tenancy(store, lambda: size.now_ms).open(TENANT)
    staff = Staff.of(size)

    def fold(unit: str, packs: list[bytes]) -> None:
        store.put_many(
            Item(pack_key(TENANT, 1, unit, 0, f"{number:06d}", "bench"), body)
            for number, body in enumerate(packs)
        )
        fold_unit(data, unit, _attempt(size, unit), lambda: size.now_ms)

    fold(DIRECTORY, [directory_pack(directory(size, staff))])
    for number in range(size.days):
        day = FIRST_DAY + timedelta(days=number)
        fold(day.isoformat(), list(day_packs(day_rows(size, staff, number))))
        _gather(data, day + timedelta(days=1), size)
    _delete_superseded(data)


def _gather(data: TenantData, today: date, size: Size) -> None:
    manifests, months = data.manifests.all(), data.months.all()
    for month in outdated_months(manifests, months, today):
        gather_month(data, month, _attempt(size, f"{today}-{month}"), today)
    for month in outdated_hits(manifests, months, today):
        gather_hits(data, month, manifests, _attempt(size, f"{today}-{month}-hits"), today)


def _delete_superseded(data: TenantData) -> None:
    """Delete what the sweep would have by now, as months were gathered several times."""
    visible = {made.attempt for made in (data.manifests.all() | data.months.all()).values()}
    for attempt, unit in list(data.blocks.attempts()):
        if attempt not in visible:
            data.blocks.delete(unit, attempt)


def _attempt(size: Size, name: str) -> str:
    return f"{size.now_ms:013d}-{name}"
