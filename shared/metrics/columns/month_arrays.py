"""The arrays by person of many days as days × people: one block instead of one a day."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np

from shared.metrics.columns.blocks import Arrays, BlockKind

_TIME_COLUMNS: Final = (
    *("last_seen", "last_login", "sessions", "single_event_sessions", "session_ms", "carried"),
)
MONTH_COLUMNS: Final[dict[BlockKind, tuple[BlockKind, tuple[str, ...]]]] = {
    BlockKind.MONTH_CORE: (BlockKind.CORE, ("hits",)),
    BlockKind.MONTH_LOGINS: (BlockKind.CORE, ("logins",)),
    BlockKind.MONTH_PRESENT: (BlockKind.CORE, ("present",)),
    BlockKind.MONTH_TIME: (BlockKind.TIME, _TIME_COLUMNS),
}
"""What is gathered together: the kind of the days' blocks, and which of its columns. What is asked
for alone is alone.
"""

MONTH_KIND_OF: Final = {
    (kind, column): month_kind
    for month_kind, (kind, columns) in MONTH_COLUMNS.items()
    for column in columns
}
"""Where a column of a kind is gathered."""

_DAY: Final = "day"


def gather(days: Mapping[date, Arrays], columns: tuple[str, ...]) -> Arrays:
    """One array of days × people for each of some columns of the days, and the days of the
    month.
    """
    ordered = sorted(days)
    people = max(len(days[day][name]) for day in ordered for name in columns)
    gathered: Arrays = {_DAY: np.array([day.day for day in ordered], np.int64)}
    for name in columns:
        is_flag = days[ordered[0]][name].dtype == np.bool_
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
