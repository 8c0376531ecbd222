"""Funnels of three steps over 60 days, other events allowed between, best attempt of each unit.

From a lead added over its views to a deal, by record within 30 days; and from a view of leads over
the task creation to a deal, by person within an hour.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from benchmarks.company.size import DAY_MS, Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine
from benchmarks.queries.answers import Funnel
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.windows import last_days
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.funnel_answer import FunnelAnswer, FunnelUnit
from shared.metrics.engine.funnel_request import FunnelRequest, FunnelStep

Step = tuple[str, str]
"""Feature and property."""


@dataclass(frozen=True, slots=True)
class FunnelOf:
    """A funnel by a column of events."""

    unit: str
    steps: tuple[Step, Step, Step]
    window_ms: int


BY_RECORD: Final = FunnelOf(
    "record",
    (("Leads", "Records Added"), ("Leads", "Views"), ("Deals", "Records Added")),
    30 * DAY_MS,
)
BY_PERSON: Final = FunnelOf(
    "person",
    (("Leads", "Views"), ("Leads", "Calls"), ("Deals", "Records Added")),
    3_600_000,
)

# Each entry goes to the next second step, and from there to the next third: the earliest ones are
# the best for their entry. The best entry of a unit counts.
_DUCKDB: Final = """
with s1 as (select $unit as unit, time_ms as t1 from $table where $days and $step1 and $set),
  s2 as (select $unit as unit, time_ms as t2 from $table where $days and $step2 and $set),
  s3 as (select $unit as unit, time_ms as t3 from $table where $days and $step3 and $set),
  two as (select s1.unit, t1, t2 from s1 asof join s2 on s1.unit = s2.unit and t1 <= t2
    where t2 <= t1 + $window),
  three as (select two.unit from two asof join s3 on two.unit = s3.unit and t2 <= t3
    where t3 <= t1 + $window)
select (select count(distinct unit) from s1), (select count(distinct unit) from two),
  (select count(distinct unit) from three)
"""
_CLICKHOUSE: Final = """
select countIf(level >= 1), countIf(level >= 2), countIf(level >= 3) from (
  select $unit, windowFunnel($window)(toUInt64(time_ms), $step1, $step2, $step3) as level
  from $table where $days and ($step1 or $step2 or $step3) and $set group by $unit)
"""


def _funnel(funnel: FunnelOf, table: str, engine: Engine, size: Size) -> Funnel:
    sql = _CLICKHOUSE if engine.name == "ClickHouse" else _DUCKDB
    for number, (feature, prop) in enumerate(funnel.steps, start=1):
        sql = sql.replace(f"$step{number}", f"(feature = '{feature}' and property = '{prop}')")
    sql = sql.replace("$unit", funnel.unit).replace("$window", str(funnel.window_ms))
    sql = sql.replace("$set", "record >= 0" if funnel.unit == "record" else "true")
    sql = sql.replace("$days", str(last_days(size, 60))).replace("$table", table)
    return list(engine.rows(sql)[0])


def _request(funnel: FunnelOf, size: Size) -> FunnelRequest:
    return FunnelRequest(
        tenant=TENANT,
        window=last_days(size, 60).window,
        steps=tuple(
            FunnelStep(FeatureSelection(feature=feature, property=prop))
            for feature, prop in funnel.steps
        ),
        unit=FunnelUnit.RECORD if funnel.unit == "record" else FunnelUnit.USER,
        within_ms=funnel.window_ms,
    )


def _answer(ours: FunnelAnswer, _size: Size) -> Funnel:
    return ours.steps.counts


def _query(name: str, funnel: FunnelOf) -> Query:
    return Query(
        name,
        partial(_funnel, funnel, "events"),
        partial(_funnel, funnel, "path_events"),
        Ours(partial(_request, funnel), _answer),
    )


FUNNEL_BY_RECORD: Final = _query("funnel by record, 60 days", BY_RECORD)
FUNNEL_BY_PERSON: Final = _query("funnel by person, 60 days", BY_PERSON)
