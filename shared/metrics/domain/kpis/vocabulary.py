"""The closed vocabularies of the metric catalogue (definitions §6)."""

from enum import Enum


class Kind(Enum):
    """A METRIC tells how something is; a KPI has an objective and serves a decision."""

    METRIC = "METRIC"
    KPI = "KPI"


class MetricType(Enum):
    """Whether a number says what was, why, what will be, or what to do."""

    DESCRIPTIVE = "DESCRIPTIVE"
    DIAGNOSTIC = "DIAGNOSTIC"
    PREDICTIVE = "PREDICTIVE"
    PRESCRIPTIVE = "PRESCRIPTIVE"


class TimeRule(Enum):
    """Which records a period has, and as of when they are read.

    EVENT: those whose date of the event lies in the period, as they are known when asked.
    INSTANT: all records as they were at the end of the period, or when asked if that is earlier.
    COHORT: those that began in the period, with whatever became of them until asked; those younger
    than the maturity may still change.
    OPENING: the records as they were when the period began, and what became of them by its end, or
    until asked if that is earlier.
    """

    EVENT = "EVENT"
    INSTANT = "INSTANT"
    COHORT = "COHORT"
    OPENING = "OPENING"


class BetterIs(Enum):
    """Which way a number should go; TARGET: as near to its target as can be."""

    HIGHER = "HIGHER"
    LOWER = "LOWER"
    TARGET = "TARGET"


class MetricUnit(Enum):
    """What a value counts in. MONEY is in minor units of a currency; a RATIO is a fraction."""

    COUNT = "COUNT"
    RATIO = "RATIO"
    MULTIPLE = "MULTIPLE"
    SCORE = "SCORE"
    MONEY = "MONEY"
    MONEY_PER_DAY = "MONEY_PER_DAY"
    MINUTES = "MINUTES"
    HOURS = "HOURS"
    DAYS = "DAYS"
    MILLISECONDS = "MILLISECONDS"
    PERCENT = "PERCENT"
    TIME = "TIME"


class Aggregation(Enum):
    """How rows become one value.

    SUM: of the numerators. RATIO: sum of the numerators / sum of the denominators. MEDIAN, P90: of
    the numerators, interpolated linearly between neighbours.
    """

    SUM = "SUM"
    RATIO = "RATIO"
    MEDIAN = "MEDIAN"
    P90 = "P90"


class Reason(Enum):
    """Why a value is null, or what to know of one that is not."""

    EMPTY_DENOMINATOR = "EMPTY_DENOMINATOR"
    NO_RECORDS = "NO_RECORDS"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    NO_RATE = "NO_RATE"
    QUOTA_MET = "QUOTA_MET"
    NOT_ENOUGH_DATA = "NOT_ENOUGH_DATA"
    NOT_MATURED = "NOT_MATURED"
    NOT_BEGUN = "NOT_BEGUN"


class Flag(Enum):
    """Something to know of a row that counts."""

    NEGATIVE_DURATION = "NEGATIVE_DURATION"
    NO_FIRST_CONTACT = "NO_FIRST_CONTACT"
    STAGE_PROBABILITY = "STAGE_PROBABILITY"
    HISTORICAL_PROBABILITY = "HISTORICAL_PROBABILITY"
    CAPPED = "CAPPED"
    UNANSWERED = "UNANSWERED"
