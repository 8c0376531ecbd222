"""On which days a source should send something."""

from datetime import date, timedelta

import pytest

from shared.metrics.domain.expectations import Expectation, ExpectedSource

MONDAY = date(2026, 3, 9)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (Expectation.AUTO, [False] * 7),
        (Expectation.NONE, [False] * 7),
        (Expectation.WEEKDAYS, [True] * 5 + [False] * 2),
        (Expectation.DAILY, [True] * 7),
    ],
)
def test_days_of_a_week(days: Expectation, expected: list[bool]) -> None:
    source = ExpectedSource(days, MONDAY)
    assert [source.covers(day) for day in WEEK] == expected


def test_none_before_the_first() -> None:
    source = ExpectedSource(Expectation.DAILY, MONDAY + timedelta(days=2))
    assert [source.covers(day) for day in WEEK] == [False] * 2 + [True] * 5
