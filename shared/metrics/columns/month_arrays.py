"""The arrays by person of many days as days × people: one block instead of one a day."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np

from shared.metrics.columns.blocks import Arrays, BlockKind

MONTH_KIND_OF: Final = {BlockKind.CORE: BlockKind.MONTH_CORE, BlockKind.TIME: BlockKind.MONTH_TIME}
"""The kinds that are gathered: every array of theirs has one entry a person."""

_DAY: Final = "day"


def gather(days: Mapping[date, Arrays]) -> Arrays:
    """One array of days × people for every column of the days, and the days of the month."""
    ordered = sorted(days)
    columns = days[ordered[0]]
    people = max(len(array) for day in ordered for array in days[day].values())
    gathered: Arrays = {_DAY: np.array([day.day for day in ordered], np.int64)}
    for name, column in columns.items():
        is_flag = column.dtype == np.bool_
        table = np.zeros((len(ordered), people), bool if is_flag else np.int64)
        for row, day in enumerate(ordered):
            values = days[day][name]
            table[row, : len(values)] = values
        gathered[name] = table
    return gathered


def days_in(gathered: Arrays) -> list[int]:
    """The day of the month of each row."""
    days: list[int] = gathered[_DAY].tolist()
    return days
