"""Every view as a question to us and, in SQL, to the engines; all must give the same answer."""

from typing import Final

from benchmarks.queries.activity import ACTIVITY
from benchmarks.queries.countries import COUNTRIES
from benchmarks.queries.frequency import FREQUENCY
from benchmarks.queries.funnels import FUNNEL_BY_PERSON, FUNNEL_BY_RECORD
from benchmarks.queries.home import HOME
from benchmarks.queries.popularity import POPULARITY
from benchmarks.queries.query import Query
from benchmarks.queries.retention import RETENTION
from benchmarks.queries.trends import TRENDS
from benchmarks.queries.user_analytics import USER_ANALYTICS
from benchmarks.queries.weekly import WEEKLY

QUERIES: Final[dict[str, Query]] = {
    query.name: query
    for query in (
        HOME,
        ACTIVITY,
        TRENDS,
        WEEKLY,
        COUNTRIES,
        POPULARITY,
        FREQUENCY,
        USER_ANALYTICS,
        FUNNEL_BY_RECORD,
        FUNNEL_BY_PERSON,
        RETENTION,
    )
}
"""By the name that is printed."""
