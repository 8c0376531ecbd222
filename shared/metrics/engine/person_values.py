"""Every metric of people over a window, each read when it is asked for."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.cubes import filled_cells
from shared.metrics.domain.no_data import NoData
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.user_analytics import PersonTable, change_percent
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance
from shared.metrics.engine.last_seen import last_times_ms
from shared.metrics.engine.masks import Mask, roster_members
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.person_days import of_people
from shared.metrics.engine.presence import Part
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.usage import hits_by_person, selected_features
from shared.metrics.engine.working_attendance import working_attendance_of

_MINUTE_MS: Final = 60_000


class PersonValues:
    """What people did in a window, and their attendance in the window that it is compared with,
    both of the span of the reading. In a partial window only the same hours of the last day of
    the other count. The arrays are by person number, or in the order of some `people`.
    """

    def __init__(
        self,
        question: Question,
        reading: Reading,
        window: Window,
        compared: Window,
        *,
        is_partial: bool,
        people: NDArray[np.int64] | None = None,
    ) -> None:
        self.question = question
        self.reading = reading
        self.window = window
        self.compared = compared
        self.is_partial = is_partial
        self._people = people
        self._has_cubes = False
        self._part = Part(reading, window, people)

    def of(self, people: NDArray[np.int64]) -> "PersonValues":
        """The metrics of some people: those of few are read faster than everyone's."""
        values = PersonValues(
            self.question,
            self.reading,
            self.window,
            self.compared,
            is_partial=self.is_partial,
            people=people,
        )
        values._has_cubes = self._has_cubes
        values.no_data = self.no_data
        return values

    @cached_property
    def no_data(self) -> NoData:
        """The days without data."""
        return no_data_in(self.question, self.reading.snapshot)

    @property
    def is_complete(self) -> bool:
        """Whether neither window has a day without data."""
        return not any(self.no_data.days(each).any() for each in (self.window, self.compared))

    @cached_property
    def roster(self) -> Mask:
        """Who of everyone is in the roster of the window."""
        reading = self.reading
        return roster_members(
            reading.snapshot.roster_index,
            reading.people,
            seen=_any_row(Part(reading, self.window).seen()),
            active=_any_row(Part(reading, self.window).active()),
            end_ms=reading.snapshot.data.calendar.bounds(self.window.last).end_ms,
            as_of_ms=reading.as_of_ms,
        )

    @cached_property
    def hits(self) -> NDArray[np.int64]:
        """Hits."""
        return self._sum(BlockKind.CORE, "hits")

    @cached_property
    def attendance(self) -> NDArray[np.int64]:
        """Distinct active days."""
        return _number(self._part.active())

    @cached_property
    def previous_attendance(self) -> NDArray[np.int64]:
        """Distinct active days of the other window."""
        if not self.is_partial:
            return _number(Part(self.reading, self.compared, self._people).active())
        earlier = self.question.until_same_time(self.reading, self.compared.last)
        return of_people(earlier.table.attendance_by_person(self.compared), self._people)

    @property
    def attendance_change(self) -> NDArray[np.float64]:
        """The change of attendance in percent; nan where it cannot be known."""
        if not self.is_complete:
            return np.full(len(self.attendance), np.nan)
        return change_percent(self.attendance, self.previous_attendance)

    @cached_property
    def sessions(self) -> NDArray[np.int64]:
        """Sessions that began."""
        return self._sum(BlockKind.TIME, "sessions")

    @cached_property
    def single_event_sessions(self) -> NDArray[np.int64]:
        """Those with one activity on their first day."""
        return self._sum(BlockKind.TIME, "single_event_sessions")

    @cached_property
    def session_ms(self) -> NDArray[np.int64]:
        """Session time in milliseconds."""
        return self._sum(BlockKind.TIME, "session_ms")

    @cached_property
    def features_used(self) -> NDArray[np.int64]:
        """Distinct features with a hit."""
        width = self.reading.width if self._people is None else len(self._people)
        used = np.zeros((len(self.reading.snapshot.features.names), width), bool)
        for day, numbers, users in self._users_by_day():
            counted = self._of_those(users, day)
            used[numbers, : counted.shape[1]] |= counted
        return _number(used)

    @cached_property
    def last_seen_ms(self) -> NDArray[np.int64]:
        """The latest login or hit of the window, in milliseconds UTC; 0 for none."""
        return last_times_ms(self._part, "last_seen")

    @cached_property
    def last_login_ms(self) -> NDArray[np.int64]:
        """The latest login of the window, in milliseconds UTC; 0 for none."""
        return last_times_ms(self._part, "last_login")

    @property
    def table(self) -> PersonTable:
        """All of them."""
        return PersonTable(
            hits=self.hits,
            attendance=self.attendance,
            previous_attendance=self.previous_attendance,
            sessions=self.sessions,
            single_event_sessions=self.single_event_sessions,
            session_ms=self.session_ms,
            features_used=self.features_used,
            last_seen_ms=self.last_seen_ms,
            last_login_ms=self.last_login_ms,
            is_complete=self.is_complete,
        )

    def working_attendance(self, people: NDArray[np.int64]) -> list[WorkingDayAttendance]:
        """Working-day attendance of some people, by number."""
        part = Part(self.reading, self.window, people)
        counts = part.counting() & ~self.no_data.days(self.window)[:, np.newaxis]
        days = self.reading.of_days(self.window)
        return working_attendance_of(self.question, days, people, part.active(), counts)

    def session_minutes_by_day(self) -> NDArray[np.float64]:
        """Days × people: session time; nan on days without activity and without session time."""
        spent_ms = self._part.counted(BlockKind.TIME, "session_ms", np.int64)
        minutes: NDArray[np.float64] = spent_ms / _MINUTE_MS
        minutes[(spent_ms == 0) & ~self._part.active()] = np.nan
        return minutes

    def feature_hits(self, selection: FeatureSelection) -> NDArray[np.int64]:
        """Everyone's hits of a selection."""
        self._has_cubes |= selection.is_of_features()
        return hits_by_person(self.reading, selection, self.window)

    def users(self, selection: FeatureSelection) -> Mask:
        """Who of everyone has a hit of a selection."""
        if self._has_cubes or not selection.is_of_features():
            return self.feature_hits(selection) > 0
        selected = selected_features(self.reading, selection)
        users = np.zeros(self.reading.width, bool)
        for day, who in self.reading.snapshot.arrays(BlockKind.WHO, self.window).items():
            there = _any_row(who["people"][selected[who["feature"]]])
            users[: len(there)] |= self._of_those(there, day)
        return users

    def _users_by_day(self) -> Iterator[tuple[date, NDArray[Any], Mask]]:
        """The numbers of features, and features × people: who has a hit."""
        snapshot, people = self.reading.snapshot, self._people
        # Cubes are larger, and need not be read only for this.
        if self._has_cubes and people is not None:
            for day, arrays in snapshot.arrays(BlockKind.CUBE, self.window).items():
                yield day, *filled_cells(arrays, people)
            return
        for day, who in snapshot.arrays(BlockKind.WHO, self.window).items():
            yield day, who["feature"], of_people(who["people"], people)

    def _of_those(self, there: Mask, day: date) -> Mask:
        """Those of a day who count."""
        mask = self.reading.mask
        if mask is None:
            return there
        counts = of_people(mask[self.reading.snapshot.row(day)], self._people)
        counted: Mask = there & counts[: there.shape[-1]]
        return counted

    def _sum(self, kind: BlockKind, column: str) -> NDArray[np.int64]:
        total: NDArray[np.int64] = self._part.counted(kind, column, np.uint32).sum(
            axis=0, dtype=np.int64
        )
        return total


def _number(flags: Mask) -> NDArray[np.int64]:
    """How many are set of each person."""
    number: NDArray[np.int64] = np.count_nonzero(flags, axis=0).astype(np.int64)
    return number


def _any_row(flags: Mask) -> Mask:
    """Who has it set in any row."""
    found: Mask = np.logical_or.reduce(flags, axis=0)
    return found
