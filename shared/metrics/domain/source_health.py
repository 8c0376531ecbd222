"""How a source is doing, judged by its own past (docs/operations.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from statistics import median
from typing import Final

from shared.metrics.domain.arrivals import HOUR_MS, Arrivals

HISTORY_HOURS: Final = 42 * 24
"""How much of a source's past is looked at."""

KNOWN_AFTER_HOURS: Final = 14 * 24
"""Two weekends must have been seen before a silence can be told from a pause."""

USUAL_GAPS: Final = 3
"""The usual longest gap is the third longest: a weekend comes six times in the history, and an
outage or a holiday once."""

MARGIN: Final = 1.5
LEAST_SILENCE_HOURS: Final = 2
FAILING_SHARE: Final = 0.5
FAILING_ROWS: Final = 10
EXPIRING_HOURS: Final = 12
_WEEK_HOURS: Final = 7 * 24
_WEEKS_COMPARED: Final = 4


class SourceState(Enum):
    """How a source is doing; of several that apply, the first."""

    DISABLED = "DISABLED"
    NEVER = "NEVER"
    EXPIRED = "EXPIRED"
    FAILING = "FAILING"
    SILENT = "SILENT"
    EXPIRING = "EXPIRING"
    OK = "OK"


ALARMING: Final = frozenset(
    {SourceState.EXPIRED, SourceState.FAILING, SourceState.SILENT, SourceState.EXPIRING}
)
"""What somebody has to see to."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a source. `turned_away` are its rows of the last 24 hours that were, and
    `expires_ms` is when the channel it sends by ends, if it does.
    """

    arrivals: Arrivals | None
    turned_away: int = 0
    is_disabled: bool = False
    has_rhythm: bool = True
    expires_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source is doing. Rates are fractions, None where they cannot be known.

    `usual_rows_last_hour` is the median of the same hour of the four weeks before.
    `silent_after_hours` is the silence from which on it is SILENT, None while its own rhythm is not
    known.
    """

    state: SourceState
    last_ms: int | None
    rows_last_hour: int
    usual_rows_last_hour: float | None
    rows_last_day: int
    turned_away_last_day: int
    rejected_share: float | None
    silent_after_hours: float | None
    expires_ms: int | None


def health_of(facts: SourceFacts, now_ms: int) -> SourceHealth:
    """The health of a source at an instant. The last hour is the last whole one of the clock."""
    now_hour = now_ms // HOUR_MS
    arrivals = facts.arrivals or Arrivals(0, {})
    rows_last_day = arrivals.since(now_hour - 23)
    received = rows_last_day + facts.turned_away
    share = facts.turned_away / received if received else None
    silent_after = silent_after_hours(arrivals.rhythm(), now_hour) if facts.has_rhythm else None
    return SourceHealth(
        state=_state(facts, now_ms, received, share, silent_after),
        last_ms=None if facts.arrivals is None else facts.arrivals.last_ms,
        rows_last_hour=arrivals.by_hour.get(now_hour - 1, 0),
        usual_rows_last_hour=_usual(arrivals, now_hour - 1),
        rows_last_day=rows_last_day,
        turned_away_last_day=facts.turned_away,
        rejected_share=share,
        silent_after_hours=silent_after,
        expires_ms=facts.expires_ms,
    )


def silent_after_hours(rhythm: Sequence[int], now_hour: int) -> float | None:
    """After how many hours without a row a source is silent, from the hours in which it had some;
    None if they do not tell yet.
    """
    seen = [hour for hour in rhythm if hour >= now_hour - HISTORY_HOURS]
    gaps = sorted((later - earlier for earlier, later in pairwise(seen)), reverse=True)
    if len(gaps) < USUAL_GAPS or now_hour - seen[0] < KNOWN_AFTER_HOURS:
        return None
    return max(LEAST_SILENCE_HOURS, MARGIN * gaps[USUAL_GAPS - 1])


def _usual(arrivals: Arrivals, hour: int) -> float | None:
    """What the same hour of the weeks before had, as far back as there was anything."""
    first = min(arrivals.by_hour, default=hour)
    before = [hour - week * _WEEK_HOURS for week in range(1, _WEEKS_COMPARED + 1)]
    found = [arrivals.by_hour.get(each, 0) for each in before if each >= first]
    return float(median(found)) if found else None


def _state(
    facts: SourceFacts, now_ms: int, received: int, share: float | None, silent_after: float | None
) -> SourceState:
    left_hours = None if facts.expires_ms is None else (facts.expires_ms - now_ms) / HOUR_MS
    is_failing = share is not None and share > FAILING_SHARE and received >= FAILING_ROWS
    if facts.is_disabled:
        state = SourceState.DISABLED
    elif facts.arrivals is None and not facts.turned_away:
        state = SourceState.NEVER
    elif left_hours is not None and left_hours <= 0:
        state = SourceState.EXPIRED
    elif is_failing:
        state = SourceState.FAILING
    elif _is_silent(facts.arrivals, now_ms, silent_after):
        state = SourceState.SILENT
    elif left_hours is not None and left_hours < EXPIRING_HOURS:
        state = SourceState.EXPIRING
    else:
        state = SourceState.OK
    return state


def _is_silent(arrivals: Arrivals | None, now_ms: int, silent_after: float | None) -> bool:
    if arrivals is None or silent_after is None:
        return False
    return now_ms - arrivals.last_ms > silent_after * HOUR_MS
