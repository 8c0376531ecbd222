"""Which days a request is about (definitions §1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import LocalCalendar, Window, preset_window
from shared.metrics.engine.requests import Request

DEFAULT_DAYS: Final = 30
MAX_DAYS: Final = 5 * 366


@dataclass(frozen=True, slots=True)
class Asked:
    """The window asked for. `today` is the tenant's local day at the time of asking."""

    window: Window
    today: date

    @property
    def is_partial(self) -> bool:
        """Whether the window has today in it, which is not over."""
        return self.today in self.window


def asked_window(
    calendar: LocalCalendar, as_of_ms: int, request: Request[Any], first_weekday: int
) -> Asked:
    """The window of a request; BadInputError if it is not one that can be answered."""
    today = calendar.day_of(as_of_ms)
    yesterday = calendar.previous_day(today)
    window = request.window
    if request.preset is not None:
        if window is not None:
            message = "both a range and a preset are given; give one of them"
            raise BadInputError(message, field="preset")
        last = today if request.include_today else yesterday
        return Asked(preset_window(request.preset, last, first_weekday), today)
    if window is None:
        first = yesterday - timedelta(days=DEFAULT_DAYS - 1)
        return Asked(Window(first, today if request.include_today else yesterday), today)
    if window.last > today:
        message = f"range.to {window.last} is in the future; the last day there is, is {today}"
        raise BadInputError(message, field="range.to")
    if window.length > MAX_DAYS:
        message = f"the range has {window.length:,} days; at most {MAX_DAYS:,} can be asked for"
        raise BadInputError(message, field="range")
    if request.include_today and window.last >= yesterday:
        return Asked(Window(window.first, today), today)
    return Asked(window, today)
