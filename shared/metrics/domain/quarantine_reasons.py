"""Why rows are turned away."""

from enum import Enum


class Reason(Enum):
    """Why a row was turned away: a closed list, which also labels the counters."""

    INVALID_ROW = "invalid_row"
    MISSING_USER = "missing_user"
    MISSING_FEATURE = "missing_feature"
    TOO_LONG = "too_long"
    IN_THE_FUTURE = "in_the_future"
    TOO_OLD = "too_old"
    AMBIGUOUS_TIME = "ambiguous_time"
    OTHER_TENANT = "other_tenant"
    TURNED_AWAY_BY_SENDER = "turned_away_by_sender"
