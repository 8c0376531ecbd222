"""The periods of a question about KPIs, as spans of time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from shared.metrics.domain.kpis.spans import Span
from shared.metrics.domain.periods import ONE_DAY, LocalCalendar, Window
from shared.metrics.domain.views.measures import buckets
from shared.metrics.domain.views.points import cut_off_points


@dataclass(frozen=True, slots=True)
class Periods:
    """The range of a question, the one it is compared with, and the points of a series, of which
    `dates` are the first days.
    """

    window: Window
    compared: Window
    current_span: Span
    compared_span: Span
    points: tuple[Span, ...] = ()
    dates: tuple[date, ...] = ()
    is_partial: tuple[bool, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans of all of them, in that order."""
        return (self.current_span, self.compared_span, *self.points)


def periods_of(
    calendar: LocalCalendar,
    window: Window,
    compared: Window,
    start_of: Callable[[date], date] | None = None,
    *,
    is_partial: bool = False,
) -> Periods:
    """A window beside an earlier one. `start_of` gives the first day of the interval that holds a
    day; the last day of a partial window is not over.
    """
    current, earlier = _span(calendar, window), _span(calendar, compared)
    if start_of is None:
        return Periods(window, compared, current, earlier)
    dates, rows = buckets(window, start_of)
    firsts = [window.first + timedelta(days=row) for row in (*rows, window.length)]
    edges = [calendar.start_ms(day) for day in firsts]
    points = tuple(Span(*pair) for pair in pairwise(edges))
    cut_off = cut_off_points(window, dates, start_of, is_partial=is_partial)
    return Periods(window, compared, current, earlier, points, tuple(dates), tuple(cut_off))


def _span(calendar: LocalCalendar, window: Window) -> Span:
    return Span(calendar.start_ms(window.first), calendar.start_ms(window.last + ONE_DAY))
