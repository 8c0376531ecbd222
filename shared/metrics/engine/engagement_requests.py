"""What can be asked about the engagement of people, and of one person."""

from dataclasses import dataclass
from enum import Enum

from shared.metrics.domain.periods import Comparison
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.engagement_answers import (
    LifecycleAnswer,
    RetentionAnswer,
    StickinessAnswer,
)
from shared.metrics.domain.views.person import PersonAnswer
from shared.metrics.engine.requests import Interval, PeopleAttribute, Request


class Returning(Enum):
    """What counts as returning: any activity, or a hit of the selection that began it all."""

    ACTIVE = "ACTIVE"
    USED = "USED"


@dataclass(frozen=True, slots=True, kw_only=True)
class StickinessRequest(Request[StickinessAnswer]):
    """Daily, weekly and monthly active people. `min_active_days`: how many active days make
    someone a consistent user.
    """

    min_active_days: int = 1
    group_by: PeopleAttribute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleRequest(Request[LifecycleAnswer]):
    """New, returning, resurrected and dormant people by interval."""

    interval: Interval = Interval.WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRequest(Request[RetentionAnswer]):
    """Weekly cohorts, of the first activity ever or of the first use of a selection, over so many
    weeks. Without a range they are those up to the last day of a default one.
    """

    weeks: int = 12
    selection: FeatureSelection | None = None
    returning: Returning = Returning.ACTIVE
    group_by: PeopleAttribute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRequest(Request[PersonAnswer]):
    """One person."""

    user_id: str
    comparison: Comparison = Comparison.PREVIOUS_PERIOD
