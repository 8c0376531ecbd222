"""Local days, weeks and windows in a tenant's time zone (definitions §1).

A day is `[start_ms, end_ms)`: it starts at the first instant whose wall clock has reached its
midnight, by the rules of the zone. Days of 23, 24.5 and 25 hours, a midnight that does not exist
and a day that was skipped (an empty one) need no special case anywhere else.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache, partial
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.metrics.domain.errors import BadInputError

ONE_DAY: Final = timedelta(days=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_FAR: Final = 1 << 62


class DayBounds(NamedTuple):
    """The half-open span of a local day, in milliseconds UTC."""

    start_ms: int
    end_ms: int


class LocalCalendar:
    """The local days of one time zone. Bounds are computed once and remembered."""

    def __init__(self, zone_name: str) -> None:
        """Take an IANA name; raise BadInputError when there is no such zone."""
        self.zone_name = zone_name
        self._zone = time_zone(zone_name)
        self._starts: dict[date, int] = {}
        self._known: list[tuple[int, int, date]] = []

    def start_ms(self, day: date) -> int:
        """The instant at which `day` begins."""
        known = self._starts.get(day)
        if known is None:
            known = self._starts[day] = self.instant_ms(datetime.combine(day, time()))
        return known

    def bounds(self, day: date) -> DayBounds:
        """Start and end of `day`; equal when the zone skipped it."""
        return DayBounds(self.start_ms(day), self.start_ms(day + ONE_DAY))

    def instant_ms(self, wall_clock: datetime) -> int:
        """The first instant at which the local wall clock reads `wall_clock` or has passed it."""
        before = self._utc(wall_clock.replace(fold=0))
        if before.astimezone(self._zone).replace(tzinfo=None) == wall_clock:
            return _milliseconds(before)
        after = self._utc(wall_clock.replace(fold=1))
        return _milliseconds(self._transition_between(min(before, after), max(before, after)))

    def day_of(self, instant_ms: int) -> date:
        """The local day that holds an instant."""
        at = bisect_right(self._known, (instant_ms, _FAR, date.max)) - 1
        if at >= 0:
            start, end, day = self._known[at]
            if start <= instant_ms < end:
                return day
        return self._find_day(instant_ms)

    def next_day(self, day: date) -> date:
        """The next day that has any length."""
        return self._neighbour(day, ONE_DAY)

    def previous_day(self, day: date) -> date:
        """The latest earlier day that has any length."""
        return self._neighbour(day, -ONE_DAY)

    def wall_clock(self, instant_ms: int) -> datetime:
        """The local date and time of an instant, without zone."""
        return self.aware(instant_ms).replace(tzinfo=None)

    def aware(self, instant_ms: int) -> datetime:
        """The instant as a datetime in the zone."""
        return from_milliseconds(instant_ms).astimezone(self._zone)

    def _neighbour(self, day: date, step: timedelta) -> date:
        day += step
        while self.start_ms(day) == self.start_ms(day + ONE_DAY):
            day += step
        return day

    def _find_day(self, instant_ms: int) -> date:
        # The wall clock may already or still show a neighbour of the day, where clocks go back
        # over midnight (St John's until 2011: 00:01 -> 23:01); the bounds decide.
        day = self.wall_clock(instant_ms).date() - ONE_DAY
        while self.start_ms(day + ONE_DAY) <= instant_ms:
            day += ONE_DAY
        entry = (*self.bounds(day), day)
        self._known.insert(bisect_right(self._known, entry), entry)
        return day

    def _utc(self, wall_clock: datetime) -> datetime:
        return wall_clock.replace(tzinfo=self._zone).astimezone(UTC)

    def _transition_between(self, low: datetime, high: datetime) -> datetime:
        """The instant in (low, high] at which the offset has become that of `high`."""
        target = high.astimezone(self._zone).utcoffset()
        while high - low > _MILLISECOND:
            middle = low + (high - low) // 2
            if middle.astimezone(self._zone).utcoffset() == target:
                high = middle
            else:
                low = middle
        return high


@lru_cache(maxsize=1_024)
def local_calendar(zone_name: str) -> LocalCalendar:
    """The calendar of a zone, one for the process: its days are the same for everyone."""
    return LocalCalendar(zone_name)


def time_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; BadInputError says what a right one looks like."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"unknown time zone {name!r}; give an IANA name such as Europe/Berlin or UTC"
        raise BadInputError(message, field="timeZone") from None


def from_milliseconds(instant_ms: int) -> datetime:
    """Milliseconds since 1970 as an aware datetime in UTC."""
    return _EPOCH + timedelta(milliseconds=instant_ms)


def _milliseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MILLISECOND


@dataclass(frozen=True, slots=True)
class Window:
    """A range of local days, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a reversed window."""
        if self.last < self.first:
            message = f"the range is reversed: from {self.first} is after to {self.last}"
            raise BadInputError(message, field="range")

    @property
    def length(self) -> int:
        """Number of calendar days."""
        return (self.last - self.first).days + 1

    def days(self) -> list[date]:
        """Every calendar day, in order."""
        return list(map(date.fromordinal, range(self.first.toordinal(), self.last.toordinal() + 1)))

    def previous(self) -> "Window":
        """The window of the same length directly before."""
        return Window(self.first - timedelta(days=self.length), self.first - ONE_DAY)

    def __contains__(self, day: object) -> bool:
        """Whether a day lies in the window."""
        return isinstance(day, date) and self.first <= day <= self.last


class Comparison(Enum):
    """What a window is compared with."""

    PREVIOUS_PERIOD = "PREVIOUS_PERIOD"
    CALENDAR_MONTH = "CALENDAR_MONTH"


def compared_windows(
    window: Window, comparison: Comparison, *, is_partial: bool = False
) -> tuple[Window, Window]:
    """The window to answer for and the one to compare it with.

    `CALENDAR_MONTH` turns the window into the month that contains its last day, up to that day,
    against the whole previous month if the month is complete, else against its same days. A
    partial window's last day is not over, so its month is not complete.
    """
    if comparison is Comparison.PREVIOUS_PERIOD:
        return window, window.previous()
    first = window.last.replace(day=1)
    previous_last = first - ONE_DAY
    previous_first = previous_last.replace(day=1)
    if is_partial or not is_month_end(window.last):
        same_day = min(window.last.day, previous_last.day)
        previous_last = previous_first.replace(day=same_day)
    return Window(first, window.last), Window(previous_first, previous_last)


def is_month_end(day: date) -> bool:
    """Whether the next day is in another month."""
    return (day + ONE_DAY).month != day.month


def week_start(day: date, first_weekday: int = 0) -> date:
    """The first day of the week that holds `day`; Monday is weekday 0."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def month_start(day: date) -> date:
    """The first day of the month that holds `day`."""
    return day.replace(day=1)


class Preset(Enum):
    """A range by name. All end with the last day of a default window: the last complete day, or
    today if it is included; `THIS_` is the week, month, quarter or year of that day, to date.
    """

    LAST_7_DAYS = "LAST_7_DAYS"
    LAST_14_DAYS = "LAST_14_DAYS"
    LAST_30_DAYS = "LAST_30_DAYS"
    LAST_60_DAYS = "LAST_60_DAYS"
    LAST_90_DAYS = "LAST_90_DAYS"
    LAST_365_DAYS = "LAST_365_DAYS"
    THIS_WEEK = "THIS_WEEK"
    LAST_WEEK = "LAST_WEEK"
    THIS_MONTH = "THIS_MONTH"
    LAST_MONTH = "LAST_MONTH"
    THIS_QUARTER = "THIS_QUARTER"
    LAST_QUARTER = "LAST_QUARTER"
    THIS_YEAR = "THIS_YEAR"
    LAST_YEAR = "LAST_YEAR"


_DAYS_OF_PRESET: Final = {
    Preset.LAST_7_DAYS: 7,
    Preset.LAST_14_DAYS: 14,
    Preset.LAST_30_DAYS: 30,
    Preset.LAST_60_DAYS: 60,
    Preset.LAST_90_DAYS: 90,
    Preset.LAST_365_DAYS: 365,
}


def quarter_start(day: date) -> date:
    """The first day of the quarter that holds `day`."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def year_start(day: date) -> date:
    """The first day of the year that holds `day`."""
    return day.replace(month=1, day=1)


_START_OF: Final = {
    "WEEK": week_start,
    "MONTH": lambda day, first_weekday: month_start(day),  # noqa: ARG005 - as for weeks
    "QUARTER": lambda day, first_weekday: quarter_start(day),  # noqa: ARG005
    "YEAR": lambda day, first_weekday: year_start(day),  # noqa: ARG005
}


def preset_window(preset: Preset, last: date, first_weekday: int) -> Window:
    """The range that a preset names, when `last` is the last day to look at."""
    if days := _DAYS_OF_PRESET.get(preset):
        return Window(last - timedelta(days=days - 1), last)
    which, _, period = preset.value.partition("_")
    start_of = partial(_START_OF[period], first_weekday=first_weekday)
    first = start_of(last)
    if which == "THIS":
        return Window(first, last)
    return Window(start_of(first - ONE_DAY), first - ONE_DAY)
