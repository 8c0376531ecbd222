"""Retention: cohorts of the last twelve complete weeks by first activity, and who came back."""

from typing import Final

from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine
from benchmarks.queries.answers import Retention
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.windows import WEEK, Days, monday, week_of
from shared.metrics.domain.views.engagement_answers import RetentionAnswer
from shared.metrics.engine.engagement_requests import RetentionRequest

WEEKS: Final = 12
_DOCUMENT: Final = """
{ retention(range: {from: "$first", to: "$last"}, weeks: $weeks) {
  asOf isPartial cohorts cohortIsPartial sizes returned rates meanRates
} }
"""
_COHORTS: Final = f"""
select cohort, week, count(*) from ($active) as active join (
  select person, {WEEK} as cohort from ($first) as firsts where $days) as cohorts
on cohorts.person = active.person group by cohort, week
"""


def cohort_days(size: Size) -> Days:
    """The days of the complete weeks."""
    last = week_of(size.days) - 1
    first = max(last - WEEKS + 1, week_of(6))
    return Days(monday(first), monday(last + 1) - 1)


def _raw(engine: Engine, size: Size) -> Retention:
    return _retention(
        engine, size, "events", "select person, min(day) as day from events group by person"
    )


def _rolled_up(engine: Engine, size: Size) -> Retention:
    return _retention(engine, size, "person_day", "select person, day from first_seen")


def _retention(engine: Engine, size: Size, table: str, first: str) -> Retention:
    days = cohort_days(size)
    active = f"select distinct person, {WEEK} as week from {table} where {days}"
    sql = _COHORTS.replace("$active", active).replace("$first", first)
    weeks = len(days) // 7
    cohorts = [[0] * (weeks - at) for at in range(weeks)]
    start = week_of(days.first)
    for cohort, week, people in engine.rows(sql.replace("$days", str(days))):
        cohorts[cohort // 7 - start][(week - cohort) // 7] = people
    return cohorts


def _document(size: Size) -> str:
    days = cohort_days(size)
    return days.asked_in(_DOCUMENT).replace("$weeks", str(len(days) // 7))


def _answer(ours: RetentionAnswer, _size: Size) -> Retention:
    return [[count for count in cohort if count is not None] for cohort in ours.returned]


RETENTION: Final = Query(
    "retention, 12 weeks",
    _raw,
    _rolled_up,
    Ours(
        lambda size: RetentionRequest(
            tenant=TENANT, window=cohort_days(size).window, weeks=len(cohort_days(size)) // 7
        ),
        _answer,
        _document,
    ),
)
