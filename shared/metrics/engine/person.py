"""One person: reads all of history, and of the range what the person did."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind
from shared.metrics.columns.cubes import hits_of_person
from shared.metrics.domain.errors import NotFoundError
from shared.metrics.domain.no_data import Flags
from shared.metrics.domain.periods import Window, compared_windows
from shared.metrics.domain.roster import IS_INTEGRATION, TRUE
from shared.metrics.domain.views.lifecycle import state_of
from shared.metrics.domain.views.person import (
    PersonAnswer,
    PersonDays,
    PersonFeatures,
    PersonMeasure,
)
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance
from shared.metrics.engine.engagement_requests import PersonRequest
from shared.metrics.engine.firsts import active_days
from shared.metrics.engine.masks import counted
from shared.metrics.engine.no_data import no_data_over
from shared.metrics.engine.person_attributes import StatedOfPerson
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import EVERYONE
from shared.metrics.engine.same_hours import cut_reading
from shared.metrics.engine.working_attendance import working_attendance_of

MOST_FEATURES: Final = 100


def person(question: Question, request: PersonRequest) -> PersonAnswer:
    """Answer with one person. NotFoundError if nobody of the tenant has that id."""
    asked = question.asked(request)
    window, compared = compared_windows(
        asked.window, request.comparison, is_partial=asked.is_partial
    )
    history = question.history(asked.today)
    user_id = history.snapshot.directory.aliases.person(request.user_id)
    if user_id not in history.user_ids:
        raise NotFoundError("there is no such person")
    no_data = no_data_over(question, Window(min(window.first, compared.first), window.last))
    is_complete = not any(no_data.days(each).any() for each in (window, compared))
    now = _Deeds(history, history.user_ids.index(user_id), window)
    then = now.over(_cut(question, history, compared) if asked.is_partial else history, compared)
    known = active_days(history, now.person)
    until = [day for day in known.active if day <= window.last.toordinal()]
    stated = StatedOfPerson.of(history.snapshot.roster, user_id, question.as_of_ms)
    name, email = history.described(user_id)
    features = now.features()

    def measure(values: NDArray[np.int64], before: NDArray[np.int64]) -> PersonMeasure:
        return PersonMeasure.of(int(values.sum()), int(before.sum()), is_complete=is_complete)

    def of_sessions(column: str) -> PersonMeasure:
        # The sessions of an earlier day cannot be cut off at this time of day.
        before = None if asked.is_partial else int(then.by_day(BlockKind.TIME, column).sum())
        value = int(now.by_day(BlockKind.TIME, column).sum())
        return PersonMeasure.of(value, before, is_complete=is_complete)

    return PersonAnswer(
        proof=question.proof(asked, window),
        compared=compared,
        user_id=user_id,
        name=name,
        email=email,
        language=stated.current("language"),
        country=stated.current("country"),
        time_zone=stated.current("time_zone"),
        account_status=stated.current("account_status"),
        role=stated.current("role"),
        team=stated.current("team"),
        manager=stated.current("manager"),
        licence=stated.current("licence"),
        is_integration=stated.current(IS_INTEGRATION) == TRUE,
        attributes=stated.all(),
        state=state_of(until, window.last.toordinal()),
        first_active=date.fromordinal(known.active[0]) if known.active else None,
        last_seen_ms=now.time_ms("last_seen", known.active),
        last_login_ms=now.time_ms("last_login", known.with_login),
        hits=measure(now.hits, then.hits),
        attendance=measure(now.is_active, then.is_active),
        working_day_attendance=_at_work(question, history, now, no_data.days(window)),
        logins=measure(now.logins, then.logins),
        features_used=PersonMeasure.of(
            features.total, then.features().total, is_complete=is_complete
        ),
        sessions=of_sessions("sessions"),
        single_event_sessions=of_sessions("single_event_sessions"),
        session_milliseconds=of_sessions("session_ms"),
        features=features,
        days=PersonDays(
            dates=window.days(),
            is_active=now.is_active.astype(bool).tolist(),
            hits=now.hits.tolist(),
            logins=now.logins.tolist(),
            sessions=now.by_day(BlockKind.TIME, "sessions").tolist(),
            session_milliseconds=now.by_day(BlockKind.TIME, "session_ms").tolist(),
            no_data=no_data.days(window).tolist(),
        ),
    )


def _at_work(
    question: Question, history: Reading, deeds: "_Deeds", no_data: Flags
) -> WorkingDayAttendance:
    """Working-day attendance on the days of the deeds; these may begin before the history."""
    days = history.of_days(deeds.window)
    people = np.array([deeds.person])
    counts = ~no_data[:, np.newaxis]
    index, calendar = history.snapshot.roster_index, question.data.calendar
    mask = counted(index, EVERYONE, deeds.window, calendar, question.as_of_ms)
    if mask is not None:
        counts = counts & mask[:, people]
    present = deeds.is_active[:, np.newaxis] > 0
    (found,) = working_attendance_of(question, days, people, present, counts)
    return found


def _cut(question: Question, history: Reading, compared: Window) -> Reading:
    """The history with the last day of the other window cut off at the time of day it is now."""
    if compared.last not in history.span:
        return history
    return cut_reading(question, history, compared.last, question.as_of_ms)


class _Deeds:
    """What one person, by number, did on the days of a window; before the history nothing."""

    def __init__(self, history: Reading, person: int, window: Window) -> None:
        self._history = history
        self.person = person
        self.window = window
        self.hits = self.by_day(BlockKind.CORE, "hits")
        self.logins = self.by_day(BlockKind.CORE, "logins")
        self.is_active = self.by_day(BlockKind.CORE, "present")

    def over(self, history: Reading, window: Window) -> "_Deeds":
        """Those of the same person in another window."""
        return _Deeds(history, self.person, window)

    def by_day(self, kind: BlockKind, column: str) -> NDArray[np.int64]:
        """A column of the person's on every day of the window."""
        values = np.zeros(self.window.length, np.int64)
        for day, arrays in self._days(kind, self.window):
            values[(day - self.window.first).days] = arrays[column][self.person]
        return values

    def features(self) -> PersonFeatures:
        """The features with a hit, most hits first."""
        snapshot, mask = self._history.snapshot, self._history.mask
        names = snapshot.features.names
        hits = np.zeros(len(names), np.int64)
        for day, arrays in snapshot.arrays(BlockKind.CUBE, self.window).items():
            if mask is None or mask[snapshot.row(day), self.person]:
                numbers, of_day = hits_of_person(arrays, self.person)
                hits[numbers] += of_day
        found = sorted((-int(hits[at]), names[at]) for at in np.flatnonzero(hits).tolist())
        listed = found[:MOST_FEATURES]
        return PersonFeatures([name for _, name in listed], [-n for n, _ in listed], len(found))

    def time_ms(self, column: str, days: list[int]) -> int | None:
        """The `last_seen` or `last_login` of the last of some days, in milliseconds UTC."""
        if not days:
            return None
        day = date.fromordinal(days[-1])
        ((_, times),) = self._days(BlockKind.TIME, Window(day, day))
        start_ms = self._history.snapshot.data.calendar.start_ms(day)
        return int(times[column][self.person]) + start_ms - 1

    def _days(self, kind: BlockKind, window: Window) -> Iterator[tuple[date, Arrays]]:
        """The days on which there is anything of the person, who counts on them."""
        snapshot, mask = self._history.snapshot, self._history.mask
        for day, arrays in snapshot.arrays(kind, window).items():
            length = len(_any_of(arrays))
            if self.person < length and (mask is None or mask[snapshot.row(day), self.person]):
                yield day, arrays


def _any_of(arrays: Arrays) -> NDArray[Any]:
    return next(iter(arrays.values()))
