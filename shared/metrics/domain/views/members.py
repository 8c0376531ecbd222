"""The members behind a figure (definitions §6): people, or features, that come to the number."""

from dataclasses import dataclass
from enum import Enum

from shared.metrics.domain.views.answers import Proof


class Figure(Enum):
    """A number that can be opened. Under a selection only its hits count."""

    TOTAL_HITS = "TOTAL_HITS"
    FEATURES_USED = "FEATURES_USED"
    ATTENDANCE = "ATTENDANCE"
    ACTIVE_USERS = "ACTIVE_USERS"
    INACTIVE_USERS = "INACTIVE_USERS"
    POPULARITY = "POPULARITY"
    FREQUENCY = "FREQUENCY"
    FREQUENCY_OF_PAIRS = "FREQUENCY_OF_PAIRS"
    LOGINS = "LOGINS"
    SESSIONS = "SESSIONS"
    SINGLE_EVENT_SESSIONS = "SINGLE_EVENT_SESSIONS"
    SESSION_MILLISECONDS = "SESSION_MILLISECONDS"
    RECORDS = "RECORDS"

    def is_sum(self) -> bool:
        """Whether the values of the members add up to it; else each member counts as one."""
        return self in _SUMS


_SUMS = frozenset(
    {
        Figure.TOTAL_HITS,
        Figure.ATTENDANCE,
        Figure.FREQUENCY_OF_PAIRS,
        Figure.LOGINS,
        Figure.SESSIONS,
        Figure.SINGLE_EVENT_SESSIONS,
        Figure.SESSION_MILLISECONDS,
    }
)


@dataclass(frozen=True, slots=True)
class Member:
    """One of those behind a figure: a person; of the figures of features and records a feature, or
    a record.

    `value` is the member's part of a figure that is a sum; else the member's hits, None where
    there are none to tell of.
    """

    id: str
    name: str | None
    email: str | None
    value: int | None


@dataclass(frozen=True, slots=True)
class MembersAnswer:
    """A page of the members of a figure, by id. `member_count` is that of all pages; `total` what
    all members come to, which is the figure.
    """

    proof: Proof
    members: list[Member]
    member_count: int
    total: int
    has_previous: bool
    has_next: bool
