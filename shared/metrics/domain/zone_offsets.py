"""What hour of the week it is in a time zone, by quarter-hours UTC since 1970."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.rollups import QUARTER_MS

HOURS_OF_WEEK: Final = 168
_HOUR_MS: Final = 3_600_000
_FIRST_MONDAY_HOURS: Final = 96
"""1970 began on a Thursday."""
_MILLISECOND: Final = timedelta(milliseconds=1)


def hours_of_week(
    zone: ZoneInfo, first_quarter: int, quarters: int, first_weekday: int
) -> NDArray[np.int64]:
    """The hour of the week in a zone of each of the quarter-hours of a day or two; 0 is the first
    hour of `first_weekday` (Monday is 0).

    The clock is read in the middle of each quarter: since 1972 all zones are whole quarters from
    UTC, but some have changed their clocks a minute after midnight.
    """
    middle_ms = (first_quarter + np.arange(quarters)) * QUARTER_MS + QUARTER_MS // 2
    ends = [_offset_ms(zone, int(middle_ms[at])) for at in (0, -1)]
    # No clock was ever changed twice within a day.
    offset_ms = np.full(quarters, ends[0], np.int64)
    if ends[0] != ends[1]:
        offset_ms[:] = [_offset_ms(zone, at_ms) for at_ms in middle_ms.tolist()]
    hours = (middle_ms + offset_ms) // _HOUR_MS - _FIRST_MONDAY_HOURS - 24 * first_weekday
    return hours % HOURS_OF_WEEK


def _offset_ms(zone: ZoneInfo, at_ms: int) -> int:
    offset = from_milliseconds(at_ms).astimezone(zone).utcoffset() or timedelta()
    return offset // _MILLISECOND
