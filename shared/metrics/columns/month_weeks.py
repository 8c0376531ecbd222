"""Who used what in each week of a month, as sets of people: one set spares seven days.

The weeks of a month begin on its 1st, 8th, 15th, 22nd and 29th, whatever weekday that is. A set is
a row of bits, eight people a byte, by person number, most significant first.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays

_LENGTH: Final = 7

Sets = NDArray[np.uint8]


def week_of(day: int) -> int:
    """Which week a day of the month is in, from 0."""
    return (day - 1) // _LENGTH


def bits_of(flags: NDArray[np.bool_]) -> Sets:
    """Sets of people (the last axis) as bits."""
    return np.packbits(flags, axis=-1)


def gather_weeks(days: Mapping[date, Arrays]) -> Arrays:
    """The weeks of the days of a month: `week` (which there are), `feature` (numbers), `present`
    as weeks × bytes, and `people` as weeks × features × bytes. `days` has the arrays of kind WHO.
    """
    weeks = sorted({week_of(day.day) for day in days})
    features = np.unique(np.concatenate([who["feature"] for who in days.values()]))
    width = max(-(-who["people"].shape[1] // 8) for who in days.values())
    people = np.zeros((len(weeks), len(features), width), np.uint8)
    present = np.zeros((len(weeks), width), np.uint8)
    for day, who in days.items():
        week = weeks.index(week_of(day.day))
        sets = bits_of(who["people"])
        people[week, np.searchsorted(features, who["feature"]), : sets.shape[1]] |= sets
        present[week, : sets.shape[1]] |= bits_of(who["present"])
    return {
        "week": np.array(weeks, np.int64),
        "feature": features,
        "present": present,
        "people": people,
    }
