"""Frequency: for every feature how many people had 1–10, 11–100, 101–1000, more hits in 30 days."""

from typing import Final

from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine
from benchmarks.queries.answers import Frequency
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.windows import last_days
from shared.metrics.domain.views.hub import FrequencyByFeatureAnswer
from shared.metrics.engine.hub_requests import FrequencyByFeatureRequest

EDGES: Final = (10, 100, 1000)
_DOCUMENT: Final = """
{ hub { frequency(edges: [10, 100, 1000]) {
  asOf isPartial fromHits toHits byFeature { features counts }
} } }
"""
_BUCKETS: Final = ", ".join(
    f"count(*) filter (where hits > {above} and hits <= {edge})"
    for above, edge in zip((0, *EDGES), (*EDGES, 1 << 40), strict=True)
)


def _raw(engine: Engine, size: Size) -> Frequency:
    hits = "select feature, person, count(*) as hits from events where action <> 'login' and "
    return _frequency(engine, f"{hits}{last_days(size, 30)}")


def _rolled_up(engine: Engine, size: Size) -> Frequency:
    hits = "select feature, person, sum(hits) as hits from cube where "
    return _frequency(engine, f"{hits}{last_days(size, 30)}")


def _frequency(engine: Engine, hits: str) -> Frequency:
    found = engine.rows(
        f"select feature, {_BUCKETS} from ({hits} group by feature, person) as used "
        "group by feature"
    )
    return {feature: buckets for feature, *buckets in found}


def _answer(ours: FrequencyByFeatureAnswer, _size: Size) -> Frequency:
    return dict(zip(ours.features, ours.counts, strict=True))


FREQUENCY: Final = Query(
    "frequency, all features",
    _raw,
    _rolled_up,
    Ours(
        lambda _: FrequencyByFeatureRequest(tenant=TENANT, edges=EDGES),
        _answer,
        lambda _: _DOCUMENT,
    ),
)
