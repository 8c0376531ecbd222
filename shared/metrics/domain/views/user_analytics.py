"""User analytics (definitions §4): the people of the roster who satisfy conditions, with all of
their metrics.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import ChangeReason, Proof
from shared.metrics.domain.views.measures import Described
from shared.metrics.domain.views.people_answers import PersonMetrics, UserAnalyticsAnswer
from shared.metrics.domain.views.people_pages import Order, PeoplePage
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance


@dataclass(frozen=True, slots=True)
class PersonTable:
    """Every metric of some people over a window; times in ms UTC, 0 for never. `is_complete`: no
    day without data is in either window, so that changes can be known.
    """

    hits: NDArray[np.int64]
    attendance: NDArray[np.int64]
    previous_attendance: NDArray[np.int64]
    sessions: NDArray[np.int64]
    single_event_sessions: NDArray[np.int64]
    session_ms: NDArray[np.int64]
    features_used: NDArray[np.int64]
    last_seen_ms: NDArray[np.int64]
    last_login_ms: NDArray[np.int64]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """Everyone by number: user ids, who is in the roster, who of them satisfies the conditions,
    and the hits of chosen features × people.
    """

    user_ids: list[str]
    roster: NDArray[np.bool_]
    members: NDArray[np.bool_]
    chosen: NDArray[np.int64]


def change_percent(value: NDArray[np.int64], previous: NDArray[np.int64]) -> NDArray[np.float64]:
    """(value - previous) / previous x 100, rounded once; 0 if both are 0, nan from 0 (null, NEW).

    Divided last: 7 / 25 x 100 would be more than 28.
    """
    change = np.where(value == previous, 0.0, np.nan)
    np.divide((value - previous) * 100.0, previous, out=change, where=previous > 0)
    return change


def user_analytics(
    segment: Segment,
    page: PeoplePage,
    table: PersonTable,
    working: Sequence[WorkingDayAttendance] | None,
    order: Order,
    *,
    proof: Proof,
    compared: Window,
    described: Described,
) -> UserAnalyticsAnswer:
    """A page of the members; `table` has a row for each of its people, and `working` their
    working-day attendance if that is asked for.
    """
    members, user_ids = segment.members, segment.user_ids
    size, roster_size = int(np.count_nonzero(members)), int(np.count_nonzero(segment.roster))
    users = np.count_nonzero(segment.chosen[:, members], axis=1).tolist()
    return UserAnalyticsAnswer(
        proof=proof,
        compared=compared,
        people=[
            PersonMetrics(
                user_ids[at],
                *described(user_ids[at]),
                **_metrics(table, row),
                feature_hits=segment.chosen[:, at].tolist(),
                working_day_attendance=working[row] if working else None,
            )
            for row, at in enumerate(page.people)
        ],
        positions=[order.position(at, user_ids[at]) for at in page.people],
        people_before=page.before,
        size=size,
        roster_size=roster_size,
        share_of_roster=size / roster_size if roster_size else None,
        feature_users=users,
        feature_shares=[number / size if size else None for number in users],
    )


def _metrics(table: PersonTable, row: int) -> dict[str, Any]:
    attendance, previous = int(table.attendance[row]), int(table.previous_attendance[row])
    change: tuple[float | None, ChangeReason | None] = (None, ChangeReason.INCOMPLETE)
    if table.is_complete:
        change = _change(attendance, previous)
    return {
        "hits": int(table.hits[row]),
        "attendance": attendance,
        "previous_attendance": previous,
        "attendance_change_percent": change[0],
        "attendance_change_reason": change[1],
        "sessions": int(table.sessions[row]),
        "single_event_sessions": int(table.single_event_sessions[row]),
        "session_milliseconds": int(table.session_ms[row]),
        "features_used": int(table.features_used[row]),
        "last_seen_ms": int(table.last_seen_ms[row]) or None,
        "last_login_ms": int(table.last_login_ms[row]) or None,
    }


def _change(value: int, previous: int) -> tuple[float | None, ChangeReason | None]:
    """As `change_percent`, and why there is none."""
    if previous:
        return (value - previous) * 100.0 / previous, None
    return (None, ChangeReason.NEW) if value else (0.0, None)
