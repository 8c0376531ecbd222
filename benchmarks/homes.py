"""Home over months of events, beside DuckDB on the raw events.

Cold: a process that has read nothing yet (imports done): settings, manifests, blocks, roster, and
their decoding. Hot: the same question again, which still asks the store what has changed. DuckDB
has its own native table in memory and is warm. Both answer the same figures, checked.
"""

import tempfile
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from benchmarks.report import Report, cpu_ms
from benchmarks.workload import DAY_MS, FIRST_DAY_MS, PATHS, day_rows, packs_of, user_id
from functions.aggregate.tenant_day import fold_unit
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.views.answers import HomeAnswer
from shared.metrics.engine.requests import HomeRequest, PeopleFilter
from shared.metrics.engine.views import Views
from shared.metrics.storage.keys import pack_key
from shared.metrics.storage.ports import Item
from shared.metrics.storage.sqlite import SqliteStore
from shared.metrics.storage.tenant_data import Tenancy
from shared.metrics.storage.tenants import Tenant, TenantStore

_TENANT: Final = "bench"


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print the table."""
    sizes = [(500, 70, 5_000)] if quick else [(500, 180, 50_000), (10_000, 60, 100_000)]
    table = []
    for people, days, events in sizes:
        with tempfile.TemporaryDirectory() as folder:
            table.append(_measured(Path(folder), people, days, events))
    head = ("people × days × events", "cold ms", "hot ms", "filtered cold ms", "DuckDB ms")
    report.table("Home, 30 days against 30", (*head, "DuckDB ÷ cold", "DuckDB ÷ hot"), table)


def _measured(folder: Path, people: int, days: int, events: int) -> tuple[object, ...]:
    now_ms = FIRST_DAY_MS + days * DAY_MS + 3_600_000
    path = folder / "crm-metrics.db"
    connection = duckdb.connect(config={"threads": 1})
    _fill(path, connection, people, days, events, now_ms)

    def views() -> Views:
        store = SqliteStore(path, clock=lambda: now_ms)
        return Views(Tenancy(store, lambda: now_ms), lambda: now_ms)

    request = HomeRequest(tenant=_TENANT)
    cold_ms, answer = cpu_ms(lambda: views().ask(request), 7)
    warm = views()
    warm.ask(request)
    hot_ms, _ = cpu_ms(partial(warm.ask, request), 31)
    some = HomeRequest(tenant=_TENANT, people=PeopleFilter(country=("(not set)",)))
    filtered_ms, _ = cpu_ms(lambda: views().ask(some), 5)
    duckdb_ms, theirs = cpu_ms(partial(_duckdb_home, connection, answer), 5)
    _check(answer, theirs)
    return (
        f"{people:,} × {days} × {events:,}",
        cold_ms,
        hot_ms,
        filtered_ms,
        duckdb_ms,
        f"{duckdb_ms / cold_ms:.0f} ×",
        f"{duckdb_ms / hot_ms:.0f} ×",
    )


def _fill(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    people: int,
    days: int,
    events: int,
    now_ms: int,
) -> None:
    """The same rows as packs, folded, and as a table of DuckDB's."""
    store = SqliteStore(path, clock=lambda: now_ms)
    TenantStore(store).create(Tenant(name=_TENANT, time_zone="UTC"))
    data = Tenancy(store, lambda: now_ms).open(_TENANT)
    connection.execute(
        "create table events (user_id varchar, feature varchar, action varchar, time_ms bigint)"
    )
    features, actions = ([path[part] for path in PATHS] for part in (0, 3))
    for day in range(days):
        rows = day_rows(day, events, people)
        unit = from_milliseconds(FIRST_DAY_MS + day * DAY_MS).date().isoformat()
        store.put_many(
            Item(pack_key(_TENANT, 1, unit, 0, str(number), "bench"), body)
            for number, body in enumerate(packs_of(rows, 5_000))
        )
        fold_unit(data, unit, f"{now_ms:013d}-{day}", lambda: now_ms)
        frame = pl.DataFrame(
            {
                "user_id": [user_id(number) for number in rows.user.tolist()],
                "feature": [features[at] for at in rows.path.tolist()],
                "action": [actions[at] for at in rows.path.tolist()],
                "time_ms": rows.times_ms,
            }
        )
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
            frame.write_parquet(file.name)
            connection.execute("insert into events select * from read_parquet(?)", [file.name])


_DAY: Final = f"(time_ms - {FIRST_DAY_MS}) // {DAY_MS}"
_FIGURES: Final = f"""
select count(*) filter (action <> 'login'), count(distinct feature) filter (action <> 'login'),
  count(distinct (user_id, {_DAY})), count(distinct user_id)
from events where time_ms >= ? and time_ms < ?
"""
_BY_DAY: Final = f"""
select {_DAY} as day, count(distinct user_id), count(*) filter (action = 'login'),
  count(*) filter (action <> 'login')
from events where time_ms >= ? and time_ms < ? group by day order by day
"""
_TOP: Final = f"""
select user_id, count(*) filter (action <> 'login') as hits, count(distinct {_DAY}) as days
from events where time_ms >= ? and time_ms < ? group by user_id
"""


def _duckdb_home(connection: duckdb.DuckDBPyConnection, ours: HomeAnswer) -> dict[str, object]:
    """What Home shows: both periods' figures, the days and weeks, the top lists."""

    def rows(query: str, first: date, last: date) -> list[tuple[object, ...]]:
        bounds = [_ms(first), _ms(last) + DAY_MS]
        found: list[tuple[object, ...]] = connection.execute(query, bounds).fetchall()
        return found

    top = _TOP + " order by {} desc, user_id limit 10"
    start = ours.hits_by_week.dates[0]
    return {
        "now": rows(_FIGURES, ours.first, ours.last)[0],
        "then": rows(_FIGURES, ours.compared_first, ours.compared_last)[0],
        "days": rows(_BY_DAY, min(start, ours.attendance_by_day.dates[0]), ours.last),
        "by_hits": [row[0] for row in rows(top.format("hits"), ours.first, ours.last)],
        "by_days": [row[0] for row in rows(top.format("days"), ours.first, ours.last)],
    }


def _check(ours: HomeAnswer, theirs: dict[str, object]) -> None:
    measures = (
        ours.total_hits,
        ours.features_used,
        ours.attendance.measure,
        ours.active_users,
    )
    days = theirs["days"]
    if not isinstance(days, list):
        raise TypeError(days)
    week = timedelta(days=7)
    first = (ours.hits_by_week.dates[0] - from_milliseconds(FIRST_DAY_MS).date()).days
    weeks = [
        sum(day[3] for day in days if at <= day[0] < at + week.days)
        for at in range(first, first + week.days * len(ours.hits_by_week.dates), week.days)
    ]
    attendance = ours.attendance_by_day
    expected = {
        "now": tuple(measure.value for measure in measures),
        "then": tuple(measure.previous for measure in measures),
        "by_hits": [person.user_id for person in ours.top_by_hits],
        "by_days": [person.user_id for person in ours.top_by_attendance],
        "weeks": ours.hits_by_week.hits,
        "attendance": list(zip(attendance.active_users, attendance.logins, strict=True)),
    }
    shown = days[-len(attendance.dates) :]
    found = {**theirs, "weeks": weeks, "attendance": [(day[1], day[2]) for day in shown]}
    found.pop("days")
    if found != expected:
        message = f"the engines disagree:\n{expected}\n{found}"
        raise AssertionError(message)


def _ms(day: date) -> int:
    return FIRST_DAY_MS + (day - from_milliseconds(FIRST_DAY_MS).date()).days * DAY_MS
