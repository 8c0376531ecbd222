"""What user analytics answers: a page of people with their metrics, in some order."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import ChangeReason, Proof
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance


class PersonSort(Enum):
    """What people are ordered by."""

    USER_ID = "USER_ID"
    HITS = "HITS"
    ATTENDANCE = "ATTENDANCE"
    ATTENDANCE_CHANGE = "ATTENDANCE_CHANGE"
    SESSIONS = "SESSIONS"
    SINGLE_EVENT_SESSIONS = "SINGLE_EVENT_SESSIONS"
    SESSION_TIME = "SESSION_TIME"
    FEATURES_USED = "FEATURES_USED"
    LAST_SEEN = "LAST_SEEN"
    LAST_LOGIN = "LAST_LOGIN"


class Position(NamedTuple):
    """A place in an ordered list: the metric of the person who is there (None for null), and the
    user id.
    """

    value: float | None
    user_id: str


@dataclass(frozen=True, slots=True)
class PersonMetrics:
    """All metrics of one person over a range; times in milliseconds UTC, None for never in it.

    `feature_hits` are the hits of each chosen feature; `working_day_attendance` is None if it was
    not asked for.
    """

    user_id: str
    name: str | None
    email: str | None
    hits: int
    attendance: int
    previous_attendance: int
    attendance_change_percent: float | None
    attendance_change_reason: ChangeReason | None
    sessions: int
    single_event_sessions: int
    session_milliseconds: int
    features_used: int
    last_seen_ms: int | None
    last_login_ms: int | None
    feature_hits: list[int]
    working_day_attendance: WorkingDayAttendance | None = None


@dataclass(frozen=True, slots=True)
class UserAnalyticsAnswer:
    """A page of the people of a segment, and the segment as a whole.

    `share_of_roster` is None if nobody is in the roster, and so are the shares of an empty segment.
    `feature_users` are the people of the segment who used each chosen feature, `feature_shares`
    their share of the segment. `positions` are the places of `people` in the order.
    """

    proof: Proof
    compared: Window
    people: list[PersonMetrics]
    positions: list[Position]
    people_before: int
    size: int
    roster_size: int
    share_of_roster: float | None
    feature_users: list[int]
    feature_shares: list[float | None]
