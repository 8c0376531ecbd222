"""Which features are used, by how many, how often and when."""

from typing import Final

from shared.metrics.domain.kpis.usage.metric import metric
from shared.metrics.domain.kpis.vocabulary import MetricUnit

ENTRIES: Final = (
    metric(
        "POPULARITY",
        "Popularity",
        "distinct people with a hit of the feature",
        "person",
        "hub.popularity.people",
    ),
    metric(
        "POPULARITY_SHARE",
        "Share of active users",
        "popularity / active users",
        "person",
        "hub.popularity.shares",
        unit=MetricUnit.RATIO,
    ),
    metric(
        "FREQUENCY",
        "Frequency",
        "people by their number of hits of the feature, in buckets with inclusive upper edges",
        "person",
        "hub.frequency.counts",
    ),
    metric(
        "HOURLY_USE",
        "Use by hour of the week",
        "hits by hour of the week in each person's own zone",
        "hit",
        "heatMap.hits",
    ),
)
