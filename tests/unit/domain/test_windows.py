"""Windows, what they are compared with, and calendar units."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import (
    Comparison,
    Window,
    compared_windows,
    is_month_end,
    month_start,
    week_start,
)
from tests.oracles import windows

days = st.dates(date(1999, 1, 1), date(2032, 12, 31))


@st.composite
def any_windows(draw: st.DrawFn) -> Window:
    last = draw(days)
    return Window(last - timedelta(days=draw(st.integers(0, 100))), last)


@given(any_windows(), st.sampled_from(Comparison), st.booleans())
def test_the_compared_window_follows_the_definition(
    window: Window,
    comparison: Comparison,
    is_partial: bool,  # noqa: FBT001 - drawn
) -> None:
    expected = windows.compared(window, comparison, is_partial=is_partial)
    assert compared_windows(window, comparison, is_partial=is_partial) == expected


@given(any_windows())
def test_a_window_holds_exactly_its_days(window: Window) -> None:
    assert window.days() == windows.days(window)
    assert window.length == len(window.days())
    assert window.first in window
    assert window.last in window
    assert window.first - timedelta(days=1) not in window
    assert window.last + timedelta(days=1) not in window


@given(any_windows())
def test_the_previous_window_ends_the_day_before_and_is_as_long(window: Window) -> None:
    assert window.previous().last + timedelta(days=1) == window.first
    assert window.previous().length == window.length


@given(days, st.integers(0, 6))
def test_a_week_starts_on_the_tenants_first_weekday(day: date, first_weekday: int) -> None:
    assert week_start(day, first_weekday) == windows.week_start(day, first_weekday)


@given(days)
def test_months_start_on_the_first_and_end_before_the_next(day: date) -> None:
    assert month_start(day) == date(day.year, day.month, 1)
    assert is_month_end(day) == (month_start(day + timedelta(days=1)) == day + timedelta(days=1))


@pytest.mark.parametrize(
    ("last", "is_partial", "compared_last"),
    [
        (date(2026, 3, 31), False, date(2026, 2, 28)),  # complete: the whole month before
        (date(2026, 3, 31), True, date(2026, 2, 28)),  # no 31st there
        (date(2026, 4, 30), True, date(2026, 3, 30)),  # not over: the same days
        (date(2026, 4, 30), False, date(2026, 3, 31)),
        (date(2024, 2, 29), False, date(2024, 1, 31)),
        (date(2023, 2, 28), False, date(2023, 1, 31)),
        (date(2024, 2, 28), False, date(2024, 1, 28)),  # a leap year's 28th is not the end
        (date(2026, 1, 15), False, date(2025, 12, 15)),
    ],
)
def test_a_calendar_month_is_compared_whole_or_by_the_same_days(
    last: date,
    is_partial: bool,  # noqa: FBT001 - a parameter
    compared_last: date,
) -> None:
    window, compared = compared_windows(
        Window(last - timedelta(days=3), last), Comparison.CALENDAR_MONTH, is_partial=is_partial
    )
    assert window == Window(last.replace(day=1), last)
    assert compared == Window(compared_last.replace(day=1), compared_last)


def test_a_reversed_window_is_refused_with_both_ends_named() -> None:
    with pytest.raises(BadInputError, match="2026-03-09 is after to 2026-03-08"):
        Window(date(2026, 3, 9), date(2026, 3, 8))


def test_only_days_are_in_a_window() -> None:
    assert "2026-03-09" not in Window(date(2026, 3, 1), date(2026, 3, 31))
