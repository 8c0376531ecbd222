"""Trends by day over 90 days: hits, people, logins, sessions."""

from typing import Final

from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine, Rows
from benchmarks.queries.answers import Series
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.sessions import gaps
from benchmarks.queries.windows import last_days
from shared.metrics.domain.views.trends_answer import TrendsAnswer, TrendsMeasure
from shared.metrics.engine.requests import TrendsRequest

DAYS: Final = 90
_MEASURES: Final = (
    TrendsMeasure.HITS,
    TrendsMeasure.ACTIVE_USERS,
    TrendsMeasure.LOGINS,
    TrendsMeasure.SESSIONS,
    TrendsMeasure.SINGLE_EVENT_SESSIONS,
    TrendsMeasure.SESSION_MILLISECONDS,
)
_DOCUMENT: Final = """
{ trends(range: {from: "$first", to: "$last"}) {
  asOf isPartial finality
  series {
    dates isPartial hits activeUsers attendance logins sessions singleEventSessions
    sessionMilliseconds
  }
} }
"""


def _raw(engine: Engine, size: Size) -> Series:
    days = last_days(size, DAYS)
    return _series(
        engine.rows(
            "select day, count(*) filter (where is_hit), count(distinct person), "
            "count(*) filter (where not is_hit), count(*) filter (where starts), "
            "count(*) filter (where starts and ends), sum(gap_ms) "
            f"from ({gaps(days)}) as gaps where {days} group by day order by day"
        )
    )


def _rolled_up(engine: Engine, size: Size) -> Series:
    return _series(
        engine.rows(
            "select day, hits, active, logins, sessions, single, session_ms from day_totals "
            f"where {last_days(size, DAYS)} order by day"
        )
    )


def _series(rows: Rows) -> Series:
    _, *columns = zip(*rows, strict=True)  # every day has events
    return Series(*(list(map(int, column)) for column in columns))


def _answer(ours: TrendsAnswer, _size: Size) -> Series:
    return Series(*(list(ours.series[measure]) for measure in _MEASURES))


TRENDS: Final = Query(
    "trends, 90 days",
    _raw,
    _rolled_up,
    Ours(
        lambda size: TrendsRequest(
            tenant=TENANT, window=last_days(size, DAYS).window, measures=frozenset(_MEASURES)
        ),
        _answer,
        lambda size: last_days(size, DAYS).asked_in(_DOCUMENT),
    ),
)
