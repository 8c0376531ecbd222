"""Business hours in the local time of the business, across clock changes and holidays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.calendar_changes import Weekday
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import LocalCalendar, Window

Hours = tuple[time, time]
"""Opens and closes on one local day; a closing time of midnight is the end of the day."""

IsWorkingDays = Callable[[Window], NDArray[np.bool_]]
"""For each day of a window whether it is a working day."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When the business is open on working days, by weekday; on others it is closed."""

    of_weekday: Mapping[Weekday, tuple[Hours, ...]]

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin, or overlap."""
        for weekday, spans in self.of_weekday.items():
            opened = time()
            for number, (opens, closes) in enumerate(spans):
                is_last = closes == time() and number == len(spans) - 1
                if opens < opened or not (opens < closes or is_last):
                    message = (
                        f"{weekday.name}: hours follow each other, and close after they open;"
                        f" not {opens:%H:%M} to {closes:%H:%M}"
                    )
                    raise BadInputError(message, field="hours")
                opened = closes

    @staticmethod
    def daily(opens: time, closes: time) -> "OpeningHours":
        """The same hours on every working day."""
        return OpeningHours(dict.fromkeys(Weekday, ((opens, closes),)))


class BusinessCalendar:
    """Open hours of a business in one time zone."""

    def __init__(
        self, calendar: LocalCalendar, hours: OpeningHours, working_days: IsWorkingDays
    ) -> None:
        """`working_days` is asked for the days of a question, which may be long ago or to come."""
        self.local = calendar
        self._hours = hours
        self._working_days = working_days

    def open_ms(self, start_ms: NDArray[np.int64], end_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """The open milliseconds between instants; negative where the end comes first."""
        if not len(start_ms):
            return np.zeros(0, np.int64)
        first = self.local.day_of(int(min(start_ms.min(), end_ms.min())))
        last = self.local.day_of(int(max(start_ms.max(), end_ms.max())))
        opens, closes = self._open_spans(Window(first, last))
        before = np.concatenate(([0], np.cumsum(closes - opens)))

        def open_until(instants_ms: NDArray[np.int64]) -> NDArray[np.int64]:
            """The open milliseconds from the first day until each instant."""
            span = np.searchsorted(opens, instants_ms, side="right")
            within = np.zeros(len(instants_ms), np.int64)
            begun = span > 0
            at = span[begun] - 1
            within[begun] = np.minimum(instants_ms[begun], closes[at]) - closes[at]
            total: NDArray[np.int64] = before[span] + within
            return total

        return open_until(end_ms) - open_until(start_ms)

    def _open_spans(self, window: Window) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """When the business opens and closes, ascending, as instants."""
        opens, closes = [], []
        for day, works in zip(window.days(), self._working_days(window).tolist(), strict=True):
            spans = self._hours.of_weekday.get(Weekday(day.weekday()), ()) if works else ()
            for start, end in spans:
                opens.append(self.local.instant_ms(datetime.combine(day, start)))
                closes.append(self._closing_ms(day, end))
        return np.array(opens, np.int64), np.array(closes, np.int64)

    def _closing_ms(self, day: date, end: time) -> int:
        if end == time():
            return self.local.bounds(day).end_ms
        return self.local.instant_ms(datetime.combine(day, end))
