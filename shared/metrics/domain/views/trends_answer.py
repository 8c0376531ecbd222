"""What Trends can be asked for, and what it answers with (definitions §4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import Measure, Proof


class TrendsMeasure(Enum):
    """What can be asked for.

    `HITS`; `ACTIVE_USERS`: distinct people of each point, which are not the sum of its days;
    `ATTENDANCE`: user-days; `LOGINS`; `SESSIONS`, counted where they start; `RECORDS`: distinct
    records hit. Of a selection people count by their hits of it, and sessions are those that
    contain it, counted on the day it first occurs in them.
    """

    HITS = "HITS"
    ACTIVE_USERS = "ACTIVE_USERS"
    ATTENDANCE = "ATTENDANCE"
    LOGINS = "LOGINS"
    SESSIONS = "SESSIONS"
    SINGLE_EVENT_SESSIONS = "SINGLE_EVENT_SESSIONS"
    SESSION_MILLISECONDS = "SESSION_MILLISECONDS"
    RECORDS = "RECORDS"


OF_ALL_USE: Final = frozenset(
    {
        TrendsMeasure.LOGINS,
        TrendsMeasure.SINGLE_EVENT_SESSIONS,
        TrendsMeasure.SESSION_MILLISECONDS,
    }
)
"""What is not known of a selection: a login is of no feature, nor are the minutes of a session."""

DISTINCT: Final = frozenset({TrendsMeasure.ACTIVE_USERS, TrendsMeasure.RECORDS})
"""What does not add up over points."""

Values = Mapping[TrendsMeasure, list[int]]


@dataclass(frozen=True, slots=True)
class GroupedTrends:
    """The same measures of each group, as parallel lists in the order of `names`: the groups with
    most hits first; if there are too many, the last is all others together (`has_others`).

    `overlaps`: the distinct people of the groups sum to more than there were in the range.
    """

    names: list[str]
    series: Mapping[TrendsMeasure, list[list[int]]]
    compared_series: Mapping[TrendsMeasure, list[list[int]]]
    totals: Mapping[TrendsMeasure, list[int]]
    changes: Mapping[TrendsMeasure, list[Measure]]
    has_others: bool
    overlaps: bool


@dataclass(frozen=True, slots=True)
class TrendsAnswer:
    """Measures over `window`, as parallel lists; of what was asked for, those that can be known.

    The series of the compared window stands beside the other point by point: each point covers the
    days at the same distance from its window's first. `no_data`: which points have a day without
    data for the selection. `totals` and `changes` are over the whole
    windows, if asked for. `is_backfilled`: a value that was known only later told someone's group,
    or that someone matched the filter.
    """

    proof: Proof
    window: Window
    compared: Window | None
    is_backfilled: bool
    dates: list[date]
    is_partial: list[bool]
    no_data: list[bool]
    series: Values
    compared_dates: list[date]
    compared_no_data: list[bool]
    compared_series: Values
    totals: Mapping[TrendsMeasure, int]
    changes: Mapping[TrendsMeasure, Measure]
    groups: GroupedTrends | None

    @property
    def logins_per_active_user(self) -> list[float | None] | None:
        """Logins / active users of each point, None where nobody was active; None unless both are
        known.
        """
        logins = self.series.get(TrendsMeasure.LOGINS)
        active = self.series.get(TrendsMeasure.ACTIVE_USERS)
        if logins is None or active is None:
            return None
        return [
            of_point / people if people else None
            for of_point, people in zip(logins, active, strict=True)
        ]
