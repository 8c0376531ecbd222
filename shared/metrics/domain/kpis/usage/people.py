"""What each person is measured by in User analytics."""

from typing import Final

from shared.metrics.domain.kpis.usage.metric import metric
from shared.metrics.domain.kpis.vocabulary import MetricType, MetricUnit, TimeRule

ENTRIES: Final = (
    metric(
        "SEGMENT_SIZE",
        "Segment size",
        "people of the roster who satisfy all conditions",
        "person",
        "userAnalytics.totalCount",
    ),
    metric(
        "SEGMENT_SHARE",
        "Share of the roster",
        "segment size / roster",
        "person",
        "userAnalytics.shareOfRoster",
        unit=MetricUnit.RATIO,
    ),
    metric(
        "ADOPTION_RATE",
        "Adoption",
        "people of the roster with activity in the range / roster: asked with the condition that "
        "attendance is at least 1",
        "person",
        "userAnalytics.shareOfRoster",
        unit=MetricUnit.RATIO,
        type_=MetricType.DIAGNOSTIC,
    ),
    metric(
        "ADOPTION_DEPTH",
        "Depth of adoption",
        "active people who have used a core feature / active people: asked with the same condition "
        "and the core features",
        "person",
        "userAnalytics.featureShares",
        unit=MetricUnit.RATIO,
        type_=MetricType.DIAGNOSTIC,
    ),
    metric(
        "LOGINS_PER_ACTIVE_USER_PER_WEEK",
        "Logins per active user per week",
        "logins of a week / distinct people active in it: asked with the interval WEEK",
        "person",
        "trends.series.loginsPerActiveUser",
        unit=MetricUnit.MULTIPLE,
    ),
    metric(
        "ATTENDANCE_CHANGE",
        "Change of attendance",
        "(active days - active days before) / active days before x 100, of one person",
        "person",
        "userAnalytics.nodes.attendanceChangePercent",
        unit=MetricUnit.PERCENT,
        type_=MetricType.DIAGNOSTIC,
    ),
    metric(
        "LAST_SEEN",
        "Last seen",
        "latest login or hit of one person",
        "person",
        "userAnalytics.nodes.lastSeen",
        unit=MetricUnit.TIME,
        rule=TimeRule.INSTANT,
    ),
    metric(
        "WORKING_DAYS",
        "Working days",
        "days of the range that are working days in the country",
        "day",
        "workingDays.isWorking",
    ),
)
