"""Restatements (definitions §1): what has changed of a day after it was final."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from shared.metrics.domain.periods import LocalCalendar


class RestatedMeasure(Enum):
    """A measure of a whole day that is entered in the log when it changes."""

    HITS = "HITS"
    LOGINS = "LOGINS"
    ACTIVE = "ACTIVE"
    SESSIONS = "SESSIONS"
    SESSION_MILLISECONDS = "SESSION_MILLISECONDS"


class Cause(Enum):
    """Why a final day came out differently."""

    LATE = "LATE"
    """Events arrived for it, or for the day whose open sessions it takes over."""
    ROSTER = "ROSTER"
    """The directory has joined or parted the ids of people."""
    MAPPING = "MAPPING"
    """Another signal of a feature counts."""
    ZONE = "ZONE"
    TIMEOUT = "TIMEOUT"
    ERASURE = "ERASURE"
    DEFINITION = "DEFINITION"


@dataclass(frozen=True, slots=True)
class Restatement:
    """One measure of one day before and after; `at_ms` is when, in milliseconds UTC.

    `cursor` is the place in the log, to read on from.
    """

    day: date
    measure: RestatedMeasure
    before: int
    after: int
    at_ms: int
    cause: Cause
    cursor: str


def is_final(calendar: LocalCalendar, day: date, lateness_days: int, at_ms: int) -> bool:
    """Whether at an instant late events for a day are no longer waited for."""
    return at_ms >= calendar.bounds(day + timedelta(days=lateness_days)).end_ms
