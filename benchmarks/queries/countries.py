"""Trends by country over 30 days, of the people with one of three languages."""

from typing import Final

from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine, Rows
from benchmarks.queries.answers import Countries
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.windows import Days, last_days
from shared.metrics.domain.views.trends_answer import TrendsAnswer, TrendsMeasure
from shared.metrics.engine.requests import PeopleAttribute, PeopleFilter, TrendsRequest

LANGUAGES: Final = ("en", "fr", "pt")
_DAYS: Final = 30
_DOCUMENT: Final = """
{ trends(
  range: {from: "$first", to: "$last"}, groupBy: COUNTRY, filter: {language: ["en", "fr", "pt"]}
) { asOf isPartial groups { names hasOthers overlaps series { hits activeUsers } } } }
"""
_SPOKEN: Final = f"language in ({', '.join(repr(name) for name in LANGUAGES)})"


def _raw(engine: Engine, size: Size) -> Countries:
    days = last_days(size, _DAYS)
    found = engine.rows(
        "select country, seen.day, sum(hits), count(*) from (select day, person, "
        "count(*) filter (where action <> 'login') as hits "
        f"from events where {days} group by day, person) as seen "
        "join directory on directory.person = seen.person "
        f"where {_SPOKEN} and seen.day between first_day and last_day group by country, seen.day"
    )
    return _countries(found, days)


def _rolled_up(engine: Engine, size: Size) -> Countries:
    days = last_days(size, _DAYS)
    found = engine.rows(
        "select country, day, sum(hits), count(*) from person_day "
        f"where {days} and {_SPOKEN} group by country, day"
    )
    return _countries(found, days)


def _countries(rows: Rows, days: Days) -> Countries:
    hits: dict[str, list[int]] = {}
    active: dict[str, list[int]] = {}
    for country, day, its_hits, people in rows:
        hits.setdefault(country, [0] * len(days))[day - days.first] = int(its_hits)
        active.setdefault(country, [0] * len(days))[day - days.first] = people
    return Countries(hits, active)


def _request(size: Size) -> TrendsRequest:
    return TrendsRequest(
        tenant=TENANT,
        window=last_days(size, _DAYS).window,
        people=PeopleFilter(language=LANGUAGES),
        measures=frozenset({TrendsMeasure.HITS, TrendsMeasure.ACTIVE_USERS}),
        group_by=PeopleAttribute.COUNTRY,
    )


def _answer(ours: TrendsAnswer, _size: Size) -> Countries:
    groups = ours.groups
    assert groups is not None
    hits, active = (
        dict(zip(groups.names, map(list, groups.series[measure]), strict=True))
        for measure in (TrendsMeasure.HITS, TrendsMeasure.ACTIVE_USERS)
    )
    return Countries(hits, active)


COUNTRIES: Final = Query(
    "by country, filtered",
    _raw,
    _rolled_up,
    Ours(_request, _answer, lambda size: last_days(size, _DAYS).asked_in(_DOCUMENT)),
)
