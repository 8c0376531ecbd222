"""ClickHouse, embedded (chdb): MergeTree tables sorted by day and person, names as enums,
sets of people as bitmaps.
"""

from pathlib import Path
from typing import Final

import msgspec
from chdb.session import Session

from benchmarks.company.directory import ATTRIBUTES
from benchmarks.engines.engine import Rows
from benchmarks.engines.files import DIRECTORY, EVENTS, NAMES
from shared.metrics.domain.sessions import DEFAULT_TIMEOUT_MS

FAR_MS: Final = 1 << 62
_SETTINGS: Final = {
    "max_threads": 1,
    "max_insert_threads": 1,
    "max_final_threads": 1,
    "schema_inference_make_columns_nullable": 0,
    "output_format_json_quote_64bit_integers": 0,
    "max_bytes_before_external_group_by": 4_000_000_000,
}
_TABLES: Final = ("events", "cube", "person_day", "day_totals", "feature_day", "path_events")

_OF_PERSON: Final = ", ".join(f"d.{name} as {name}" for name in ATTRIBUTES)

_LOAD: Final = f"""
create table events (day UInt16, person UInt32, $names, record Int32, time_ms Int64)
  engine = MergeTree order by (day, person, time_ms);
insert into events select * from file('$events', Parquet);
create table directory engine = MergeTree order by (person, first_day) as
  select * from (
    select person, {", ".join(f"toLowCardinality({name}) as {name}" for name in ATTRIBUTES)},
      if(row_number() over w = 1, 0, day) as first_day,
      toInt32(lead(day, 1, 32767) over w) - 1 as last_day
    from file('$directory', Parquet)
    window w as (partition by person order by at_ms))
  where first_day <= last_day
"""

_ROLLUPS: Final = f"""
create table cube engine = MergeTree order by (day, feature, person) as
  select e.feature as feature, e.day as day, e.person as person, any(d.country) as country,
    any(d.language) as language, toUInt32(count()) as hits
  from events e join directory d on d.person = e.person
  where action <> 'login' and e.day between first_day and last_day group by feature, day, person;
create table person_day engine = MergeTree order by (day, person) as
  with gaps as (
    select day, person, action <> 'login' as is_hit, time_ms,
      time_ms - lag(time_ms, 1, -{FAR_MS}) over w as before,
      lead(time_ms, 1, {FAR_MS}) over w - time_ms as after,
      lead(day, 1, 65535) over w as next_day
    from events window w as (partition by person order by time_ms)),
  people as (
    select day, person, toUInt32(countIf(is_hit)) as hits, toUInt32(countIf(not is_hit)) as logins,
      toUInt32(countIf(before > {DEFAULT_TIMEOUT_MS})) as sessions,
      toUInt32(countIf(before > {DEFAULT_TIMEOUT_MS}
        and (after > {DEFAULT_TIMEOUT_MS} or next_day > day))) as single,
      toInt64(sumIf(before, before <= {DEFAULT_TIMEOUT_MS})) as session_ms,
      max(time_ms) as last_seen, maxIf(time_ms, not is_hit) as last_login
    from gaps group by day, person),
  used as (select day, person, groupBitOrForEach(arrayMap(word -> if(word = intDiv(code, 64),
      bitShiftLeft(toUInt64(1), code % 64), 0), range($words))) as features
    from (select day, person, toUInt16(feature) as code from cube) group by day, person)
  select p.day as day, p.person as person, p.* except (day, person), {_OF_PERSON},
    if(empty(u.features), arrayWithConstant($words, toUInt64(0)), u.features) as features
  from people p join directory d on d.person = p.person
  left join used u on u.day = p.day and u.person = p.person
  where p.day between first_day and last_day;
create table day_totals (day UInt16, hits UInt64, logins UInt64, active UInt64, sessions UInt64,
  single UInt64, session_ms Int64, people AggregateFunction(groupBitmap, UInt32))
  engine = MergeTree order by day;
insert into day_totals
  select day, sum(hits), sum(logins), count(), sum(sessions), sum(single), sum(session_ms),
    groupBitmapState(person) from person_day group by day;
create table feature_day (day UInt16, $feature, hits UInt64,
  people AggregateFunction(groupBitmap, UInt32))
  engine = MergeTree order by (day, feature);
insert into feature_day
  select day, feature, sum(hits), groupBitmapState(person) from cube group by day, feature;
create table first_seen engine = MergeTree order by person as
  select person, min(day) as day from person_day group by person;
create table path_events engine = MergeTree order by (feature, property, attribute, day, time_ms) as
  select feature, property, attribute, day, record, person, time_ms from events
  where action <> 'login'
"""


class ClickHouse:
    """An `Engine`, on one thread. It does nothing in the background once it is loaded."""

    name = "ClickHouse"
    features_used = "arraySum(arrayMap(word -> bitCount(word), groupBitOrForEach(features)))"
    set_of_people = "groupBitmapState(person)"

    def __init__(self, folder: Path) -> None:
        """Keep the database in a folder."""
        self._session = Session(str(folder / "clickhouse"))
        for name, value in _SETTINGS.items():
            self._session.query(f"set {name} = {value}")

    def load(self, folder: Path) -> None:
        """Load the files, make the roll-ups, and merge the parts of every table into one."""
        files = f"{folder / EVENTS}/*.parquet"
        names = {name: self._names(name, files) for name in NAMES}
        sql = f"{_LOAD};{_ROLLUPS}".replace("$names", ", ".join(map(_enum, names, names.values())))
        sql = sql.replace("$feature", _enum("feature", names["feature"]))
        sql = sql.replace("$words", str(len(names["feature"]) // 64 + 1))
        sql = sql.replace("$events", files).replace("$directory", str(folder / DIRECTORY))
        for statement in sql.split(";"):
            self._session.query(statement)
        for table in _TABLES:
            self._session.query(f"optimize table {table} final")
        self._session.query("system stop merges")

    def _names(self, column: str, files: str) -> list[str]:
        found = self.rows(f"select distinct {column} from file('{files}', Parquet) order by 1")
        return [name for (name,) in found]

    def distinct_people(self, condition: str = "true") -> str:
        """How many people there are in sets."""
        return f"groupBitmapMerge(people) filter (where {condition})"

    def rows(self, sql: str) -> Rows:
        """The rows of an answer."""
        answer = self._session.query(sql, "JSONCompactEachRow").bytes()
        return [tuple(row) for row in _lines.decode_lines(answer)]

    def keep(self, name: str, sql: str) -> None:
        """Keep an answer as a temporary table."""
        self._session.query(f"create or replace temporary table {name} engine = Memory as {sql}")


def _enum(column: str, names: list[str]) -> str:
    codes = ", ".join(f"'{name}' = {code}" for code, name in enumerate(names))
    return f"{column} Enum16({codes})"


_lines: Final = msgspec.json.Decoder(list[object])
