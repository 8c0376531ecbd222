"""The history of records: its size, its fold, and answers about an instant, beside DuckDB.

Ours starts from packs in a store, and ends with tables of what deals were like. DuckDB starts from
a table of changes in its own format, sorted by time, which nothing had to be de-duplicated for.
"""

import tempfile
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from benchmarks.deal_changes import (
    CREATE,
    DAYS,
    DELETE,
    FIELDS,
    FIRST_DAY,
    UPDATE,
    DealChanges,
    created_values,
    days_of,
    deal_changes,
)
from benchmarks.report import Report, cpu_ms
from functions.aggregate.months import gather_month, outdated_months
from functions.aggregate.tenant_day import fold_unit
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.periods import ONE_DAY
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.engine.records import RecordHistories
from shared.metrics.storage.keys import pack_key
from shared.metrics.storage.ports import Item
from shared.metrics.storage.sqlite import SqliteStore
from shared.metrics.storage.tenant_data import Tenancy, TenantData
from shared.metrics.storage.tenants import Tenant, TenantStore

_TENANT: Final = "bench"
_DAY_MS: Final = 86_400_000
_INSTANTS: Final = 15
_DUCKDB: Final = """
select stage, count(*) from (
  select deal, arg_max(value, at_ms) as stage from changes
  where field = 'stage' and at_ms <= $at group by deal)
where deal not in (select deal from changes where op = 'DELETE' and at_ms <= $at)
group by stage order by stage
"""


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print the table."""
    changes = deal_changes(20_000 if quick else 200_000)
    with tempfile.TemporaryDirectory() as name:
        data, folding_ms = _filled(Path(name), changes)
        _report(report, changes, data, folding_ms)


def _filled(folder: Path, changes: DealChanges) -> tuple[TenantData, float]:
    """A store with everything folded and gathered, and the CPU milliseconds of all folds."""
    now_ms = int(changes.at_ms[-1]) + _DAY_MS
    store = SqliteStore(folder / "crm-metrics.db", clock=lambda: now_ms)
    TenantStore(store).create(Tenant(name=_TENANT, time_zone="UTC"))
    data = Tenancy(store, lambda: now_ms).open(_TENANT)
    folding_ms = 0.0
    for day, packs in days_of(changes):
        unit = day.isoformat()
        store.put_many(
            Item(pack_key(_TENANT, 1, unit, 0, f"{number:06d}", "bench"), body)
            for number, body in enumerate(packs)
        )
        attempt = f"{now_ms:013d}-{unit}"
        taken_ms, _ = cpu_ms(partial(fold_unit, data, unit, attempt, lambda: now_ms), 1)
        folding_ms += taken_ms
    manifests, today = data.manifests.all(), FIRST_DAY + DAYS * ONE_DAY
    for month in outdated_months(manifests, {}, today):
        gather_month(data, month, f"{now_ms:013d}-{month}", today)
    return data, folding_ms


def _report(report: Report, changes: DealChanges, data: TenantData, folding_ms: float) -> None:
    count = len(changes)
    read_ms, records = cpu_ms(lambda: RecordHistories().read(data), 3)
    first_ms, _ = cpu_ms(partial(_folded, records), 1)
    instants = np.linspace(changes.at_ms[0], changes.at_ms[-1], _INSTANTS).astype(int).tolist()
    theirs = _duckdb(changes)
    ours_ms, theirs_ms = [], []
    for at_ms in instants:
        taken_ms, answer = cpu_ms(partial(_by_stage, records, at_ms), 1)
        ours_ms.append(taken_ms)
        taken_ms, other = cpu_ms(partial(_theirs_by_stage, theirs, at_ms), 3)
        theirs_ms.append(taken_ms)
        assert answer == other, (answer, other)
    one_ms, other_ms = float(np.median(ours_ms)), float(np.median(theirs_ms))
    rows = [
        ("folding all days from their packs, µs a change", folding_ms / count * 1e3, "–"),
        ("blocks of months, bytes a change", _bytes(data) / count, "–"),
        ("reading the whole history", read_ms, "–"),
        ("folding four fields of all deals", first_ms, "–"),
        ("deals by stage at an instant", one_ms, other_ms),
    ]
    report.table(
        f"{count:,} changes of {changes.deals:,} deals over {DAYS} days; CPU ms where no unit is",
        ("", "ours", "DuckDB"),
        rows,
    )
    report.line(f"\nDeals by stage at {_INSTANTS} instants: equal; {other_ms / one_ms:.1f} ×")


def _folded(records: FoldedRecords) -> None:
    for field in FIELDS:
        records.history(RecordType.DEAL, field)


def _by_stage(records: FoldedRecords, at_ms: int) -> list[tuple[str, int]]:
    stage = records.table(RecordType.DEAL, at_ms).column("stage")
    counts = np.bincount(stage.values[stage.known], minlength=len(stage.names)).tolist()
    return sorted((name, count) for name, count in zip(stage.names, counts, strict=True) if count)


def _theirs_by_stage(connection: duckdb.DuckDBPyConnection, at_ms: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = connection.execute(_DUCKDB, {"at": at_ms}).fetchall()
    return found


def _duckdb(changes: DealChanges) -> duckdb.DuckDBPyConnection:
    """A table with a row for each field that a change writes, or one that is deleted."""
    made, moved = changes.op == CREATE, changes.op == UPDATE
    gone = changes.op == DELETE
    created = np.array([list(created_values(deal).values()) for deal in changes.deal[made]])
    width = len(FIELDS)
    deal = np.concatenate((np.repeat(changes.deal[made], width), changes.deal[~made]))
    at_ms = np.concatenate((np.repeat(changes.at_ms[made], width), changes.at_ms[~made]))
    field = np.concatenate((np.tile(np.arange(width), made.sum()), changes.field[~made]))
    number = np.concatenate((created.reshape(-1), changes.value[~made]))
    op = np.concatenate((np.repeat(CREATE, width * made.sum()), changes.op[~made]))
    order = np.argsort(at_ms, kind="stable")
    assert moved.sum() + made.sum() + gone.sum() == len(changes)
    columns = {
        "deal": deal[order],
        "at_ms": at_ms[order],
        "field": np.where(op == DELETE, "", np.array(FIELDS)[field])[order],
        "value": np.char.add(np.char.add(np.array(FIELDS)[field], "-"), number.astype(str))[order],
        "op": np.array(["CREATE", "UPDATE", "DELETE"])[op][order],
    }
    connection = duckdb.connect(config={"threads": 1})
    connection.register("arrays", columns)
    connection.execute("create type field as enum ('', 'stage', 'owner', 'amount', 'close_date')")
    connection.execute("create type op as enum ('CREATE', 'UPDATE', 'DELETE')")
    connection.execute("create type value as enum (select distinct value from arrays order by 1)")
    connection.execute(
        "create table changes as select deal::integer as deal, at_ms, field::field as field, "
        "value::value as value, op::op as op from arrays"
    )
    return connection


def _bytes(data: TenantData) -> int:
    kind = BlockKind.MONTH_CHANGES
    wanted = {
        name: (month.attempt, month.parts[kind.value])
        for name, month in data.months.all().items()
        if kind.value in month.parts
    }
    return sum(len(body) for body in data.blocks.read(kind, wanted).values())
