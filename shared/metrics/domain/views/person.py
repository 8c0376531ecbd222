"""One person (definitions §4): the metrics of a range, and what is known from all of history."""

from dataclasses import dataclass
from datetime import date

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import ChangeReason, Proof
from shared.metrics.domain.views.engagement_answers import LifecycleState
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance


@dataclass(frozen=True, slots=True)
class PersonMeasure:
    """A number, and the one it is compared with; None where that cannot be known."""

    value: int
    previous: int | None
    change_percent: float | None
    reason: ChangeReason | None

    @staticmethod
    def of(value: int, previous: int | None, *, is_complete: bool = True) -> "PersonMeasure":
        """A value beside the one before (definitions §1). `is_complete`: no day without data is on
        either side.
        """
        if previous is None:
            return PersonMeasure(value, None, None, None)
        if not is_complete:
            return PersonMeasure(value, previous, None, ChangeReason.INCOMPLETE)
        if previous:
            change = (value - previous) * 100 / previous
            return PersonMeasure(value, previous, change, None)
        if value:
            return PersonMeasure(value, previous, None, ChangeReason.NEW)
        return PersonMeasure(value, previous, 0.0, None)


@dataclass(frozen=True, slots=True)
class PersonDays:
    """Every day of the range, and which are without data, as parallel lists."""

    dates: list[date]
    is_active: list[bool]
    hits: list[int]
    logins: list[int]
    sessions: list[int]
    session_milliseconds: list[int]
    no_data: list[bool]


@dataclass(frozen=True, slots=True)
class PersonFeatures:
    """The features with a hit in the range, as parallel lists: most hits first, then by name.

    `total` is their number, also where not all are listed.
    """

    names: list[str]
    hits: list[int]
    total: int


@dataclass(frozen=True, slots=True)
class PersonAttributes:
    """Everything the directory has stated of a person, as parallel lists: by attribute, then by
    time (milliseconds UTC); a value of None took the attribute away. The latest 100 of each.
    """

    names: list[str]
    values: list[str | None]
    since_ms: list[int]


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """A person. The measures are of the range; sessions have nothing to compare with while the
    range holds an unfinished day. `first_active`, `last_seen_ms` and `last_login_ms` are of all
    of history up to the instant of asking, and None for never; times in milliseconds UTC.
    """

    proof: Proof
    compared: Window
    user_id: str
    name: str | None
    email: str | None
    language: str | None
    country: str | None
    time_zone: str | None
    account_status: str | None
    role: str | None
    team: str | None
    manager: str | None
    licence: str | None
    is_integration: bool
    attributes: PersonAttributes
    state: LifecycleState
    first_active: date | None
    last_seen_ms: int | None
    last_login_ms: int | None
    hits: PersonMeasure
    attendance: PersonMeasure
    working_day_attendance: WorkingDayAttendance
    logins: PersonMeasure
    features_used: PersonMeasure
    sessions: PersonMeasure
    single_event_sessions: PersonMeasure
    session_milliseconds: PersonMeasure
    features: PersonFeatures
    days: PersonDays
