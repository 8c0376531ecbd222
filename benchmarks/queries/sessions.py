"""Sessions from raw events, by window functions (definitions §3).

A gap of more than 15 minutes splits; a session over midnight counts on its first day, each gap on
the day of its later activity; single are sessions with one activity on their start day.
"""

from typing import Final

from benchmarks.company.size import DAY_MS, FIRST_MS
from benchmarks.queries.windows import Days
from shared.metrics.domain.sessions import DEFAULT_TIMEOUT_MS

_FAR_MS: Final = 1 << 62


def gaps(days: Days) -> str:
    """A row an activity of the days (and of the day before, which may hold open sessions): whether
    it starts a session, whether it is the last of one on its day, and the gap before it if inside.
    """
    return (
        f"select day, person, is_hit, time_ms, before > {DEFAULT_TIMEOUT_MS} as starts, "
        f"next_ms - time_ms > {DEFAULT_TIMEOUT_MS} "
        f"or next_ms >= {FIRST_MS} + (day + 1)::bigint * {DAY_MS} as ends, "
        f"case when before <= {DEFAULT_TIMEOUT_MS} then before else 0 end as gap_ms "
        "from (select day, person, time_ms, action <> 'login' as is_hit, "
        f"time_ms - lag(time_ms, 1, {-_FAR_MS}) over people as before, "
        f"lead(time_ms, 1, {_FAR_MS}) over people as next_ms "
        f"from events where {Days(days.first - 1, days.last)} "
        "window people as (partition by person order by time_ms)) as neighbours"
    )
