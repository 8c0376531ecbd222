"""Sessions (definitions §3) of one person, over a whole timeline at once."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from itertools import pairwise

from shared.metrics.domain.events import HEARTBEAT, LOGIN, LOGOUT, ActorKind, Event, Signal

FIFTEEN_MINUTES_MS = 15 * 60 * 1000


class Kind(IntEnum):
    """What an event means for a session, in the order within one millisecond."""

    START = 0
    KEEP_ALIVE = 1
    END = 2


@dataclass
class DaySessions:
    """The sessions of some days: how many began, how many of those had one activity on the day
    they began, and the time between activities.
    """

    count: Counter[date] = field(default_factory=Counter)
    single_event: Counter[date] = field(default_factory=Counter)
    milliseconds: Counter[date] = field(default_factory=Counter)


def kind_of(event: Event) -> Kind | None:
    """The kind of a person's event; None if it is no activity of a person."""
    if event.actor_kind != ActorKind.USER or not event.user_id:
        return None
    if event.action == LOGOUT:
        return Kind.END
    if event.action == HEARTBEAT:
        return Kind.KEEP_ALIVE
    if event.action == LOGIN or event.signal in (Signal.ACTION, Signal.CHANGE):
        return Kind.START
    return None


def sessions(activities: Iterable[tuple[int, Kind]], timeout_ms: int) -> list[list[int]]:
    """The times of the activities of each session."""
    found: list[list[int]] = []
    is_open = False
    for at_ms, kind in sorted(activities):
        if is_open and at_ms - found[-1][-1] > timeout_ms:
            is_open = False
        if not is_open and kind is Kind.START:
            found.append([])
            is_open = True
        if is_open:
            found[-1].append(at_ms)
        if kind is Kind.END:
            is_open = False
    return found


def by_day(
    found: Iterable[list[int]], day_of: Callable[[int], date], into: DaySessions | None = None
) -> DaySessions:
    """A session counts on the day it starts, each gap on the day of its later activity."""
    days = into or DaySessions()
    for times in found:
        start_day = day_of(times[0])
        days.count[start_day] += 1
        if sum(day_of(at_ms) == start_day for at_ms in times) == 1:
            days.single_event[start_day] += 1
        for earlier, later in pairwise(times):
            days.milliseconds[day_of(later)] += later - earlier
    return days
