"""What every side answers, in one form: people by number, days by number, times in ms UTC.

Only what all sides can be asked for: our views also answer more (annotations, spikes, lists of
units, proof), which costs us and is in our figures.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """The five figures of a window."""

    hits: int
    features_used: int
    attendance: int
    active: int
    inactive: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person in a top list, with the value of the period before."""

    person: int
    value: int
    previous: int


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """Home: figures of both periods, hits of five weeks, 35 days of people and logins."""

    now: Figures
    then: Figures
    week_hits: list[int]
    day_active: list[int]
    day_logins: list[int]
    by_hits: list[Ranked]
    by_attendance: list[Ranked]


@dataclass(frozen=True, slots=True)
class ActivityFigures:
    """Activity: figures, hits of every module and day of 60 days."""

    now: Figures
    then: Figures
    module_hits: dict[str, int]
    day_hits: list[int]


@dataclass(frozen=True, slots=True)
class Series:
    """Trends by day."""

    hits: list[int]
    active: list[int]
    logins: list[int]
    sessions: list[int]
    single_event_sessions: list[int]
    session_ms: list[int]


@dataclass(frozen=True, slots=True)
class Countries:
    """By country: hits and distinct people of each day."""

    hits: dict[str, list[int]]
    active: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Popularity:
    """Distinct people and hits of every feature used, in a window and in the one before, and all
    active people; the most popular first, then by name.
    """

    active: int
    previous_active: int
    features: list[str]
    people: list[int]
    hits: list[int]
    previous_people: list[int]
    previous_hits: list[int]


@dataclass(frozen=True, slots=True)
class Person:
    """All metrics of a person; `last_login_ms` is 0 for never, `previous_attendance` is that of
    the 30 days before.
    """

    person: int
    hits: int
    attendance: int
    previous_attendance: int
    sessions: int
    single_event_sessions: int
    session_ms: int
    features_used: int
    last_seen_ms: int
    last_login_ms: int


@dataclass(frozen=True, slots=True)
class Segment:
    """User analytics: how many meet the conditions, and the first page of them."""

    size: int
    page: list[Person]


Weekly = list[int]
"""Distinct people of each week."""

Frequency = dict[str, list[int]]
"""People of every feature by number of hits: up to 10, 100, 1000, more."""

Funnel = list[int]
"""Units that reached each step."""

Retention = list[list[int]]
"""Of every cohort how many were active in its week 0, 1, 2, …, up to the last week."""
