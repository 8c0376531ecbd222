from statistics import correlation, mean, pstdev

import pytest

from devstack.demo.chance import Question, chance, one_of


def test_it_is_the_same_on_every_python_and_for_ever() -> None:
    assert chance(Question.PRESENCE, 1) == 0.30830000754302045
    assert chance(Question.AT_WORK, 300, 739_941) == 0.5199556549575025


def test_it_is_spread_evenly() -> None:
    numbers = [
        chance(Question.AT_WORK, person, 739_000 + day)
        for person in range(100)
        for day in range(100)
    ]
    assert all(0 <= number < 1 for number in numbers)
    assert mean(numbers) == pytest.approx(1 / 2, abs=0.01)
    assert pstdev(numbers) == pytest.approx((1 / 12) ** 0.5, abs=0.01)
    for low in range(10):
        assert sum(low <= 10 * number < low + 1 for number in numbers) == pytest.approx(
            1_000, abs=120
        )


def test_neighbours_and_questions_have_nothing_to_do_with_each_other() -> None:
    today = [chance(Question.AT_WORK, person, 739_941) for person in range(1_000)]
    tomorrow = [chance(Question.AT_WORK, person, 739_942) for person in range(1_000)]
    next_door = [chance(Question.AT_WORK, person + 1, 739_941) for person in range(1_000)]
    other = [chance(Question.ADDS_RECORDS, person, 739_941) for person in range(1_000)]
    for numbers in (tomorrow, next_door, other):
        assert correlation(today, numbers) == pytest.approx(0, abs=0.1)


def test_one_of_gives_each_number() -> None:
    assert {one_of(4, Question.FAVOURITE, person) for person in range(100)} == {0, 1, 2, 3}
