"""The five figures, of which Home and Activity make the most: W30 beside P30."""

from typing import Final

from benchmarks.company.size import Size
from benchmarks.engines.engine import Engine
from benchmarks.queries.answers import Figures
from benchmarks.queries.windows import Days, last_days
from shared.metrics.domain.views.answers import HomeAnswer
from shared.metrics.domain.views.figures import Figures as OurFigures

MEASURE: Final = "fragment m on Measure { value previous changePercent reason }"
HAS_ACCOUNT: Final = "account_status = 'active' and {day} between first_day and last_day"


def keep_seen(engine: Engine, days: Days) -> None:
    """From the raw events: what everyone did on every day, as a temporary table `seen`."""
    engine.keep(
        "seen",
        "select day, person, count(*) filter (where action <> 'login') as hits, "
        "count(*) filter (where action = 'login') as logins "
        f"from events where {days} group by day, person",
    )


def raw(engine: Engine, size: Size) -> tuple[Figures, Figures]:
    """From `seen` and the raw events."""
    now, both = _windows(size)
    features = tuple(
        engine.rows(
            f"select count(distinct feature) from events where action <> 'login' and {days}"
        )[0][0]
        for days in (now, now.previous)
    )
    people = engine.rows(
        f"select {_sums('hits', '1', now)}, count(distinct person) filter (where {now}), "
        f"count(distinct person) filter (where {now.previous}) from seen where {both}"
    )
    roster = engine.rows(
        "select count(distinct person) filter (where is_now), "
        "count(distinct person) filter (where not is_now) from ("
        f"select person, true as is_now from directory where {_account(now)} "
        f"union all select person, false from directory where {_account(now.previous)} "
        f"union all select person, {now} from seen where {both}) as roster"
    )
    return _figures(features, people[0], roster[0])


def rolled_up(engine: Engine, size: Size) -> tuple[Figures, Figures]:
    """From the totals of days and features."""
    now, both = _windows(size)
    features = engine.rows(
        f"select count(distinct feature) filter (where {now}), "
        f"count(distinct feature) filter (where {now.previous}) from feature_day where {both}"
    )
    people = engine.rows(
        f"select {_sums('hits', 'active', now)}, {engine.distinct_people(str(now))}, "
        f"{engine.distinct_people(str(now.previous))} from day_totals where {both}"
    )
    account = f"select {engine.set_of_people} as people, {{}} as is_now from directory where "
    roster = engine.rows(
        f"select {engine.distinct_people('is_now')}, {engine.distinct_people('not is_now')} from ("
        f"{account.format('true')}{_account(now)} "
        f"union all {account.format('false')}{_account(now.previous)} "
        f"union all select people, {now} from day_totals where {both}) as roster"
    )
    return _figures(features[0], people[0], roster[0])


def both_figures(ours: OurFigures | HomeAnswer) -> tuple[Figures, Figures]:
    """Ours, of both windows."""
    measures = (
        ours.total_hits,
        ours.features_used,
        ours.attendance.measure,
        ours.active_users,
        ours.inactive_users,
    )
    now = Figures(*(measure.value for measure in measures))
    return now, Figures(*(measure.previous for measure in measures))


def _windows(size: Size) -> tuple[Days, Days]:
    now = last_days(size, 30)
    return now, Days(now.previous.first, now.last)


def _account(days: Days) -> str:
    return HAS_ACCOUNT.format(day=days.last)


def _sums(hits: str, attendance: str, now: Days) -> str:
    return ", ".join(
        f"sum({column}) filter (where {days})"
        for column in (hits, attendance)
        for days in (now, now.previous)
    )


def _figures(
    features: tuple[int, ...], people: tuple[int, ...], roster: tuple[int, ...]
) -> tuple[Figures, Figures]:
    hits, attendance, active = people[:2], people[2:4], people[4:]
    columns = zip(hits, features, attendance, active, roster, strict=True)
    now, then = (
        Figures(int(its_hits), used, int(days), seen, everyone - seen)
        for its_hits, used, days, seen, everyone in columns
    )
    return now, then
