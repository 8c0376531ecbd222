"""Which days an answer is about, and which it is compared with (definitions §1)."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from shared.metrics.domain.periods import Comparison, Window
from tests.oracles import local_days

ONE_DAY = timedelta(days=1)


def asked(
    window: Window | None, zone: str, now_ms: int, *, include_today: bool
) -> tuple[Window, bool]:
    """The window asked for, and whether today, which is not over, is in it."""
    today = local_days.day_of(zone, now_ms)
    last_day = local_days.last_complete_day(zone, now_ms)
    if window is None:
        window = Window(last_day - 29 * ONE_DAY, last_day)
    if include_today and window.last >= last_day:
        window = Window(window.first, today)
    return window, window.last == today


def compared(window: Window, comparison: Comparison, *, is_partial: bool) -> tuple[Window, Window]:
    """The window to answer for, and the one to compare it with."""
    if comparison is Comparison.PREVIOUS_PERIOD:
        length = days(window)
        return window, Window(window.first - len(length) * ONE_DAY, window.first - ONE_DAY)
    year, month, day = window.last.year, window.last.month, window.last.day
    month_before = (year, month - 1) if month > 1 else (year - 1, 12)
    is_complete = day == monthrange(year, month)[1] and not is_partial
    days_before = monthrange(*month_before)[1]
    last_before = days_before if is_complete else min(day, days_before)
    return (
        Window(date(year, month, 1), window.last),
        Window(date(*month_before, 1), date(*month_before, last_before)),
    )


def same_hours_end_ms(zone: str, day: date, now_ms: int) -> int:
    """The instant at which a day has come as far as today has now."""
    now = local_days.wall_clock(zone, now_ms).time()
    return local_days.first_reading_ms(zone, datetime.combine(day, now))


def days(window: Window) -> list[date]:
    """Every day of a window."""
    found = [window.first]
    while found[-1] < window.last:
        found.append(found[-1] + ONE_DAY)
    return found


def week_start(day: date, first_weekday: int) -> date:
    """The day on which the week of a day begins."""
    while day.weekday() != first_weekday:
        day -= ONE_DAY
    return day
