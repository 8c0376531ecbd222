"""DuckDB: plain tables sorted by day, names as enums, sets of people as bit strings."""

from pathlib import Path
from typing import Final

import duckdb

from benchmarks.company.directory import ATTRIBUTES
from benchmarks.engines.engine import Rows
from benchmarks.engines.files import DIRECTORY, EVENTS, NAMES
from shared.metrics.domain.sessions import DEFAULT_TIMEOUT_MS

_DIRECTORY: Final = f"""
create table directory as select * from (
  select person, {", ".join(ATTRIBUTES)},
    (case when row_number() over w = 1 then 0 else day end)::smallint as first_day,
    (coalesce(lead(day) over w, 32767::smallint) - 1)::smallint as last_day
  from read_parquet('$directory')
  window w as (partition by person order by at_ms)
) where first_day <= last_day order by person, first_day
"""

# One statement for sessions: the 15-minute rule by window functions, each gap on the day of its
# later activity, a session alone on its start day as single.
_ROLLUPS: Final = f"""
create table cube as
  select e.day, e.feature, e.person, any_value(d.country) as country,
    any_value(d.language) as language, count(*)::uinteger as hits
  from events e join directory d on d.person = e.person and e.day between first_day and last_day
  where action <> 'login' group by e.day, e.feature, e.person order by e.day, e.feature, e.person;
create table person_day as
  with gaps as (
    select day, person, action <> 'login' as is_hit, time_ms,
      time_ms - lag(time_ms) over w as before, lead(time_ms) over w - time_ms as after,
      lead(day) over w as next_day
    from events window w as (partition by person order by time_ms)),
  flags as (
    select *, before is null or before > {DEFAULT_TIMEOUT_MS} as starts,
      after is null or after > {DEFAULT_TIMEOUT_MS} or next_day > day as ends
    from gaps),
  people as (
    select day, person, (count(*) filter (is_hit))::uinteger as hits,
      (count(*) filter (not is_hit))::uinteger as logins,
      (count(*) filter (starts))::uinteger as sessions,
      (count(*) filter (starts and ends))::uinteger as single,
      (coalesce(sum(before) filter (not starts), 0))::bigint as session_ms,
      max(time_ms) as last_seen, max(time_ms) filter (not is_hit) as last_login
    from flags group by day, person)
  select p.*, {", ".join(name for name in ATTRIBUTES)},
    coalesce(features, $no_features) as features
  from people p join directory d on d.person = p.person and p.day between first_day and last_day
  left join (select day, person, bitstring_agg(enum_code(feature)::integer, 0, $last_feature)
    as features from cube group by all) f on f.day = p.day and f.person = p.person
  order by p.day, p.person;
create table day_totals as
  select day, sum(hits)::bigint as hits, sum(logins)::bigint as logins, count(*) as active,
    sum(sessions)::bigint as sessions, sum(single)::bigint as single,
    sum(session_ms)::bigint as session_ms, bitstring_agg(person, 0, $last_person) as people
  from person_day group by day order by day;
create table feature_day as
  select day, feature, sum(hits)::bigint as hits, bitstring_agg(person, 0, $last_person) as people
  from cube group by day, feature order by day, feature;
create table first_seen as select person, min(day) as day from person_day group by person;
create table path_events as
  select feature, property, attribute, day, record, person, time_ms from events
  where action <> 'login' order by feature, property, attribute, day, time_ms;
"""


class DuckDb:
    """An `Engine`, on one thread."""

    name = "DuckDB"
    features_used = "bit_count(bit_or(features))"
    set_of_people: str

    def __init__(self, folder: Path) -> None:
        """Keep the database in a folder."""
        self._connection = duckdb.connect(folder / "duckdb.db", config={"threads": 1})
        self._connection.execute("set enable_progress_bar = false")

    def load(self, folder: Path) -> None:
        """Load the files, and make the roll-ups."""
        files = f"read_parquet('{folder / EVENTS}/*.parquet')"
        run = self._connection.execute
        for name in NAMES:
            run(f"create type {name}_name as enum (select distinct {name} from {files} order by 1)")
        run(
            "create table events as select day::smallint as day, person::integer as person, "
            + ", ".join(f"{name}::{name}_name as {name}" for name in NAMES)
            + f", record, time_ms from {files}"
        )
        run(_DIRECTORY.replace("$directory", str(folder / DIRECTORY)))
        ((people,),) = self.rows("select max(person) from directory")
        ((features,),) = self.rows("select len(enum_range(null::feature_name))")
        self.set_of_people = f"bitstring_agg(person, 0, {people})"
        sql = _ROLLUPS.replace("$last_person", str(people)).replace(
            "$last_feature", str(features - 1)
        )
        run(sql.replace("$no_features", f"'{'0' * features}'::bit"))
        run("checkpoint")

    def distinct_people(self, condition: str = "true") -> str:
        """How many people there are in sets."""
        return f"bit_count(bit_or(people) filter (where {condition}))"

    def rows(self, sql: str) -> Rows:
        """The rows of an answer."""
        found: Rows = self._connection.execute(sql).fetchall()
        return found

    def keep(self, name: str, sql: str) -> None:
        """Keep an answer as a temporary table."""
        self._connection.execute(f"create or replace temp table {name} as {sql}")
