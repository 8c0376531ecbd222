"""How many events a tenant, or one of its sources, may send: a token bucket (docs/events.md)."""

from math import ceil
from typing import Final, NamedTuple

MAX_EVENTS_PER_MINUTE: Final = 100_000_000
BURST_MINUTES: Final = 2
"""So much may come at once after a quiet time."""

LEASE_SHARE: Final = 100
"""A process takes at least this fraction of a minute's events at once, so that buckets are written
a hundred times a minute however many deliveries there are."""

MAX_RETRY_SECONDS: Final = 600


class Level(NamedTuple):
    """How full a bucket was at an instant, in events; below 0 it is in debt."""

    events: float
    at_ms: int


class Lease(NamedTuple):
    """What a process may use before it asks again, and what is left for others. `events` is 0 if
    there is nothing to take, and then there is something after `retry_seconds`.
    """

    events: int
    left: Level
    retry_seconds: int


def lease(level: Level | None, events_per_minute: int, needed: int, now_ms: int) -> Lease:
    """Take `needed` events and a few more from a bucket, which is full if it is new.

    Whatever is in it lets a delivery through, however large that is: what the bucket lacks then is
    a debt, which has to be filled up before the next.
    """
    full = float(BURST_MINUTES * events_per_minute)
    filled = full
    if level is not None:
        # A clock that is behind the one that wrote the level fills up nothing, and takes nothing.
        waited_ms = max(0, now_ms - level.at_ms)
        filled = min(full, level.events + waited_ms * events_per_minute / 60_000)
        now_ms = max(now_ms, level.at_ms)
    if filled < 1:
        wait = ceil((1 - filled) * 60 / events_per_minute)
        return Lease(0, Level(filled, now_ms), min(max(1, wait), MAX_RETRY_SECONDS))
    events = needed + max(1, events_per_minute // LEASE_SHARE)
    return Lease(events, Level(filled - events, now_ms), 0)
