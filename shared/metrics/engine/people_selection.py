"""Who satisfies conditions (definitions §4, user analytics)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.conditions import ONCE, Condition, ConditionMetric, SessionTime
from shared.metrics.domain.periods import Comparison, Window, compared_windows
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.thresholds import holds
from shared.metrics.engine.last_seen import LastSeen
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.person_values import PersonValues
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import PeopleFilter
from shared.metrics.engine.usage import check_known
from shared.metrics.engine.windows import Asked

_MINUTE_MS: Final = 60_000


def values_of(
    question: Question,
    asked: Asked,
    comparison: Comparison,
    people: PeopleFilter,
    within: tuple[str, ...] = (),
) -> PersonValues:
    """The metrics of everyone over the window that a comparison makes of the one asked for.
    `within` are the segments that the filter is part of.
    """
    window, compared = compared_windows(asked.window, comparison, is_partial=asked.is_partial)
    span = Window(min(window.first, compared.first), window.last)
    reading = question.read(span, people, within)
    return PersonValues(question, reading, window, compared, is_partial=asked.is_partial)


def matching(values: PersonValues, conditions: Sequence[Condition]) -> Mask:
    """The people of the roster who satisfy all conditions. BadInputError names a condition whose
    feature there is not.
    """
    for at, condition in enumerate(conditions):
        if condition.selection is not None:
            check_known(values.reading, condition.selection, f"conditions[{at}].feature")
    found = values.roster.copy()
    last_seen = LastSeen(values.question, values.reading, conditions)
    for condition in conditions:
        found &= _holding(condition, values, last_seen)
    return found


def _holding(condition: Condition, values: PersonValues, last_seen: LastSeen) -> Mask:
    threshold = condition.threshold
    match condition.metric:
        case ConditionMetric.NEVER_SEEN:
            return last_seen.never
        case ConditionMetric.LAST_SEEN:
            return holds(threshold, last_seen.days_ago)
        case ConditionMetric.SESSION_MINUTES:
            return _session_minutes(condition, values)
        case ConditionMetric.FEATURE_USED:
            return _users(condition, values)
        case ConditionMetric.FEATURE_NOT_USED:
            return ~_users(condition, values)
        case _:
            return holds(threshold, _PLAIN[condition.metric](values))


def _session_minutes(condition: Condition, values: PersonValues) -> Mask:
    threshold = condition.threshold
    if condition.session_time is SessionTime.ANY_DAY:
        found: Mask = np.logical_or.reduce(holds(threshold, values.session_minutes_by_day()))
        return found
    # Divided, a time equals the number that is written for it: 6 000 ms are 0.1 minutes.
    minutes = values.session_ms / _MINUTE_MS
    if condition.session_time is SessionTime.PER_ACTIVE_DAY:
        minutes = _per_active_day(values)
    return holds(threshold, minutes)


def _per_active_day(values: PersonValues) -> NDArray[np.float64]:
    """Session minutes by active day; nan for who had none."""
    days = values.attendance
    minutes = np.full(len(days), np.nan)
    np.divide(values.session_ms, days * _MINUTE_MS, out=minutes, where=days > 0)
    return minutes


def _users(condition: Condition, values: PersonValues) -> Mask:
    selection = condition.selection or FeatureSelection()
    if condition.threshold == ONCE:
        return values.users(selection)
    return holds(condition.threshold, values.feature_hits(selection))


def _change(values: PersonValues, sign: int) -> NDArray[np.float64]:
    """max(0, sign x p); nan stays nan."""
    return np.maximum(sign * values.attendance_change, 0.0)


_PLAIN: Final[dict[ConditionMetric, Callable[[PersonValues], NDArray[Any]]]] = {
    ConditionMetric.ATTENDANCE: lambda values: values.attendance,
    ConditionMetric.ATTENDANCE_INCREASE: partial(_change, sign=1),
    ConditionMetric.ATTENDANCE_DECREASE: partial(_change, sign=-1),
    ConditionMetric.SESSIONS: lambda values: values.sessions,
    ConditionMetric.HITS: lambda values: values.hits,
    ConditionMetric.DISTINCT_FEATURES: lambda values: values.features_used,
}
