"""What the views of engagement answer: stickiness, lifecycle, retention."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from shared.metrics.domain.views.answers import Proof


@dataclass(frozen=True, slots=True)
class RollingActives:
    """By day, as parallel lists: the distinct people of that day, of the 7 and of the 30 days that
    end with it; the mean of the 30 days' daily people over their distinct people; and who of these
    was active on at least so many of the 30 days. No stickiness where nobody was active. Means are
    over the days with data, here and below; `no_data`: which days are without.
    """

    dates: list[date]
    daily_active: list[int]
    weekly_active: list[int]
    monthly_active: list[int]
    stickiness: list[float | None]
    consistent: list[int]
    no_data: list[bool]


@dataclass(frozen=True, slots=True)
class MonthlyActives:
    """By calendar month, as parallel lists, the same of the days of the month that are counted.
    `no_data`: which months have a day without data among those.
    """

    dates: list[date]
    is_partial: list[bool]
    monthly_active: list[int]
    mean_daily_active: list[float | None]
    stickiness: list[float | None]
    consistent: list[int]
    no_data: list[bool]


@dataclass(frozen=True, slots=True)
class Stickiness:
    """Of some days: the distinct people, the mean of the days' people (None if all are without
    data), their ratio (None if nobody was active), and who was active on at least so many days.
    """

    active: int
    mean_daily_active: float | None
    stickiness: float | None
    consistent: int


@dataclass(frozen=True, slots=True)
class StickinessGroups:
    """The same by group of people, as parallel lists: those with most user-days first, the ones
    beyond the most that are answered as one. People count in each group in which they were active,
    so they `overlaps` if anyone was in several. `is_backfilled`: a value that was known only later
    told the group of someone.
    """

    names: list[str]
    active: list[int]
    mean_daily_active: list[float | None]
    stickiness: list[float | None]
    consistent: list[int]
    overlaps: bool
    is_backfilled: bool


@dataclass(frozen=True, slots=True)
class StickinessAnswer:
    """DAU, WAU and MAU; `total` and `groups`, if asked for, are of the whole range."""

    proof: Proof
    total: Stickiness
    by_day: RollingActives
    by_month: MonthlyActives
    groups: StickinessGroups | None = None


class LifecycleState(Enum):
    """Where a person stands at the end of some day."""

    NEVER_SEEN = "NEVER_SEEN"
    NEW = "NEW"
    RETURNING = "RETURNING"
    RESURRECTED = "RESURRECTED"
    DORMANT = "DORMANT"


@dataclass(frozen=True, slots=True)
class LifecycleAnswer:
    """By interval, as parallel lists. New, returning and resurrected people are those active in
    the point; dormant ones are those of its last day, `became_dormant` of whom since its first.
    `no_data`: which points have a day without data.
    """

    proof: Proof
    dates: list[date]
    is_partial: list[bool]
    new: list[int]
    returning: list[int]
    resurrected: list[int]
    dormant: list[int]
    became_dormant: list[int]
    no_data: list[bool]


@dataclass(frozen=True, slots=True)
class RetentionGroups:
    """People by the group they were in on the day on which they began, as parallel lists: the
    largest first, the ones beyond the most that are answered as one. `mean_rates` are those of the
    answer, of each group. `is_backfilled`: a value that was known only later told someone's group.
    """

    names: list[str]
    sizes: list[int]
    mean_rates: list[list[float | None]]
    is_backfilled: bool


@dataclass(frozen=True, slots=True)
class RetentionAnswer:
    """Cohorts by the week in which people began, as parallel lists. `returned[c][k]` are the people
    of cohort c who were active k weeks later, `rates` their share of the cohort (None if it is
    empty); both are None for weeks after the range. `is_partial` says which cells are of a week
    that is not counted whole, `no_data` which of one that has a day without data for what counts as
    being there, and `cohort_no_data` for what people begin with. `mean_rates[k]` is over all other
    cells k of all other cohorts.
    """

    proof: Proof
    dates: list[date]
    cohort_is_partial: list[bool]
    sizes: list[int]
    returned: list[list[int | None]]
    rates: list[list[float | None]]
    is_partial: list[list[bool]]
    cohort_no_data: list[bool]
    no_data: list[list[bool]]
    mean_rates: list[float | None]
    groups: RetentionGroups | None = None
