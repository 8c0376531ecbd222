"""What the views answer with: plain values that the GraphQL layer hands on unchanged."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from shared.metrics.domain.periods import Window


class Finality(Enum):
    """Whether late events may still change an answer."""

    PROVISIONAL = "PROVISIONAL"
    FINAL = "FINAL"


class ChangeReason(Enum):
    """Why a change has no percentage, or what to know about it."""

    NEW = "NEW"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True, slots=True)
class Proof:
    """How current and how final an answer for a window is; times in milliseconds UTC."""

    window: Window
    as_of_ms: int
    watermark_ms: int
    is_partial: bool
    finality: Finality
    definition_version: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, the number it is compared with, and the change between them in percent.

    Where days without data are on either side (INCOMPLETE), the means a day over the others of each
    side stand in for the change; None where there are none, and where nothing is missing.
    """

    value: int
    previous: int
    change_percent: float | None
    reason: ChangeReason | None
    mean_per_day: float | None = None
    previous_mean_per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """User-days: the sum over people of their distinct active local days.

    `org_days` are the distinct days on which anyone was active; `average_per_active_user` is None
    when nobody was.
    """

    measure: Measure
    org_days: int
    average_per_active_user: float | None


@dataclass(frozen=True, slots=True)
class WeekSeries:
    """Hits by week, as parallel lists. A partial week reaches outside the days counted; `no_data`
    says which have a day without data among those.
    """

    dates: list[date]
    hits: list[int]
    is_peak: list[bool]
    is_partial: list[bool]
    no_data: list[bool]


@dataclass(frozen=True, slots=True)
class AttendanceSeries:
    """Active people and logins for every day, and which are without data, as parallel lists."""

    dates: list[date]
    active_users: list[int]
    logins: list[int]
    no_data: list[bool]


@dataclass(frozen=True, slots=True)
class RankedPerson:
    """A row of a top list. Equal values share a rank; within it the order is by user id."""

    rank: int
    user_id: str
    name: str | None
    email: str | None
    value: int
    previous: int


@dataclass(frozen=True, slots=True)
class HomeAnswer:
    """Home (definitions §4)."""

    proof: Proof
    first: date
    last: date
    compared_first: date
    compared_last: date
    total_hits: Measure
    features_used: Measure
    attendance: Attendance
    active_users: Measure
    inactive_users: Measure
    hits_by_week: WeekSeries
    attendance_by_day: AttendanceSeries
    top_by_hits: list[RankedPerson]
    top_by_attendance: list[RankedPerson]
