"""Seeded made-up days: arrays first, so that every engine gets the same rows without cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.packs import write_pack
from shared.metrics.domain.events import ActorKind, Event, Signal

DAY_MS: Final = 86_400_000
FIRST_DAY_MS: Final = 1_767_225_600_000
"""2026-01-01 in UTC."""

FEATURES: Final = 140
PATHS: Final = [
    ("", "", "", "login"),
    *((f"Feature {n % FEATURES}", f"Property {n // FEATURES}", "", "view") for n in range(420)),
]
LOGIN_PATH: Final = 0


@dataclass(frozen=True, slots=True)
class DayRows:
    """The rows of a day; `path` indexes PATHS."""

    ids: NDArray[np.uint64]
    user: NDArray[np.int64]
    path: NDArray[np.int64]
    record: NDArray[np.int64]
    times_ms: NDArray[np.int64]


def user_id(number: int) -> str:
    """A user id as CRMs have them."""
    return f"user-{number:06d}@example.com"


def day_rows(day: int, events: int, people: int) -> DayRows:
    """The rows of the n-th day: bursts of activity in order of time, 3 % logins."""
    random = np.random.default_rng([7, day, events, people])
    bursts = max(events // 12, 1)
    burst_user = random.integers(0, people, bursts)
    burst_start = random.integers(6 * 3_600_000, 20 * 3_600_000, bursts)
    of_burst = random.integers(0, bursts, events)
    spread = random.exponential(240_000, events).astype(np.int64)
    path = 1 + np.minimum(random.zipf(1.3, events) - 1, len(PATHS) - 2)
    path[random.random(events) < 0.03] = LOGIN_PATH
    times_ms = np.minimum(burst_start[of_burst] + spread, DAY_MS - 1)
    in_time = np.argsort(times_ms)
    return DayRows(
        ids=random.integers(0, 1 << 63, (events, 2), dtype=np.uint64),
        user=burst_user[of_burst][in_time],
        path=path,
        record=random.integers(0, 50_000, events),
        times_ms=FIRST_DAY_MS + day * DAY_MS + times_ms[in_time],
    )


def events_of(rows: DayRows) -> Iterator[Event]:
    """The rows as events."""
    for event_id, user, path, record, time_ms in zip(
        (row.tobytes() for row in rows.ids),
        rows.user.tolist(),
        rows.path.tolist(),
        rows.record.tolist(),
        rows.times_ms.tolist(),
        strict=True,
    ):
        feature, prop, attribute, action = PATHS[path]
        yield Event(
            event_id,
            user_id(user),
            time_ms,
            time_ms,
            feature,
            prop,
            attribute,
            action,
            f"record-{record}",
            "",
            Signal.ACTION,
            ActorKind.USER,
            "source",
            "",
        )


def packs_of(rows: DayRows, delivery: int) -> list[bytes]:
    """The rows as packs, one a delivery of so many events."""
    return [write_pack(events) for events in _batches(events_of(rows), delivery)]


def _batches(events: Iterator[Event], size: int) -> Iterator[list[Event]]:
    while batch := list(islice(events, size)):
        yield batch
