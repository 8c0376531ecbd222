"""One KPI of 200 000 deals with series and breakdown, beside DuckDB.

Both give the value of a year, that of the year before, twelve months, twenty groups, and the months
of each group, checked to be equal. DuckDB asks one query of a table of deals as they are now, in
its own format and memory. Ours asks the registry again of records that are in memory, where it is
remembered which deals are won and what their regions are; the first answer, which folds the changes
of all deals, is shown beside.
"""

from datetime import date
from functools import partial
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from benchmarks.report import Report, cpu_ms
from shared.metrics.domain.kpis.answering import answered
from shared.metrics.domain.kpis.answers import KpiAnswer
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.evaluation import Evaluation
from shared.metrics.domain.kpis.periods import periods_of
from shared.metrics.domain.kpis.question import KpiQuestion
from shared.metrics.domain.kpis.registry import kpi_of
from shared.metrics.domain.periods import LocalCalendar, Window, month_start
from shared.metrics.domain.record_changes import Op, RecordChange
from shared.metrics.domain.records.change_log import ChangeEvent, ChangeLog, log_of
from shared.metrics.domain.records.field_maps import NATIVE
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.from_rows import weekday_calendar
from shared.metrics.domain.views.answers import Finality, Proof

DEALS: Final = 200_000
GROUPS: Final = 20
RUNS: Final = 21
CEILING: Final = 0.5
YEAR: Final = Window(date(2026, 1, 1), date(2026, 12, 31))
DAY_MS: Final = 86_400_000
UTC: Final = LocalCalendar("UTC")
AS_OF_MS: Final = UTC.start_ms(date(2027, 1, 1))

_VALUES: Final = {
    "WIN_RATE": "count(*) filter (status = 'WON') / count(*)",
    "WON_REVENUE": "coalesce(sum(amount) filter (status = 'WON'), 0)",
    "SALES_CYCLE_MEDIAN": "median(closed::date - created::date) filter (status = 'WON')",
}
_QUERY: Final = """
select grouping_id(month, region) as kind, closed >= timestamp '2026-01-01' as is_current,
  month, region, {value} as value
from (select *, date_trunc('month', closed) as month from deals
  where status <> 'OPEN' and closed >= timestamp '2025-01-01'
    and closed < timestamp '2027-01-01')
group by grouping sets (
  (is_current), (is_current, region), (is_current, month), (is_current, month, region))
"""


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print the table and the verdicts."""
    deals = _deals(DEALS // 10 if quick else DEALS)
    log = _log(deals)
    connection = duckdb.connect(config={"threads": 1})
    frame = pl.DataFrame(deals)  # noqa: F841 - DuckDB finds it by name
    connection.execute(
        "create table deals as select epoch_ms(created_ms)::timestamp as created, "
        "epoch_ms(closed_ms)::timestamp as closed, status, region, amount from frame"
    )
    table, verdicts = [], []
    for key, value in _VALUES.items():
        fold_ms, records = cpu_ms(partial(_folded, log), 3)
        cold_ms, _ = cpu_ms(partial(_asked, key, records), 1)
        ours_ms, ours = cpu_ms(partial(_asked, key, records), RUNS)
        query = _QUERY.format(value=value)
        theirs_ms, theirs = cpu_ms(partial(_answer, connection, query), RUNS)
        _check(key, ours, theirs)
        ratio = ours_ms / theirs_ms
        table.append((key, ours_ms, fold_ms + cold_ms, theirs_ms, f"{ratio:.2f} ×"))
        word = "PASS" if ratio <= CEILING else "FAIL"
        verdicts.append(f"{word} {key}: {ratio:.2f} × DuckDB, ceiling {CEILING} ×")
    head = ("KPI", "ours ms", "ours at first, with folding ms", "DuckDB ms", "ours ÷ DuckDB")
    report.table(f"KPIs of {len(deals['status']):,} deals, by month and region", head, table)
    for verdict in verdicts:
        report.line(verdict)


def _answer(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return rows


def _deals(count: int) -> dict[str, Any]:
    """Deals that were created over three years, most of them closed within 200 days."""
    rng = np.random.default_rng(7)
    first_ms = UTC.start_ms(date(2024, 1, 1))
    created = first_ms + rng.integers(0, 1_050 * DAY_MS, count)
    return {
        "created_ms": created,
        "closed_ms": created + rng.integers(0, 200 * DAY_MS, count),
        "status": np.array(["WON", "LOST", "OPEN"])[rng.choice(3, count, p=[0.3, 0.5, 0.2])],
        "region": np.array([f"Region {n}" for n in range(GROUPS)])[rng.integers(0, GROUPS, count)],
        "amount": rng.integers(1, 10_000, count) * 100,
    }


def _log(deals: dict[str, Any]) -> ChangeLog:
    names = ("created_ms", "closed_ms", "status", "region", "amount")
    rows = zip(*(deals[name].tolist() for name in names), strict=True)
    return log_of(
        ChangeEvent(
            f"deal-{number:07}",
            created,
            RecordChange(
                "deal",
                Op.CREATE,
                {
                    "status": status,
                    "closed_at": closed if status != "OPEN" else None,
                    "region": region,
                    "amount": amount // 100,
                    "currency": "EUR",
                },
            ),
        )
        for number, (created, closed, status, region, amount) in enumerate(rows)
    )


def _folded(log: ChangeLog) -> FoldedRecords:
    return FoldedRecords(log, NATIVE, weekday_calendar("UTC"))


def _asked(key: str, records: FoldedRecords) -> KpiAnswer:
    previous = Window(date(2025, 1, 1), date(2025, 12, 31))
    question = KpiQuestion(records, AS_OF_MS, group_by=Dimension.REGION)
    proof = Proof(YEAR, AS_OF_MS, AS_OF_MS, False, Finality.PROVISIONAL, "1", "UTC")  # noqa: FBT003
    periods = periods_of(UTC, YEAR, previous, month_start)
    return answered(Evaluation(question), kpi_of(key), periods, proof)


def _check(key: str, ours: KpiAnswer, theirs: list[tuple[Any, ...]]) -> None:
    """Stop unless every number is the same."""
    groups, series = ours.groups, ours.series
    assert groups is not None
    assert series is not None
    found: dict[tuple[Any, ...], float | None] = {
        (3, True, None, None): ours.current.value,
        (3, False, None, None): ours.previous.value,
    }
    for at, name in enumerate(groups.keys):
        found[2, True, None, name] = groups.values[at]
        found[2, False, None, name] = groups.previous_values[at]
        for day, value in zip(series.dates, groups.series[at], strict=True):
            found[0, True, day, name] = value
    for day, value in zip(series.dates, series.values, strict=True):
        found[1, True, day, None] = value
    expected = {
        (kind, is_current, month.date() if month else None, region): float(value)
        for kind, is_current, month, region, value in theirs
        if is_current or month is None
    }
    assert found.keys() == expected.keys(), (key, found.keys() ^ expected.keys())
    for cell, value in found.items():
        assert value is not None
        assert abs(value - expected[cell]) <= 1e-9 * abs(value), (key, cell, value, expected[cell])
