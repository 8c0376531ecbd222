"""Chance that does not depend on what was drawn before: a number for each question and its keys.

Whether someone is on leave in a week can so be asked for any week, in any order, and is always the
same: on every Python version, and when days are added to an earlier demo.
"""

from enum import IntEnum
from typing import Final

_SEED: Final = 0x5A796C6B6572
_MASK: Final = (1 << 64) - 1
_MULTIPLIER: Final = 0xD6E8FEB86659FD93
"""Odd, with its bits well spread: multiplying carries low bits upwards, shifting high ones down."""

_MANTISSA_BITS: Final = 53


class Question(IntEnum):
    """What a number is drawn for; each question has numbers of its own."""

    PRESENCE = 1
    ON_LEAVE = 2
    AT_WORK = 3
    INTENSITY = 4
    ADDS_RECORDS = 5
    HOW_MANY = 6
    LEAD_ENDS = 7
    TEMPO = 8
    HABITS = 9
    FAVOURITE = 10
    LANGUAGE = 11
    DATE = 12
    HISTORY = 13
    OUTCOME = 14
    BUSINESS = 15


def chance(question: Question, *keys: int) -> float:
    """A number in [0, 1), the same for the same question and keys."""
    state = _SEED
    for key in (question, *keys):
        state = (state ^ key) * _MULTIPLIER & _MASK
        state = (state ^ state >> 32) * _MULTIPLIER & _MASK
        state ^= state >> 29
    return (state >> (64 - _MANTISSA_BITS)) / (1 << _MANTISSA_BITS)


def one_of(count: int, question: Question, *keys: int) -> int:
    """A whole number from 0 to count - 1."""
    return int(chance(question, *keys) * count)
