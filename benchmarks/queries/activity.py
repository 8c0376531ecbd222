"""Activity, W30 beside P30: the figures, and hits of the modules and days of W60."""

from typing import Final

from benchmarks.company.paths import MODULES
from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine
from benchmarks.queries import figures
from benchmarks.queries.answers import ActivityFigures, Figures
from benchmarks.queries.figures import MEASURE, both_figures
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.windows import last_days
from shared.metrics.domain.views.activity import ActivityAnswer
from shared.metrics.engine.activity import ActivityRequest

_MODULES: Final = f"feature in ({', '.join(repr(name) for name in MODULES)})"

_DOCUMENT: Final = (
    """
{ activity {
  asOf isPartial finality
  totalHits { ...m } featuresUsed { ...m } activeUsers { ...m } inactiveUsers { ...m }
  attendance { value previous changePercent orgDays averagePerActiveUser }
  modules { names hits } timeline { dates hits expected isSpike }
} }
"""
    + MEASURE
)


def _raw(engine: Engine, size: Size) -> ActivityFigures:
    both = last_days(size, 60)
    figures.keep_seen(engine, both)
    return _activity(
        engine,
        size,
        figures.raw(engine, size),
        f"select feature, count(*) from events where {both} and {_MODULES} group by feature",
        f"select day, sum(hits) from seen where {both} group by day",
    )


def _rolled_up(engine: Engine, size: Size) -> ActivityFigures:
    both = last_days(size, 60)
    return _activity(
        engine,
        size,
        figures.rolled_up(engine, size),
        f"select feature, sum(hits) from feature_day where {both} and {_MODULES} group by feature",
        f"select day, hits from day_totals where {both}",
    )


def _activity(
    engine: Engine,
    size: Size,
    both: tuple[Figures, Figures],
    by_module: str,
    by_day: str,
) -> ActivityFigures:
    shown = last_days(size, 60)
    hits_of: dict[str, int] = dict(engine.rows(by_module))
    hits_on: dict[int, int] = dict(engine.rows(by_day))
    return ActivityFigures(
        *both,
        module_hits={name: int(hits_of.get(name, 0)) for name in MODULES},
        day_hits=[int(hits_on.get(day, 0)) for day in range(shown.first, shown.last + 1)],
    )


def _answer(ours: ActivityAnswer, _size: Size) -> ActivityFigures:
    modules = dict(zip(ours.modules.names, ours.modules.hits, strict=True))
    return ActivityFigures(
        *both_figures(ours.figures), module_hits=modules, day_hits=ours.timeline.hits
    )


ACTIVITY: Final = Query(
    "activity",
    _raw,
    _rolled_up,
    Ours(lambda _: ActivityRequest(tenant=TENANT), _answer, lambda _: _DOCUMENT),
)
