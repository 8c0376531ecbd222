"""Distinct people of each ISO week over 90 days; the first and last week may be cut off."""

from typing import Final

from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine
from benchmarks.queries.answers import Weekly
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.windows import WEEK, last_days
from shared.metrics.domain.views.trends_answer import TrendsAnswer, TrendsMeasure
from shared.metrics.engine.requests import Interval, TrendsRequest

_DAYS: Final = 90
_DOCUMENT: Final = """
{ trends(range: {from: "$first", to: "$last"}, interval: WEEK) {
  asOf isPartial series { dates isPartial activeUsers }
} }
"""


def _raw(engine: Engine, size: Size) -> Weekly:
    days = last_days(size, _DAYS)
    found = engine.rows(
        f"select week, count(*) from (select distinct {WEEK} as week, person from events "
        f"where {days}) as people group by week order by week"
    )
    return [people for _, people in found]


def _rolled_up(engine: Engine, size: Size) -> Weekly:
    days = last_days(size, _DAYS)
    found = engine.rows(
        f"select {WEEK} as week, {engine.distinct_people()} from day_totals where {days} "
        "group by week order by week"
    )
    return [people for _, people in found]


def _answer(ours: TrendsAnswer, _size: Size) -> Weekly:
    return list(ours.series[TrendsMeasure.ACTIVE_USERS])


WEEKLY: Final = Query(
    "weekly distinct",
    _raw,
    _rolled_up,
    Ours(
        lambda size: TrendsRequest(
            tenant=TENANT,
            window=last_days(size, _DAYS).window,
            interval=Interval.WEEK,
            measures=frozenset({TrendsMeasure.ACTIVE_USERS}),
        ),
        _answer,
        lambda size: last_days(size, _DAYS).asked_in(_DOCUMENT),
    ),
)
