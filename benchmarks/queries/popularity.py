"""Popularity: distinct people and hits by feature over 30 days, beside the 30 before."""

from typing import Final

from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine, Rows
from benchmarks.queries.answers import Popularity
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.windows import Days, last_days
from shared.metrics.domain.views.hub import PopularityAnswer
from shared.metrics.engine.hub_requests import PopularityRequest

_DOCUMENT: Final = """
{ hub { popularity {
  asOf isPartial activeUsers previousActiveUsers
  names ranks people shares hits previousPeople previousHits changePercents
} } }
"""


def _raw(engine: Engine, size: Size) -> Popularity:
    now, _ = _windows(size)
    used = "select feature, count(distinct person), count(*) from events where {} and "
    used += "action <> 'login' group by feature"
    before = {name: counts for name, *counts in engine.rows(used.format(now.previous))}
    features = [
        (name, people, hits, *before.pop(name, (0, 0)))
        for name, people, hits in engine.rows(used.format(now))
    ]
    features += [(name, 0, 0, *counts) for name, counts in before.items()]
    active, before_active = (
        engine.rows(f"select count(distinct person) from events where {days}")[0][0]
        for days in (now, now.previous)
    )
    features.sort(key=lambda row: (-row[1], row[0]))
    return _popularity(features, active, before_active)


def _rolled_up(engine: Engine, size: Size) -> Popularity:
    now, both = _windows(size)
    people = engine.distinct_people(str(now))
    people_before = engine.distinct_people(str(now.previous))
    features = engine.rows(
        f"select feature, {people} as used_by, sum(hits) filter (where {now}), {people_before}, "
        f"sum(hits) filter (where {now.previous}) "
        f"from feature_day where {both} group by feature order by used_by desc, feature"
    )
    ((active, before_active),) = engine.rows(
        f"select {people}, {people_before} from day_totals where {both}"
    )
    return _popularity(features, active, before_active)


def _windows(size: Size) -> tuple[Days, Days]:
    now = last_days(size, 30)
    return now, Days(now.previous.first, now.last)


def _popularity(features: Rows, active: int, before_active: int) -> Popularity:
    names, *columns = zip(*features, strict=True)
    people, hits, people_before, hits_before = (
        [int(value or 0) for value in column] for column in columns
    )
    return Popularity(active, before_active, list(names), people, hits, people_before, hits_before)


def _answer(ours: PopularityAnswer, _size: Size) -> Popularity:
    return Popularity(
        ours.active_users,
        ours.compared_active_users,
        ours.names,
        ours.people,
        ours.hits,
        ours.previous_people,
        ours.previous_hits,
    )


POPULARITY: Final = Query(
    "popularity",
    _raw,
    _rolled_up,
    Ours(lambda _: PopularityRequest(tenant=TENANT), _answer, lambda _: _DOCUMENT),
)
