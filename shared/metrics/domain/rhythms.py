"""On which days a source should have sent something by its own rhythm (docs/definitions.md), where
nobody has said so.

It is judged cautiously, as a day without use must not be taken for one without data.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from itertools import groupby
from typing import Final

WEEKS_SEEN: Final = 8
"""So many weeks in a row the source must have sent on the weekday, up to when it fell silent."""

GIVEN_UP_AFTER_DAYS: Final = 35
"""A source that is silent for longer is taken to be no longer in use."""

TELLING_DAYS: Final = 3
"""Where no other source sent anything either, fewer such days might be holidays."""

HISTORY_DAYS: Final = GIVEN_UP_AFTER_DAYS + 7 * (WEEKS_SEEN + 1)
"""How many days before a day its judgement looks at."""


def silent_days(
    days: Iterable[date],
    sent: AbstractSet[date],
    is_empty: Callable[[date], bool],
    others_sent: Callable[[date], bool],
) -> list[date]:
    """The days, of some that are over and in order, on which a source should have sent something
    and did not.

    `sent` are the days on which anything of it was received, `is_empty` says whether there is
    nothing of it that happened on a day, `others_sent` whether other sources sent anything.
    """
    missed = [day for day in days if is_empty(day) and _should_have_sent(day, sent)]
    found: list[date] = []
    for _, together in groupby(missed, key=lambda day: _last_before(day, sent)):
        silence = list(together)
        is_telling = len(silence) >= TELLING_DAYS
        found += [day for day in silence if is_telling or others_sent(day)]
    return found


def _should_have_sent(day: date, sent: AbstractSet[date]) -> bool:
    last = _last_before(day, sent)
    if last is None or day in sent:
        return False
    first = day - timedelta(days=7 * (-(-(day - last).days // 7)))
    return all(first - timedelta(days=7 * week) in sent for week in range(WEEKS_SEEN))


def _last_before(day: date, sent: AbstractSet[date]) -> date | None:
    """The last day before on which the source sent; None if that is too long ago."""
    for ago in range(1, GIVEN_UP_AFTER_DAYS + 1):
        before = day - timedelta(days=ago)
        if before in sent:
            return before
    return None
