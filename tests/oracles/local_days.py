"""Local days (definitions §1), by reading a zone's wall clock minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def day_start_ms(zone: str, day: date) -> int:
    """The first instant at which the wall clock has reached the midnight that begins a day."""
    return first_reading_ms(zone, datetime.combine(day, time()))


@cache
def first_reading_ms(zone: str, wall_clock: datetime) -> int:
    """The first instant at which the wall clock reads this or has passed it. Clocks are only ever
    changed on a whole minute, so between two minutes the wall clock runs evenly.
    """
    rules = ZoneInfo(zone)
    now = datetime.combine(wall_clock.date(), time(), UTC) - 2 * ONE_DAY
    while True:
        reading = now.astimezone(rules).replace(tzinfo=None)
        if reading >= wall_clock:
            return milliseconds(now)
        if wall_clock - reading < MINUTE:
            return milliseconds(now + (wall_clock - reading))
        now += MINUTE


def day_bounds_ms(zone: str, day: date) -> tuple[int, int]:
    """Start and end of a day, the end left out."""
    return day_start_ms(zone, day), day_start_ms(zone, day + ONE_DAY)


def has_length(zone: str, day: date) -> bool:
    """Whether a day exists: some zone skipped it otherwise."""
    start, end = day_bounds_ms(zone, day)
    return start < end


def day_of(zone: str, instant_ms: int) -> date:
    """The day that holds an instant."""
    day = wall_clock(zone, instant_ms).date() - 2 * ONE_DAY
    while True:
        start, end = day_bounds_ms(zone, day)
        if start <= instant_ms < end:
            return day
        day += ONE_DAY


def last_complete_day(zone: str, now_ms: int) -> date:
    """D of the definitions: the last day that is over."""
    day = day_of(zone, now_ms) - ONE_DAY
    while not has_length(zone, day):
        day -= ONE_DAY
    return day


def wall_clock(zone: str, instant_ms: int) -> datetime:
    """What a clock on the wall shows."""
    instant = _EPOCH + timedelta(milliseconds=instant_ms)
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)
