"""Activity (definitions §4): the figures of Home, hits per module, and a timeline with what stands
out in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.day_norms import day_norms
from shared.metrics.domain.views.figures import Figures
from shared.metrics.domain.views.timeline import before_and_after, quiet_runs, spikes

TIMELINE_DAYS = 60
N = TypeVar("N", int, float)


class ModuleOrder(Enum):
    """How modules are ordered; equal hits stand by name."""

    MOST_HITS = "MOST_HITS"
    FEWEST_HITS = "FEWEST_HITS"
    NAME = "NAME"
    NAME_REVERSED = "NAME_REVERSED"


@dataclass(frozen=True, slots=True)
class Modules:
    """Hits by module, as parallel lists; modules without any are there too."""

    names: list[str]
    hits: list[int]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Hits of every day, as parallel lists. `expected`, `low` and `high` are what a quiet day has,
    None where too little is known; a spike has more. `no_data`: which days are without data for
    the selection. `quiet_runs` are runs of days without hits that their weekdays do not explain.
    """

    dates: list[date]
    hits: list[int]
    expected: list[float | None]
    low: list[int | None]
    high: list[int | None]
    is_spike: list[bool]
    no_data: list[bool]
    quiet_runs: list[Window]


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation: its id, its day, what it says."""

    id: str
    day: date
    text: str
    category: str | None


@dataclass(frozen=True, slots=True)
class NoteEffect:
    """An annotation in the timeline, with the daily mean of hits before and after its day over up
    to two weeks each; None where the timeline has no such days.
    """

    note: Note
    mean_before: float | None
    mean_after: float | None


@dataclass(frozen=True, slots=True)
class ActivityAnswer:
    """Activity, but for its people (`ActivityPeopleAnswer`)."""

    proof: Proof
    compared: Window
    figures: Figures
    modules: Modules
    timeline: Timeline
    notes: list[NoteEffect]


@dataclass(frozen=True, slots=True)
class ActivePerson:
    """A person in a list of Activity; `last_seen_ms` (UTC) is None if not seen in the range."""

    user_id: str
    name: str | None
    email: str | None
    hits: int
    attendance: int
    last_seen_ms: int | None


@dataclass(frozen=True, slots=True)
class ActivityPeopleAnswer:
    """A page of people by user id; `size` is that of all pages."""

    proof: Proof
    people: list[ActivePerson]
    people_before: int
    size: int


def timeline_window(window: Window, *, is_explicit: bool) -> Window:
    """The days of the timeline and of the modules: 60 up to the last one, or an explicit range."""
    if is_explicit:
        return window
    return Window(window.last - timedelta(days=TIMELINE_DAYS - 1), window.last)


def modules(names: Sequence[str], hits: NDArray[np.int64], order: ModuleOrder) -> Modules:
    """Modules in an order."""
    rows = sorted(zip(names, hits.tolist(), strict=True))
    if order is ModuleOrder.NAME_REVERSED:
        rows.reverse()
    elif order is not ModuleOrder.NAME:
        sign = -1 if order is ModuleOrder.MOST_HITS else 1
        rows.sort(key=lambda row: sign * row[1])
    return Modules([name for name, _ in rows], [count for _, count in rows])


def timeline(
    window: Window,
    hits: NDArray[np.int64],
    covered: NDArray[np.bool_],
    no_data: NDArray[np.bool_],
) -> Timeline:
    """The timeline of a window; a day that is not `covered` (not over, or without data) is neither
    a spike nor part of any norm.
    """
    dates = window.days()
    weekdays = np.array([day.weekday() for day in dates])
    norms = day_norms(hits, weekdays, covered)
    known = norms.known.tolist()
    return Timeline(
        dates=dates,
        hits=hits.tolist(),
        expected=_where(known, norms.expected.tolist()),
        low=_where(known, norms.lower.tolist()),
        high=_where(known, norms.upper.tolist()),
        is_spike=spikes(hits, weekdays, covered, norms=norms).tolist(),
        no_data=no_data.tolist(),
        quiet_runs=[
            Window(dates[first], dates[last])
            for first, last in quiet_runs(hits, weekdays, covered, norms=norms)
        ],
    )


def note_effects(
    notes: Iterable[Note], window: Window, hits: NDArray[np.int64], covered: NDArray[np.bool_]
) -> list[NoteEffect]:
    """The annotations of the days of a window, by day and id."""
    return [
        NoteEffect(
            note,
            *before_and_after(hits, (note.day - window.first).days, covered=covered),
        )
        for note in sorted(notes, key=lambda note: (note.day, note.id))
        if note.day in window
    ]


def _where(known: list[bool], values: list[N]) -> list[N | None]:
    return [value if is_known else None for is_known, value in zip(known, values, strict=True)]
