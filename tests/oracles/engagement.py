"""Stickiness, lifecycle and retention (definitions §4), from a history."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.engagement_answers import (
    LifecycleAnswer,
    LifecycleState,
    MonthlyActives,
    RetentionAnswer,
    RetentionGroups,
    RollingActives,
    Stickiness,
    StickinessAnswer,
    StickinessGroups,
)
from shared.metrics.engine.engagement_requests import (
    LifecycleRequest,
    RetentionRequest,
    Returning,
    StickinessRequest,
)
from shared.metrics.engine.requests import AttributeValues, PeopleFilter
from tests.oracles import local_days, no_data, windows
from tests.oracles.counting import Counting, counting
from tests.oracles.history import History, is_hit
from tests.oracles.trends import interval_start
from tests.oracles.windows import ONE_DAY


def stickiness(
    history: History,
    request: StickinessRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> StickinessAnswer:
    """Daily, weekly and monthly people."""
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    who = counting(history, request.people, now_ms)
    least = request.min_active_days
    dates = windows.days(window)
    rolling = [of_days(who, Window(day - 29 * ONE_DAY, day), least) for day in dates]
    months = sorted({day.replace(day=1) for day in dates})
    parts = [
        of_days(who, Window(max(month, window.first), min(last_of(month), window.last)), least)
        for month in months
    ]
    return StickinessAnswer(
        proof=proof,
        total=of_days(who, window, least),
        by_day=RollingActives(
            dates=dates,
            daily_active=[of_days(who, Window(day, day), 1).active for day in dates],
            weekly_active=[of_days(who, Window(day - 6 * ONE_DAY, day), 1).active for day in dates],
            monthly_active=[month.active for month in rolling],
            stickiness=[month.stickiness for month in rolling],
            consistent=[month.consistent for month in rolling],
            no_data=[no_data.is_missing(history, day, now_ms) for day in dates],
        ),
        by_month=MonthlyActives(
            dates=months,
            is_partial=[
                month < window.first
                or last_of(month) > window.last
                or (is_partial and last_of(month) == window.last)
                for month in months
            ],
            monthly_active=[part.active for part in parts],
            mean_daily_active=[part.mean_daily_active for part in parts],
            stickiness=[part.stickiness for part in parts],
            consistent=[part.consistent for part in parts],
            no_data=[
                no_data.any_missing(
                    history, [day for day in dates if day.replace(day=1) == month], now_ms
                )
                for month in months
            ],
        ),
        groups=stickiness_groups(Values(who, request.group_by.value), window, least)
        if request.group_by
        else None,
    )


def of_days(
    who: Counting, window: Window, least: int, group: Callable[[str, date], bool] | None = None
) -> Stickiness:
    """The people of some days, or of those on which they were in a group; their mean is over the
    days with data.
    """
    days: dict[str, int] = {}
    covered = no_data.covered(who.history, window, who.now_ms)
    user_days = 0
    for user_id, day, _ in who.counted(window):
        if group is None or group(user_id, day):
            days[user_id] = days.get(user_id, 0) + 1
            user_days += day in covered
    mean = user_days / len(covered) if covered else None
    return Stickiness(
        active=len(days),
        mean_daily_active=mean,
        stickiness=mean / len(days) if days and mean is not None else None,
        consistent=sum(number >= least for number in days.values()),
    )


@dataclass
class Values:
    """The values of an attribute that a request looks at."""

    who: Counting
    attribute: str

    def looked_at_ms(self, day: date) -> int:
        """When it is looked at."""
        if self.who.filter.attribute_values is AttributeValues.CURRENT:
            return self.who.now_ms
        return local_days.day_bounds_ms(self.who.history.zone, day)[1]

    def of(self, user_id: str, day: date) -> str:
        """The group of a person."""
        return self.who.history.person(user_id).value(self.attribute, self.looked_at_ms(day))

    def is_backfilled(self, user_id: str, day: date) -> bool:
        """Whether it was known only later."""
        stated = self.who.history.person(user_id).stated.get(self.attribute, [])
        return bool(stated and stated[0][1] and stated[0][0] >= self.looked_at_ms(day))


def stickiness_groups(values: Values, window: Window, least: int) -> StickinessGroups:
    """Everyone counts in each group in which they were active."""
    there = [(user_id, day) for user_id, day, _ in values.who.counted(window)]
    found: list[tuple[str, Stickiness]] = []
    for name in {values.of(*each) for each in there}:

        def is_in(user_id: str, day: date, name: str = name) -> bool:
            return values.of(user_id, day) == name

        found.append((name, of_days(values.who, window, least, is_in)))
    user_days = Counter(values.of(*each) for each in there)
    found.sort(key=lambda row: (-user_days[row[0]], -row[1].active, row[0]))
    pairs = {(user_id, values.of(user_id, day)) for user_id, day in there}
    return StickinessGroups(
        names=[name for name, _ in found],
        active=[group.active for _, group in found],
        mean_daily_active=[group.mean_daily_active for _, group in found],
        stickiness=[group.stickiness for _, group in found],
        consistent=[group.consistent for _, group in found],
        overlaps=len(pairs) > len({user_id for user_id, _ in there}),
        is_backfilled=any(values.is_backfilled(*each) for each in there),
    )


def last_of(month: date) -> date:
    """The last day of the month that begins with a day."""
    day = month
    while (day + ONE_DAY).month == month.month:
        day += ONE_DAY
    return day


def active_days(history: History, now_ms: int, user_id: str) -> list[date]:
    """Every day on which someone was active, whatever a filter says, but as an integration."""
    everyone = counting(history, PeopleFilter(), now_ms)
    did = everyone.days.get(user_id, {})
    return sorted(day for day in did if everyone.counts(user_id, day))


def state(days: list[date], last: date) -> LifecycleState:
    """Where someone with these active days stands at the end of a day."""
    days = [day for day in days if day <= last]
    month = [last - back * ONE_DAY for back in range(30)]
    if not days:
        return LifecycleState.NEVER_SEEN
    if not set(days) & set(month):
        return LifecycleState.DORMANT
    if days[0] in month:
        return LifecycleState.NEW
    if any(comes_back(days, day) for day in days if day in month):
        return LifecycleState.RESURRECTED
    return LifecycleState.RETURNING


def comes_back(days: list[date], day: date) -> bool:
    """Whether someone is active on a day after 30 or more days without activity."""
    earlier = [other for other in days if other < day]
    if not earlier:
        return False
    return not any(day - back * ONE_DAY in earlier for back in range(1, 31))


def lifecycle(
    history: History,
    request: LifecycleRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> LifecycleAnswer:
    """New, returning, resurrected and dormant people."""
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    who = counting(history, request.people, now_ms)
    start_of = interval_start(request.interval, first_weekday)
    every = {user_id: active_days(history, now_ms, user_id) for user_id in history.user_ids}
    dates = sorted({start_of(day) for day in windows.days(window)})
    answer = LifecycleAnswer(proof, dates, [], [], [], [], [], [], [])
    for start in dates:
        point = [day for day in windows.days(window) if start_of(day) == start]
        answer.no_data.append(no_data.any_missing(history, point, now_ms))
        answer.is_partial.append(is_cut(start, start_of, window, today_is_in=is_partial))
        kinds = [
            kind(every[user_id], min(there))
            for user_id in history.user_ids
            if (there := [day for day, _ in counted_days(who, user_id, point)])
        ]
        answer.new.append(kinds.count("new"))
        answer.returning.append(kinds.count("returning"))
        answer.resurrected.append(kinds.count("resurrected"))
        last = point[-1]
        answer.dormant.append(
            sum(is_dormant(days, last) and who.counts(u, last) for u, days in every.items())
        )
        answer.became_dormant.append(
            sum(
                is_dormant(days, day)
                and not is_dormant(days, day - ONE_DAY)
                and who.counts(user_id, day)
                for user_id, days in every.items()
                for day in point
            )
        )
    return answer


def counted_days(who: Counting, user_id: str, days: list[date]) -> list[tuple[date, object]]:
    """The days of these on which someone attended while counting."""
    did = who.days.get(user_id, {})
    return [(day, did[day]) for day in days if day in did and who.counts(user_id, day)]


def kind(days: list[date], day: date) -> str:
    """What someone is on an active day."""
    if day == days[0]:
        return "new"
    return "resurrected" if comes_back(days, day) else "returning"


def is_dormant(days: list[date], last: date) -> bool:
    """Whether someone has been active before, but not in the 30 days up to one."""
    earlier = [day for day in days if day <= last]
    return bool(earlier) and max(earlier) <= last - 30 * ONE_DAY


def is_cut(
    start: date, start_of: Callable[[date], date], window: Window, *, today_is_in: bool
) -> bool:
    """Whether a point has days outside the window, or one that is not over."""
    day = start
    while start_of(day) == start:
        if day not in window or (today_is_in and day == window.last):
            return True
        day += ONE_DAY
    return False


def retention(
    history: History,
    request: RetentionRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> RetentionAnswer:
    """Weekly cohorts."""
    window, is_partial = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    if request.window is None:
        week = windows.week_start(window.last, first_weekday)
        window = Window(week - timedelta(weeks=request.weeks - 1), window.last)

    def start_of(day: date) -> date:
        return windows.week_start(day, first_weekday)

    who = counting(history, request.people, now_ms)
    weeks = sorted({start_of(day) for day in windows.days(window)})
    cohorts: dict[date, list[str]] = {week: [] for week in weeks}
    there: dict[str, set[date]] = {}
    first: dict[str, date] = {}
    for user_id in history.user_ids:
        began = first_day(history, request.selection, now_ms, user_id)
        if began is not None and began in window and who.counts(user_id, began):
            cohorts[start_of(began)].append(user_id)
            first[user_id] = began
        days = [day for day, _ in counted_days(who, user_id, windows.days(window))]
        if request.selection is not None and request.returning is Returning.USED:
            used = use_days(history, request.selection, user_id)
            days = [day for day in days if day in used]
        there[user_id] = {start_of(day) for day in days}
    cut = {week: is_cut(week, start_of, window, today_is_in=is_partial) for week in weeks}
    no_start = gaps(history, window, request.selection, now_ms)
    returning = request.selection if request.returning is Returning.USED else None
    no_return = gaps(history, window, returning, now_ms)
    no_start, no_return = ({start_of(day) for day in days} for days in (no_start, no_return))
    returned: list[list[int | None]] = []
    for week in weeks:
        later = [week + timedelta(weeks=number) for number in range(request.weeks)]
        returned.append(
            [
                sum(each in there[user_id] for user_id in cohorts[week]) if each in cut else None
                for each in later
            ]
        )

    def mean_rates(some: set[str]) -> list[float | None]:
        means: list[float | None] = []
        for number in range(request.weeks):
            chances = [
                week + timedelta(weeks=number) in there[user_id]
                for week in weeks
                for user_id in cohorts[week]
                if user_id in some
                and not cut[week]
                and week not in no_start
                and cut.get(week + timedelta(weeks=number)) is False
                and week + timedelta(weeks=number) not in no_return
            ]
            means.append(sum(chances) / len(chances) if chances else None)
        return means

    groups = None
    if request.group_by:
        groups = retention_groups(Values(who, request.group_by.value), first, mean_rates)
    return RetentionAnswer(
        proof=proof,
        dates=weeks,
        cohort_is_partial=[cut[week] for week in weeks],
        sizes=[len(cohorts[week]) for week in weeks],
        returned=returned,
        rates=[
            [
                None if number is None or not cohorts[week] else number / len(cohorts[week])
                for number in row
            ]
            for week, row in zip(weeks, returned, strict=True)
        ],
        is_partial=[
            [cut.get(week + timedelta(weeks=number), False) for number in range(request.weeks)]
            for week in weeks
        ],
        cohort_no_data=[week in no_start for week in weeks],
        no_data=[
            [week + timedelta(weeks=number) in no_return for number in range(request.weeks)]
            for week in weeks
        ],
        mean_rates=mean_rates(set(first)),
        groups=groups,
    )


def gaps(
    history: History, window: Window, selection: FeatureSelection | None, now_ms: int
) -> set[date]:
    """The days of a window that are without data."""
    return {
        day
        for day in windows.days(window)
        if no_data.is_missing(history, day, now_ms, selection or EVERYTHING)
    }


def retention_groups(
    values: Values, first: dict[str, date], mean_rates: Callable[[set[str]], list[float | None]]
) -> RetentionGroups:
    """Everyone counts in the group of the day on which they began."""
    members: dict[str, set[str]] = {}
    for user_id, day in first.items():
        members.setdefault(values.of(user_id, day), set()).add(user_id)
    names = sorted(members, key=lambda name: (-len(members[name]), name))
    return RetentionGroups(
        names=names,
        sizes=[len(members[name]) for name in names],
        mean_rates=[mean_rates(members[name]) for name in names],
        is_backfilled=any(values.is_backfilled(*each) for each in first.items()),
    )


def first_day(
    history: History, selection: FeatureSelection | None, now_ms: int, user_id: str
) -> date | None:
    """When someone began: to be active, or to use a selection."""
    days = active_days(history, now_ms, user_id)
    if selection is not None:
        used = use_days(history, selection, user_id)
        days = [day for day in days if day in used]
    return min(days, default=None)


def use_days(history: History, selection: FeatureSelection, user_id: str) -> set[date]:
    """The days on which someone used a selection."""
    return {
        history.day_of(event.occurred_at_ms)
        for event in history.usage
        if event.user_id == user_id
        and is_hit(event)
        and selection.covers((event.feature, event.property, event.attribute, event.action))
    }
