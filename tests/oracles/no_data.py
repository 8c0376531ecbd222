"""Days without data (definitions §6), from a history."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection
from tests.oracles import local_days, windows
from tests.oracles.history import History, is_hit


def is_missing(
    history: History, day: date, now_ms: int, selection: FeatureSelection = EVERYTHING
) -> bool:
    """Whether a day is without data for a selection."""
    if selection == EVERYTHING:
        return bool(silent_sources(history, day, now_ms))
    return misses_any(history, day, now_ms, selection.covers_feature)


def misses_any(history: History, day: date, now_ms: int, is_about: Callable[[str], bool]) -> bool:
    """Whether a silent source feeds any of some features."""
    for source in silent_sources(history, day, now_ms):
        features = fed(history, source, day)
        if features is None or any(is_about(feature) for feature in features):
            return True
    return False


def silent_sources(history: History, day: date, now_ms: int) -> list[str]:
    """The sources that should have sent something on a day that is over, and did not."""
    if (day, now_ms) not in history.silent:
        history.silent[day, now_ms] = _silent_sources(history, day, now_ms)
    return history.silent[day, now_ms]


def _silent_sources(history: History, day: date, now_ms: int) -> list[str]:
    if not history.expectations:
        return []
    start_ms, end_ms = local_days.day_bounds_ms(history.zone, day)
    if end_ms > now_ms or start_ms == end_ms:
        return []
    silent = []
    for source, expected in history.expectations.items():
        is_working = day.isoweekday() <= 5
        is_expected = {"NONE": False, "WEEKDAYS": is_working, "DAILY": True}[expected.days.value]
        sent = [
            event
            for event in history.usage
            if event.source == source and history.day_of(event.occurred_at_ms) == day
        ]
        if is_expected and day >= expected.since and not sent:
            silent.append(source)
    return silent


def fed(history: History, source: str, day: date) -> set[str] | None:
    """What a source had hits of on the 60 days before; None if it sent nothing."""
    recent = [
        event
        for event in history.usage
        if event.source == source
        and timedelta(0) < day - history.day_of(event.occurred_at_ms) <= timedelta(days=60)
    ]
    return {event.feature for event in recent if is_hit(event)} if recent else None


def any_missing(
    history: History,
    days: Iterable[date],
    now_ms: int,
    selection: FeatureSelection = EVERYTHING,
) -> bool:
    """Whether any of some days is without data."""
    return any(is_missing(history, day, now_ms, selection) for day in days)


def covered(
    history: History, window: Window, now_ms: int, selection: FeatureSelection = EVERYTHING
) -> list[date]:
    """The days of a window that have data."""
    every = windows.days(window)
    return [day for day in every if not is_missing(history, day, now_ms, selection)]
