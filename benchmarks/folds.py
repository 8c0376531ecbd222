"""The fold of one day, from its packs to sealed blocks, beside DuckDB and polars doing the same.

Ours starts from compressed packs and ends with sealed blocks. Theirs start from tables already in
their own memory format, which is to be compared with our fold without the decoding; DuckDB also
from one zstd Parquet file, which is to be compared with all of ours. They end with the roll-ups as
tables. All de-duplicate by id and time, and find sessions, hits by feature and person, and
everything per person.
"""

import os
import subprocess
import sys
import tempfile
from functools import partial
from typing import Any, Final

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import duckdb
import msgspec
import numpy as np
import polars as pl

from benchmarks.our_fold import fold_and_seal
from benchmarks.report import Report, cpu_ms
from benchmarks.workload import PATHS, DayRows, day_rows, packs_of, user_id
from shared.metrics.columns.fold import FoldedDay
from shared.metrics.columns.pack_reader import read_packs
from shared.metrics.domain.sessions import DEFAULT_TIMEOUT_MS

PEOPLE: Final = 10_000
DELIVERIES: Final = (100, 5_000)

_DUCKDB: Final = f"""
create or replace temp table kept as
  select user_id, time_ms, any_value(feature) as feature, any_value(action) as action
  from events group by event_id, time_ms, user_id;
create or replace temp table cube as
  select feature, user_id, count(*) as hits from kept where action <> 'login' group by all;
create or replace temp table session as
  with gaps as (
    select user_id, time_ms,
      time_ms - lag(time_ms) over (partition by user_id order by time_ms) as gap from kept
  ), starts as (
    select user_id, time_ms, sum(case when gap is null or gap > {DEFAULT_TIMEOUT_MS} then 1 else 0
      end) over (partition by user_id order by time_ms rows unbounded preceding) as n from gaps
  )
  select user_id, count(*) as rows, max(time_ms) - min(time_ms) as ms
  from starts group by user_id, n;
create or replace temp table person as
  select * from (
    select user_id, count(*) filter (action <> 'login') as hits,
      count(*) filter (action = 'login') as logins, max(time_ms) as last_seen,
      max(time_ms) filter (action = 'login') as last_login from kept group by user_id
  ) join (
    select user_id, count(*) as sessions, count(*) filter (rows = 1) as single,
      sum(ms)::bigint as session_ms from session group by user_id
  ) using (user_id);
"""


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print the table, and the peak memory of the largest fold."""
    table = []
    for events in (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000):
        rows = day_rows(0, events, min(PEOPLE, events // 20))
        runs = 3 if events >= 1_000_000 else 5
        duckdb_ms, from_file_ms, theirs = _duckdb(rows, runs)
        polars_ms, other = _polars(rows, runs)
        for delivery in DELIVERIES:
            packs = packs_of(rows, delivery)
            decode_ms, _ = cpu_ms(partial(read_packs, packs), runs)
            ours_ms, folded = cpu_ms(partial(fold_and_seal, packs), runs)
            _check(folded, theirs, other)
            fold_ms = ours_ms - decode_ms
            table.append(
                (
                    f"{events:,}",
                    f"{delivery:,}",
                    decode_ms,
                    fold_ms,
                    ours_ms / events * 1e3,
                    duckdb_ms,
                    from_file_ms,
                    polars_ms,
                    f"{duckdb_ms / fold_ms:.1f} ×",
                    f"{polars_ms / fold_ms:.1f} ×",
                    f"{from_file_ms / ours_ms:.1f} ×",
                )
            )
    head = ("events", "a delivery", "decode packs ms", "fold and seal ms", "µs an event")
    others = ("DuckDB ms", "DuckDB from Parquet ms", "polars ms")
    ratios = ("DuckDB ÷ fold", "polars ÷ fold", "DuckDB from Parquet ÷ ours with decoding")
    report.table("Fold of one day", (*head, *others, *ratios), table)
    events = 100_000 if quick else 1_000_000
    for delivery in DELIVERIES:
        with tempfile.NamedTemporaryFile() as file:
            packs = packs_of(day_rows(0, events, PEOPLE), delivery)
            file.write(msgspec.msgpack.encode(packs))
            file.flush()
            command = [sys.executable, "-m", "benchmarks.peak_memory", file.name]
            peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        report.line(f"Peak memory, {events:,} events in deliveries of {delivery:,}: {peak}")


def _columns(rows: DayRows) -> dict[str, Any]:
    features = np.array([path[0] for path in PATHS])
    actions = np.array([path[3] for path in PATHS])
    users = np.array([user_id(number) for number in range(int(rows.user.max()) + 1)])
    return {
        "event_id": np.array([row.tobytes().hex() for row in rows.ids]),
        "user_id": users[rows.user],
        "feature": features[rows.path],
        "action": actions[rows.path],
        "time_ms": rows.times_ms,
    }


def _duckdb(rows: DayRows, runs: int) -> tuple[float, float, dict[str, int]]:
    """CPU from its own table in memory, and from its own Parquet file."""
    connection = duckdb.connect(config={"threads": 1})
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        pl.DataFrame(_columns(rows)).write_parquet(file.name)
        connection.execute(
            "create table events as select event_id::uuid as event_id, "
            "* exclude (event_id) from read_parquet(?)",
            [file.name],
        )
    milliseconds, _ = cpu_ms(lambda: connection.execute(_DUCKDB), runs)
    found = connection.execute(
        "select count(*), sum(hits), sum(logins), sum(sessions), sum(single), sum(session_ms), "
        "sum(last_seen), (select count(*) from cube) from person"
    ).fetchone()
    assert found is not None
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        connection.execute(f"copy events to '{file.name}' (format parquet, compression zstd)")
        connection.execute("drop table events")
        connection.execute(f"create view events as select * from read_parquet('{file.name}')")
        from_file_ms, _ = cpu_ms(lambda: connection.execute(_DUCKDB), runs)
    return milliseconds, from_file_ms, dict(zip(_MEASURES, map(int, found), strict=True))


_MEASURES: Final = (
    "people",
    "hits",
    "logins",
    "sessions",
    "single_event_sessions",
    "session_ms",
    "last_seen_ms",
    "cells",
)


def _polars(rows: DayRows, runs: int) -> tuple[float, dict[str, int]]:
    events = pl.DataFrame(_columns(rows))

    def fold() -> tuple[pl.DataFrame, pl.DataFrame]:
        kept = events.unique(["event_id", "time_ms"]).drop("event_id").sort("user_id", "time_ms")
        login = pl.col("action") == "login"
        cube = kept.filter(~login).group_by("feature", "user_id").len("hits")
        gap = pl.col("time_ms").diff().over("user_id")
        starts = gap.is_null() | (gap > DEFAULT_TIMEOUT_MS)
        time = pl.col("time_ms")
        session = (
            kept.with_columns(n=starts.cum_sum())
            .group_by("user_id", "n")
            .agg(rows=pl.len(), ms=time.max() - time.min())
        )
        person = (
            kept.group_by("user_id")
            .agg(
                hits=(~login).sum(),
                logins=login.sum(),
                last_seen_ms=time.max(),
                last_login_ms=time.filter(login).max(),
            )
            .join(
                session.group_by("user_id").agg(
                    sessions=pl.len(),
                    single_event_sessions=(pl.col("rows") == 1).sum(),
                    session_ms=pl.col("ms").sum(),
                ),
                on="user_id",
            )
        )
        return person, cube

    milliseconds, (person, cube) = cpu_ms(fold, runs)
    found = {name: int(person[name].sum()) for name in _MEASURES if name in person.columns}
    return milliseconds, {"people": len(person), "cells": len(cube), **found}


def _check(folded: FoldedDay, *others: dict[str, int]) -> None:
    rollup = folded.rollup
    ours = {
        "people": len(rollup.user_ids),
        "cells": len(rollup.cube.hits),
        **{
            name: int(getattr(rollup, name).sum())
            for name in _MEASURES
            if name not in ("people", "cells")
        },
    }
    for other in others:
        if ours != other:
            message = f"the engines disagree: {ours} and {other}"
            raise AssertionError(message)
