"""A source is missed on days on which it has always sent, and never for a holiday alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.rhythms import GIVEN_UP_AFTER_DAYS, WEEKS_SEEN, silent_days

MONDAY = date(2026, 11, 23)
"""When the silences of these tests begin."""

DAYS = [MONDAY + timedelta(days=number) for number in range(60)]


def before(weeks: int = WEEKS_SEEN, *, weekend: bool = False) -> set[date]:
    """The days up to Friday or Sunday before that Monday on which something was sent."""
    days = [MONDAY - timedelta(days=ago) for ago in range(1, 7 * weeks + 1)]
    return {day for day in days if weekend or day.weekday() < 5}


def found(sent: set[date], days: list[date], *, witness: bool = False) -> list[int]:
    """How many days after that Monday the days are on which the source is missed."""
    missed = silent_days(days, sent, lambda day: day not in sent, lambda _day: witness)
    return [(day - MONDAY).days for day in missed]


def test_weekdays_are_missed_and_weekends_are_not() -> None:
    assert found(before(), DAYS[:14]) == [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]
    assert found(before(weekend=True), DAYS[:14]) == list(range(14))


@pytest.mark.parametrize(("days", "alone"), [(1, []), (2, []), (3, [0, 1, 2])])
def test_one_or_two_days_alone_may_be_holidays_unless_others_sent(
    days: int, alone: list[int]
) -> None:
    sent = before() | set(DAYS[days:])
    assert found(sent, DAYS[:14]) == alone
    assert found(sent, DAYS[:14], witness=True) == list(range(days))


def test_a_rhythm_has_to_be_seen_for_long_enough() -> None:
    assert found(before(WEEKS_SEEN - 1), DAYS[:7], witness=True) == []
    lapse = before() - {MONDAY - timedelta(days=14)}
    assert found(lapse, DAYS[:5], witness=True) == [1, 2, 3, 4]


def test_who_is_silent_for_long_is_no_longer_missed() -> None:
    assert found(before(weekend=True), DAYS)[-1] == GIVEN_UP_AFTER_DAYS - 1


def test_a_day_that_was_told_of_later_is_not_missed() -> None:
    sent = before()
    missed = silent_days(DAYS[:5], sent, lambda day: day != DAYS[2], lambda _day: True)
    assert missed == [DAYS[0], DAYS[1], DAYS[3], DAYS[4]]


@given(st.sets(st.integers(-120, 40)), st.booleans())
def test_only_days_without_anything_of_which_eight_before_had_something_are_missed(
    numbers: set[int],
    witness: bool,  # noqa: FBT001
) -> None:
    sent = {MONDAY + timedelta(days=number) for number in numbers}
    for number in found(sent, DAYS[:40], witness=witness):
        day = MONDAY + timedelta(days=number)
        assert day not in sent
        earlier = [day - timedelta(days=7 * week) for week in range(1, WEEKS_SEEN + 6)]
        assert sum(each in sent for each in earlier) >= WEEKS_SEEN
