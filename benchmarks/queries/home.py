"""Home, W30 beside P30."""

from typing import Final

from benchmarks.company.directory import person_number
from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine
from benchmarks.queries import figures
from benchmarks.queries.answers import Figures, HomeFigures, Ranked
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.windows import Days, last_days, monday, week_of
from shared.metrics.domain.views.answers import HomeAnswer, RankedPerson
from shared.metrics.engine.requests import HomeRequest

_TOP: Final = 10
_DOCUMENT: Final = (
    """
{ home {
  asOf isPartial finality range { from to } comparedRange { from to }
  totalHits { ...m } featuresUsed { ...m } activeUsers { ...m } inactiveUsers { ...m }
  attendance { value previous changePercent orgDays averagePerActiveUser }
  hitsByWeek { dates hits isPeak isPartial } attendanceByDay { dates activeUsers logins }
  topByHits { rank userId name value previous } topByAttendance { rank userId name value previous }
} }
"""
    + figures.MEASURE
)


def _raw(engine: Engine, size: Size) -> HomeFigures:
    now = last_days(size, 30)
    figures.keep_seen(engine, Days(now.previous.first, now.last))
    by_day = "select day, sum(hits), count(*), sum(logins) from seen where {} group by day"
    return _home(engine, size, figures.raw(engine, size), by_day, "seen")


def _rolled_up(engine: Engine, size: Size) -> HomeFigures:
    by_day = "select day, hits, active, logins from day_totals where {}"
    return _home(engine, size, figures.rolled_up(engine, size), by_day, "person_day")


def _home(
    engine: Engine, size: Size, both: tuple[Figures, Figures], by_day: str, people: str
) -> HomeFigures:
    now, last = last_days(size, 30), size.days - 1
    weeks = Days(monday(week_of(last) - 4), last)
    days = Days(last - 34, last)
    found = engine.rows(by_day.format(Days(min(weeks.first, days.first), last)) + " order by day")
    of_day = {day: tuple(map(int, values)) for day, *values in found}
    week_hits = [0] * 5
    for day, (hits, _, _) in of_day.items():
        if day >= weeks.first:
            week_hits[week_of(day) - week_of(weeks.first)] += hits
    shown = [of_day.get(day, (0, 0, 0)) for day in range(days.first, last + 1)]
    return HomeFigures(
        *both,
        week_hits=week_hits,
        day_active=[active for _, active, _ in shown],
        day_logins=[logins for _, _, logins in shown],
        by_hits=_top(engine, people, now, "hits"),
        by_attendance=_top(engine, people, now, "1"),
    )


def _top(engine: Engine, people: str, now: Days, summed: str) -> list[Ranked]:
    before = now.previous
    found = engine.rows(
        f"select person, sum({summed}) filter (where {now}) as best, "
        f"sum({summed}) filter (where {before}) "
        f"from {people} where {Days(before.first, now.last)} group by person "
        f"order by best desc nulls last, person limit {_TOP}"
    )
    return [Ranked(person, int(value), int(previous or 0)) for person, value, previous in found]


def _answer(ours: HomeAnswer, _size: Size) -> HomeFigures:
    return HomeFigures(
        *figures.both_figures(ours),
        week_hits=ours.hits_by_week.hits,
        day_active=ours.attendance_by_day.active_users,
        day_logins=ours.attendance_by_day.logins,
        by_hits=_ranked(ours.top_by_hits),
        by_attendance=_ranked(ours.top_by_attendance),
    )


def _ranked(people: list[RankedPerson]) -> list[Ranked]:
    return [Ranked(person_number(row.user_id), row.value, row.previous) for row in people]


HOME: Final = Query(
    "home",
    _raw,
    _rolled_up,
    Ours(lambda _: HomeRequest(tenant=TENANT), _answer, lambda _: _DOCUMENT),
)
