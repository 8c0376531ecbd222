"""How regularly people come, and who comes back."""

from typing import Final

from shared.metrics.domain.kpis.usage.metric import metric
from shared.metrics.domain.kpis.vocabulary import BetterIs, MetricUnit, TimeRule

ENTRIES: Final = (
    metric(
        "DAILY_ACTIVE_USERS",
        "Daily active users",
        "mean over days of distinct active people",
        "person and day",
        "stickiness.meanDailyActive",
    ),
    metric(
        "MONTHLY_ACTIVE_USERS",
        "Monthly active users",
        "distinct people active in the calendar month",
        "person",
        "stickiness.byMonth.monthlyActive",
        vanity=True,
    ),
    metric(
        "STICKINESS",
        "Stickiness",
        "mean daily active people / active people of the range",
        "person",
        "stickiness.stickiness",
        unit=MetricUnit.RATIO,
    ),
    metric(
        "USER_RETENTION",
        "User retention",
        "people of a weekly cohort who are active in its week k / people of the cohort",
        "person",
        "retention.rates",
        unit=MetricUnit.RATIO,
        rule=TimeRule.COHORT,
        maturity_days=7,
    ),
    metric(
        "NEW_USERS",
        "New users",
        "people whose first activity ever lies in the 30 days",
        "person",
        "lifecycle.series.new",
    ),
    metric(
        "RETURNING_USERS",
        "Returning users",
        "people active in the 30 days who are neither new nor resurrected",
        "person",
        "lifecycle.series.returning",
    ),
    metric(
        "RESURRECTED_USERS",
        "Resurrected users",
        "people back after at least 30 days without activity",
        "person",
        "lifecycle.series.resurrected",
    ),
    metric(
        "DORMANT_USERS",
        "Dormant users",
        "people with activity before, and none in the 30 days",
        "person",
        "lifecycle.series.dormant",
        better_is=BetterIs.LOWER,
    ),
)
