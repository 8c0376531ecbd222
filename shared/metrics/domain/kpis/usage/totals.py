"""What Home, Activity and Trends count."""

from typing import Final

from shared.metrics.domain.kpis.usage.metric import metric
from shared.metrics.domain.kpis.vocabulary import BetterIs, MetricType, MetricUnit

ENTRIES: Final = (
    metric(
        "TOTAL_HITS",
        "Total hits",
        "accepted, de-duplicated actions and changes by users",
        "hit",
        "home.totalHits",
        vanity=True,
    ),
    metric(
        "FEATURES_USED",
        "Features used",
        "distinct features with a hit",
        "feature",
        "home.featuresUsed",
    ),
    metric(
        "ATTENDANCE",
        "Attendance",
        "sum over people of their distinct active local days",
        "person and day",
        "home.attendance",
    ),
    metric(
        "ORG_DAYS",
        "Days with anyone active",
        "distinct local days on which anyone was active",
        "day",
        "home.attendance.orgDays",
        vanity=True,
    ),
    metric(
        "ACTIVE_DAYS_PER_USER",
        "Active days per active user",
        "attendance / active users",
        "person",
        "home.attendance.averagePerActiveUser",
        unit=MetricUnit.DAYS,
    ),
    metric(
        "ACTIVE_USERS",
        "Active users",
        "distinct people with a login or a hit",
        "person",
        "home.activeUsers",
    ),
    metric(
        "INACTIVE_USERS",
        "Inactive users",
        "roster - active users",
        "person",
        "home.inactiveUsers",
        better_is=BetterIs.LOWER,
    ),
    metric("LOGINS", "Logins", "logins", "login", "trends.totals.logins", vanity=True),
    metric(
        "SESSIONS",
        "Sessions",
        "runs of activity of a person without a gap of more than the session timeout",
        "session",
        "trends.totals.sessions",
    ),
    metric(
        "SINGLE_EVENT_SESSIONS",
        "Single-event sessions",
        "sessions with one activity on their start day",
        "session",
        "trends.totals.singleEventSessions",
        better_is=BetterIs.LOWER,
    ),
    metric(
        "SESSION_TIME",
        "Session time",
        "sum over sessions of last activity - first activity",
        "session",
        "trends.totals.sessionMilliseconds",
        unit=MetricUnit.MILLISECONDS,
        vanity=True,
    ),
    metric(
        "RECORDS_TOUCHED",
        "Records touched",
        "distinct records with a hit",
        "record",
        "trends.totals.records",
    ),
    metric(
        "SPIKES",
        "Spikes",
        "days whose hits are above what their weekday and the local level lead to expect",
        "day",
        "activity.timeline.isSpike",
        type_=MetricType.DIAGNOSTIC,
        better_is=BetterIs.LOWER,
    ),
)
