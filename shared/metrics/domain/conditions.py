"""Conditions on people's metrics (definitions §4, user analytics): all of them must hold."""

from dataclasses import dataclass
from enum import Enum
from math import isfinite
from typing import Final

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.selection import FeatureSelection

MAX_CONDITIONS: Final = 20
MAX_VALUE: Final = 1e12
MAX_LAST_SEEN_DAYS: Final = 5 * 366


class ConditionMetric(Enum):
    """What a condition looks at."""

    ATTENDANCE = "ATTENDANCE"
    ATTENDANCE_INCREASE = "ATTENDANCE_INCREASE"
    ATTENDANCE_DECREASE = "ATTENDANCE_DECREASE"
    LAST_SEEN = "LAST_SEEN"
    NEVER_SEEN = "NEVER_SEEN"
    SESSION_MINUTES = "SESSION_MINUTES"
    SESSIONS = "SESSIONS"
    HITS = "HITS"
    DISTINCT_FEATURES = "DISTINCT_FEATURES"
    FEATURE_USED = "FEATURE_USED"
    FEATURE_NOT_USED = "FEATURE_NOT_USED"


class Comparator(Enum):
    """How a metric is compared with a value."""

    GREATER_THAN = "GREATER_THAN"
    AT_LEAST = "AT_LEAST"
    LESS_THAN = "LESS_THAN"
    AT_MOST = "AT_MOST"
    EQUAL = "EQUAL"
    BETWEEN = "BETWEEN"


class SessionTime(Enum):
    """Which session time is compared: that of the whole range, its mean over the person's active
    days, or that of any one day.
    """

    TOTAL = "TOTAL"
    PER_ACTIVE_DAY = "PER_ACTIVE_DAY"
    ANY_DAY = "ANY_DAY"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison with `value`; BETWEEN holds from `value` to `up_to`, both included."""

    comparator: Comparator
    value: float
    up_to: float | None = None

    @property
    def largest(self) -> float:
        """The larger of its values."""
        return self.value if self.up_to is None else self.up_to


ONCE: Final = Threshold(Comparator.AT_LEAST, 1)


@dataclass(frozen=True, slots=True)
class Condition:
    """A metric and its threshold. NEVER_SEEN has no threshold; `session_time` is of
    SESSION_MINUTES; `selection` is of FEATURE_USED and FEATURE_NOT_USED, whose threshold is for the
    hits of it.
    """

    metric: ConditionMetric
    threshold: Threshold = ONCE
    session_time: SessionTime = SessionTime.TOTAL
    selection: FeatureSelection | None = None


OF_FEATURES: Final = frozenset({ConditionMetric.FEATURE_USED, ConditionMetric.FEATURE_NOT_USED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionParts:
    """A condition as it is written down, not yet checked."""

    metric: ConditionMetric
    comparator: Comparator | None = None
    value: float | None = None
    up_to: float | None = None
    session_time: SessionTime | None = None
    selection: FeatureSelection | None = None

    def condition(self, field: str) -> Condition:
        """The condition. BadInputError says which part of `field` is missing or too much."""
        metric = self.metric
        if (self.selection is not None) != (metric in OF_FEATURES):
            which = "needs" if metric in OF_FEATURES else "takes no"
            message = f"{metric.value} {which} feature"
            raise BadInputError(message, field=f"{field}.feature")
        if self.session_time is not None and metric is not ConditionMetric.SESSION_MINUTES:
            message = f"{metric.value} takes no sessionTime; only SESSION_MINUTES does"
            raise BadInputError(message, field=f"{field}.sessionTime")
        return Condition(
            metric=metric,
            threshold=self._threshold(field),
            session_time=self.session_time or SessionTime.TOTAL,
            selection=self.selection,
        )

    def _threshold(self, field: str) -> Threshold:
        metric, comparator, value = self.metric, self.comparator, self.value
        if metric is ConditionMetric.NEVER_SEEN:
            if (comparator, value, self.up_to) != (None, None, None):
                message = f"{metric.value} takes no comparator and no value"
                raise BadInputError(message, field=f"{field}.comparator")
            return ONCE
        if metric in OF_FEATURES:
            comparator = comparator or ONCE.comparator
            value = ONCE.value if value is None and comparator is ONCE.comparator else value
        if comparator is None:
            message = f"{metric.value} needs a comparator, such as {Comparator.AT_LEAST.value}"
            raise BadInputError(message, field=f"{field}.comparator")
        most = MAX_LAST_SEEN_DAYS if metric is ConditionMetric.LAST_SEEN else MAX_VALUE
        return _threshold(comparator, value, self.up_to, field, most)


def _threshold(
    comparator: Comparator, value: float | None, up_to: float | None, field: str, most: float
) -> Threshold:
    if (up_to is not None) != (comparator is Comparator.BETWEEN):
        which = "needs" if comparator is Comparator.BETWEEN else "takes no"
        raise BadInputError(f"{comparator.value} {which} upTo", field=f"{field}.upTo")
    if value is None:
        raise BadInputError(f"{comparator.value} needs a value", field=f"{field}.value")
    for name, number in (("value", value), ("upTo", up_to)):
        if number is not None and not (isfinite(number) and 0 <= number <= most):
            message = f"{name} is {number:g}; it may be 0 to {most:g}"
            raise BadInputError(message, field=f"{field}.{name}")
    if up_to is not None and up_to < value:
        message = f"upTo is {up_to:g}, which is less than value, {value:g}; exchange them"
        raise BadInputError(message, field=f"{field}.upTo")
    return Threshold(comparator, value, up_to)


def checked_conditions(parts: list[ConditionParts], field: str) -> tuple[Condition, ...]:
    """The conditions as written; BadInputError names the one that is wrong, as in `field[2]`."""
    if len(parts) > MAX_CONDITIONS:
        message = f"there are {len(parts)} conditions; at most {MAX_CONDITIONS} may be given"
        raise BadInputError(message, field=field)
    return tuple(each.condition(f"{field}[{at}]") for at, each in enumerate(parts))
