"""The rows of a day, as arrays: every engine gets the same ones.

People come in bursts, more on weekdays than on weekends, some of them around midnight. A record is
added as a lead and then touched for some days, mostly in the first, by anyone.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.company.paths import HAS_RECORD, LEAD_ADDED, LOGIN_PATH, frequencies
from benchmarks.company.size import DAY_MS, FIRST_DAY, FIRST_MS, Size

NO_RECORD: Final = -1
_HOUR_MS: Final = 3_600_000
_WEEKDAY: Final = 1.3
_WEEKEND: Final = 0.25
_LOGINS: Final = 0.02
_AT_NIGHT: Final = 0.03
_EVENTS_A_RECORD: Final = 40
_RECORD_LIFE_DAYS: Final = 4.0
_OLDER_RECORDS_DAYS: Final = 60
_FREQUENCIES: Final = frequencies()


@dataclass(frozen=True, slots=True)
class DayRows:
    """The rows of a day in order of time. `ids` has two halves a row, `path` indexes PATHS,
    `record` is NO_RECORD where there is none.
    """

    ids: NDArray[np.uint64]
    user: NDArray[np.int64]
    path: NDArray[np.int64]
    record: NDArray[np.int64]
    times_ms: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Staff:
    """By person: the first and last day in the company, and how much they do."""

    joined: NDArray[np.int64]
    left: NDArray[np.int64]
    diligence: NDArray[np.float64]

    @staticmethod
    def of(size: Size) -> "Staff":
        """Two thirds are there from the start, the others join later; one in twelve leaves."""
        random = np.random.default_rng([13, size.people, size.days])
        joined = random.integers(-2 * size.days, size.days, size.people).clip(0)
        left = np.full(size.people, size.days)
        leavers = random.random(size.people) < 1 / 12
        left[leavers] = random.integers(joined[leavers] + 1, size.days + 1)
        return Staff(joined, left, random.lognormal(0, 0.8, size.people))


def day_rows(size: Size, staff: Staff, day: int) -> DayRows:
    """The rows of the n-th day."""
    random = np.random.default_rng([17, day, size.events, size.people])
    events = _events_on(size, day)
    chance = np.where((staff.joined <= day) & (day < staff.left), staff.diligence, 0)
    chance *= random.random(size.people) < (0.2 if _is_weekend(day) else 0.85)
    bursts = max(events // 12, 1)
    burst_user = np.searchsorted(
        np.cumsum(chance) / chance.sum(), random.random(bursts), side="right"
    )
    burst_start = random.integers(6 * _HOUR_MS, 20 * _HOUR_MS, bursts)
    night = random.random(bursts) < _AT_NIGHT
    burst_start[night] = random.integers(-_HOUR_MS // 2, _HOUR_MS // 2, int(night.sum()))
    of_burst = random.integers(0, bursts, events)
    time_ms = (burst_start[of_burst] + random.exponential(240_000, events).astype(int)) % DAY_MS
    in_time = np.argsort(time_ms, kind="stable")
    time_ms, of_burst = time_ms[in_time], of_burst[in_time]

    path = random.choice(len(_FREQUENCIES), events, p=_FREQUENCIES)
    path[random.random(events) < _LOGINS] = LOGIN_PATH
    # Records are numbered in the order in which they are added, one every so many events.
    earlier = sum(_events_on(size, before) for before in range(-_OLDER_RECORDS_DAYS, day))
    newest = (earlier + np.arange(events)) // _EVENTS_A_RECORD
    age = random.exponential(_RECORD_LIFE_DAYS * size.events / _EVENTS_A_RECORD, events)
    record = np.maximum(newest - age.astype(int), 0)
    adds = np.flatnonzero(np.diff(newest, prepend=newest[0]))
    path[adds], record[adds] = LEAD_ADDED, newest[adds]
    record[~HAS_RECORD[path]] = NO_RECORD
    return DayRows(
        ids=random.integers(0, 1 << 63, (events, 2), dtype=np.uint64),
        user=burst_user[of_burst],
        path=path,
        record=record,
        times_ms=FIRST_MS + day * DAY_MS + time_ms,
    )


def _is_weekend(day: int) -> bool:
    return (FIRST_DAY.weekday() + day) % 7 >= 5


def _events_on(size: Size, day: int) -> int:
    return int(size.events * (_WEEKEND if _is_weekend(day) else _WEEKDAY))
