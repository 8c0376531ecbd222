"""What the views compute from: whole days × people, already filtered."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window


@dataclass(frozen=True)
class DayTable:
    """Every calendar day of a span. Rows are days; columns are people or features by number.

    `hits` is days × people, `present` says who attended, `features` (days × features) which
    features were hit; they, and the names of people, are made when they are first looked at. Sums
    by day are given, because a whole day's are known without its people. `active_in` finds who was
    there in a window, where that is known without `present`.
    """

    span: Window
    make_user_ids: Callable[[], list[str]]
    make_hits: Callable[[], NDArray[np.uint32]]
    make_present: Callable[[], NDArray[np.bool_]]
    make_features: Callable[[], NDArray[np.bool_]]
    hits_by_day: NDArray[np.int64]
    logins_by_day: NDArray[np.int64]
    active_by_day: NDArray[np.int64]
    active_in: Callable[[Window], NDArray[np.bool_]] | None = None

    @cached_property
    def user_ids(self) -> list[str]:
        """Everyone, by number."""
        return self.make_user_ids()

    @cached_property
    def hits(self) -> NDArray[np.uint32]:
        """Days × people: hits."""
        return self.make_hits()

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Days × people: who attended."""
        return self.make_present()

    @cached_property
    def features(self) -> NDArray[np.bool_]:
        """Days × features: which were hit."""
        return self.make_features()

    def rows(self, window: Window) -> slice:
        """The rows of the days of a window, which lies in the span."""
        first = (window.first - self.span.first).days
        return slice(first, first + window.length)

    def hits_by_person(self, window: Window) -> NDArray[np.int64]:
        """Hits of each person in a window."""
        hits: NDArray[np.int64] = self.hits[self.rows(window)].sum(axis=0, dtype=np.int64)
        return hits

    def attendance_by_person(self, window: Window) -> NDArray[np.int64]:
        """Distinct active days of each person in a window."""
        days: NDArray[np.int64] = np.count_nonzero(self.present[self.rows(window)], axis=0)
        return days

    def active(self, window: Window) -> NDArray[np.bool_]:
        """Who had a login or a hit in a window."""
        if self.active_in is not None:
            return self.active_in(window)
        active: NDArray[np.bool_] = np.logical_or.reduce(self.present[self.rows(window)], axis=0)
        return active

    def features_used(self, window: Window) -> int:
        """Distinct features hit in a window."""
        return int(self.features[self.rows(window)].any(axis=0).sum())


@dataclass(frozen=True, slots=True)
class SessionSums:
    """Sessions of every day of a span as a whole."""

    sessions: NDArray[np.int64]
    single_event_sessions: NDArray[np.int64]
    session_ms: NDArray[np.int64]
