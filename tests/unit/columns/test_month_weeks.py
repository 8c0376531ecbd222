"""The weeks of a month: sets of people that stand for the days in them."""

from datetime import date

import numpy as np

from shared.metrics.columns.blocks import Arrays
from shared.metrics.columns.month_weeks import gather_weeks, week_of


def who(*used: tuple[int, set[int]], present: set[int], people: int = 9) -> Arrays:
    """The arrays of a day: features with the people who used them, and who was present."""
    table = np.zeros((len(used), people), bool)
    for row, (_, members) in enumerate(used):
        table[row, list(members)] = True
    there = np.zeros(people, bool)
    there[list(present)] = True
    features = np.array([feature for feature, _ in used], np.int64)
    return {"feature": features, "people": table, "present": there}


def members(bits: np.ndarray) -> set[int]:
    return set(np.flatnonzero(np.unpackbits(bits)).tolist())


def test_weeks_begin_on_the_first_eighth_and_so_on() -> None:
    assert [week_of(day) for day in (1, 7, 8, 14, 15, 28, 29, 31)] == [0, 0, 1, 1, 2, 3, 4, 4]


def test_a_week_has_who_was_there_on_any_of_its_days() -> None:
    gathered = gather_weeks(
        {
            date(2026, 3, 2): who((4, {0, 8}), present={0, 8, 3}),
            date(2026, 3, 7): who((2, {1}), (4, {1}), present={1}, people=2),
            date(2026, 3, 30): who((9, {5}), present={5}),
        }
    )
    assert gathered["week"].tolist() == [0, 4]
    assert gathered["feature"].tolist() == [2, 4, 9]
    assert [members(bits) for bits in gathered["people"][0]] == [{1}, {0, 1, 8}, set()]
    assert [members(bits) for bits in gathered["people"][1]] == [set(), set(), {5}]
    assert [members(bits) for bits in gathered["present"]] == [{0, 1, 3, 8}, {5}]


def test_days_on_which_nobody_used_anything_are_gathered_too() -> None:
    gathered = gather_weeks(
        {date(2026, 3, 2): who(present={3}), date(2026, 3, 9): who(present=set())}
    )
    assert gathered["people"].shape == (2, 0, 2)
    assert [members(bits) for bits in gathered["present"]] == [{3}, set()]
