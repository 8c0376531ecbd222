"""KPIs that are asked for together: by the size of a business, and by the role of who looks."""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class KpiPreset(Enum):
    """A choice of KPIs by name."""

    SMALL_BUSINESS = "SMALL_BUSINESS"
    GROWING_BUSINESS = "GROWING_BUSINESS"
    ENTERPRISE = "ENTERPRISE"
    EXECUTIVE = "EXECUTIVE"
    SALES_MANAGER = "SALES_MANAGER"
    SERVICE_LEADER = "SERVICE_LEADER"
    REP = "REP"
    LEAD_SOURCES = "LEAD_SOURCES"
    FORECAST_CALL = "FORECAST_CALL"
    DATA_QUALITY = "DATA_QUALITY"
    ADOPTION = "ADOPTION"


_SMALL: Final = ("LEAD_TO_CUSTOMER", "WON_REVENUE", "WIN_RATE", "PIPELINE_VALUE")
_GROWING: Final = (
    *_SMALL,
    "LEAD_CONVERSION",
    "AVERAGE_DEAL_SIZE",
    "PIPELINE_GENERATED",
    "PIPELINE_COVERAGE",
    "CAC",
)

PRESETS: Final[Mapping[KpiPreset, tuple[str, ...]]] = {
    KpiPreset.SMALL_BUSINESS: _SMALL,
    KpiPreset.GROWING_BUSINESS: _GROWING,
    KpiPreset.ENTERPRISE: (
        *_GROWING,
        "WIN_RATE_BY_VALUE",
        "WEIGHTED_PIPELINE",
        "QUOTA_ATTAINMENT",
        "SLIPPAGE_BY_VALUE",
        "STALE_DEAL_SHARE",
        "FORECAST_ACCURACY",
        "SALES_VELOCITY",
        "MARKETING_ROI",
        "UPSELL_BY_REVENUE",
    ),
    KpiPreset.EXECUTIVE: (
        "WON_REVENUE",
        "NET_REVENUE_RETENTION",
        "LOGO_CHURN",
        "QUOTA_ATTAINMENT",
        "PIPELINE_COVERAGE",
        "WIN_RATE",
        "AVERAGE_DEAL_SIZE",
        "FORECAST_ACCURACY",
        "SALES_VELOCITY",
        "CAC",
        "MARKETING_ROI",
    ),
    KpiPreset.SALES_MANAGER: (
        "QUOTA_ATTAINMENT",
        "PIPELINE_COVERAGE",
        "COVERAGE_GAP",
        "WEIGHTED_PIPELINE",
        "SLIPPAGE",
        "FORECAST_ACCURACY",
        "STAGE_CONVERSION",
        "AGE_IN_STAGE",
        "STALE_DEAL_SHARE",
        "SKIPPED_NEXT_STEPS",
        "WIN_RATE",
    ),
    KpiPreset.SERVICE_LEADER: (
        "TICKET_BACKLOG",
        "UNANSWERED_TICKETS",
        "FIRST_RESPONSE_MEDIAN",
        "RESOLUTION_TIME_MEDIAN",
        "FIRST_CONTACT_RESOLUTION",
        "REOPEN_RATE",
        "ESCALATION_RATE",
        "RESPONSE_SLA_ATTAINMENT",
        "CSAT",
        "NPS",
        "BROAD_TICKET_CATEGORIES",
    ),
    KpiPreset.REP: (
        "WON_REVENUE",
        "QUOTA_ATTAINMENT",
        "PIPELINE_VALUE",
        "STALE_DEAL_SHARE",
        "WIN_RATE",
    ),
    KpiPreset.FORECAST_CALL: (
        "INSPECT_RECENTLY_MOVED",
        "INSPECT_NO_NEXT_STEP",
        "INSPECT_EXECUTIVE_ACTIVITY",
        "INSPECT_WEAK_CONVERSION",
        "INSPECT_STALE",
        "MOVED_BEFORE_FORECAST",
    ),
    KpiPreset.DATA_QUALITY: (
        "ACCOUNT_COMPLETENESS",
        "CONTACT_COMPLETENESS",
        "LEAD_COMPLETENESS",
        "DEAL_COMPLETENESS",
        "DEAL_ACCURACY",
        "DEAL_FRESHNESS",
        "DUPLICATE_ACCOUNTS",
        "DUPLICATE_CONTACTS",
        "FIELD_FAMILY_OWNERSHIP",
        "LATE_LOGGED_MEETINGS",
        "SKIPPED_NEXT_STEPS",
        "ZOMBIE_DEALS",
        "BROAD_TICKET_CATEGORIES",
        "UNEVEN_LOGGING",
    ),
    KpiPreset.ADOPTION: (
        "TRAINING_COVERAGE",
        "TRAINING_EFFECT_ON_ACTIVITIES",
        "TRAINING_EFFECT_ON_WINS",
        "ACTIVITIES_PER_PERSON",
        "UNEVEN_LOGGING",
    ),
    KpiPreset.LEAD_SOURCES: ("LEADS_CREATED", "MQL_RATE", "LEAD_TO_CUSTOMER", "WON_REVENUE", "CAC"),
}
"""LEAD_SOURCES is asked with `groupBy: SOURCE`."""
