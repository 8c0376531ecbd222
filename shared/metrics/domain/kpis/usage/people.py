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
