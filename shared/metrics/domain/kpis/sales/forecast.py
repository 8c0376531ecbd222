"""How good forecasts are: made on the first day of their period, against what was won in it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.building import money
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import Example, record, update
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.sales.stewardship import SALES
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.field_columns import NO_RECORD, FieldColumn
from shared.metrics.domain.records.from_rows import ChangeRow
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType

CATEGORIES: Final = Parameter(
    "forecastCategories",
    ("COMMIT",),
    "which categories are the forecast; those without a category always are",
)


def forecast(scope: Scope) -> Rows:
    """Each forecast as it was at the end of the first day of its period, which is when it counts.

    Where people have forecasts, those of their teams are the same ones again, and do not count.
    """
    table = scope.table(RecordType.FORECAST)
    counts, amount = _on_day_one(scope, table)
    return money(counts, amount, scope.starts_ms(table.column("start").values))


def forecast_error(scope: Scope) -> Rows:
    """For each forecast how far its owner's, or its team's, won revenue of its period was from it,
    and that revenue.
    """
    table = scope.table(RecordType.FORECAST)
    counts, amount = _on_day_one(scope, table)
    rows = money(counts, amount, scope.starts_ms(table.column("start").values))
    won, has_rate = _won_by_forecast(scope, table, rows)
    wrong = replace(rows, numerator=np.abs(rows.numerator - won), denominator=won)
    unknown = np.union1d(rows.unknown, rows.record[~has_rate])
    return replace(wrong.taken(has_rate), unknown=unknown)


def accuracy(parts: Sequence[Floats]) -> Outcome:
    """1 - |F - A| / A, at least 0."""
    planned, won = parts
    return Outcome(np.maximum(1 - quotient(np.abs(planned - won), won), 0))


def bias(parts: Sequence[Floats]) -> Outcome:
    """(F - A) / A."""
    planned, won = parts
    return Outcome(quotient(planned - won, won))


def _on_day_one(scope: Scope, table: RecordTable) -> tuple[NDArray[np.bool_], FieldColumn]:
    """Which forecasts count, and what each of them said when its first day was over."""
    start, category = table.column("start"), table.column("category")
    is_own = table.column("owner").known
    wanted = category.equal_to(*scope.texts("forecastCategories")) | ~category.known
    history = scope.records.history(RecordType.FORECAST, "amount")
    day_one_over_ms = scope.starts_ms(start.values + 1) - 1
    amount = history.as_of(table.number, np.minimum(day_one_over_ms, scope.at_ms))
    counts = start.known & wanted & amount.known & (is_own | ~is_own.any())
    return counts, amount


def _won_by_forecast(
    scope: Scope, table: RecordTable, rows: Rows
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The won revenue that each forecast was of, in its currency; and whether that is known."""
    deals = Deals(scope)
    is_won = np.flatnonzero(deals.is_won & deals.closed.happened & deals.amount.known)
    whose = deals.table.column("owner").values[is_won]
    won = is_won[np.argsort(whose, kind="stable")]
    whose = np.sort(whose)
    closed, amount = scope.days(deals.closed.at_ms[won]), deals.amount.rows(won)
    start, end, owner = (table.column(name) for name in ("start", "end", "owner"))
    found = np.zeros(len(rows), np.int64)
    has_rate = np.ones(len(rows), bool)
    for row, at in enumerate(rows.record.tolist()):
        if owner.known[at]:
            first, last = np.searchsorted(whose, [owner.values[at], owner.values[at] + 1])
            theirs = np.arange(first, last)
        else:
            theirs = np.flatnonzero(_in_team(scope, table, at, whose))
        until = end.values[at] if end.known[at] else start.values[at]
        theirs = theirs[(closed[theirs] >= start.values[at]) & (closed[theirs] <= until)]
        into = rows.currencies[int(rows.currency[row])] if rows.currency is not None else ""
        result = scope.records.rates.convert(amount.rows(theirs), into, closed[theirs])
        found[row], has_rate[row] = result.values.sum(), result.has_rate.all()
    return found, has_rate


def _in_team(
    scope: Scope, table: RecordTable, at: int, people: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which people are in the team of a forecast; all of them if it is of none."""
    team = table.column("team").value(at)
    if team is None:
        return np.ones(len(people), bool)
    roster = scope.table(RecordType.PERSON)
    row = roster.rows_of(people)
    found: NDArray[np.bool_] = row != NO_RECORD
    found[found] = roster.column("team").equal_to(str(team))[row[found]]
    return found


def _forecast(record_id: str, owner: str, amount: int, **more: str) -> ChangeRow:
    return record(
        "forecast",
        record_id,
        "2026-11-01T08:00",
        owner=owner,
        amount=amount,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
        **more,
    )


def _won(record_id: str, owner: str, amount: int) -> ChangeRow:
    return record(
        "deal",
        record_id,
        "2026-11-02",
        owner=owner,
        amount=amount,
        currency="EUR",
        status="WON",
        closed_at="2026-11-20",
    )


_FORECASTS: Final = (
    _forecast("f1", "ada", 120),
    _forecast("f2", "bob", 80),
    _forecast("f3", "bob", 500, category="BEST_CASE"),
    update("forecast", "f1", "2026-11-20", amount=50),
    _won("d1", "ada", 60),
    _won("d2", "bob", 100),
)
"""On day one 200 are forecast, and 160 are won: 60 less by one, 20 more by the other."""

_NOTHING_WON: Final = Example(
    name="nothing was won",
    given=(*_FORECASTS[:4], record("deal", "d", "2026-11-02", status="OPEN")),
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)
_OBJECTIVE: Final = "Promise what will be won."

KPIS: Final = (
    Kpi(
        Entry(
            key="FORECAST",
            name="Forecast",
            formula="sum of the forecasts whose period begins in the period, as they were at the "
            "end of its first day; those of teams only where nobody has one of their own",
            unit=MetricUnit.MONEY,
            grain="forecast",
            kind=Kind.METRIC,
            type=MetricType.PREDICTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            parameters=(CATEGORIES,),
        ),
        Counted(forecast, Aggregation.SUM),
        (
            Example(name="120 and 80, one of them changed later", given=_FORECASTS, value=200_00),
            Example(
                name="no forecast was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
            ),
        ),
    ),
    Kpi(
        Entry(
            key="FORECAST_ACCURACY",
            name="Forecast accuracy",
            formula="1 - |forecast - won revenue| / won revenue, at least 0",
            unit=MetricUnit.RATIO,
            grain="forecast",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SALES,
            objective=_OBJECTIVE,
            decision="How much of the next forecast to plan with.",
            parameters=(CATEGORIES,),
        ),
        Derived(("FORECAST", "WON_REVENUE"), accuracy),
        (
            Example(name="200 forecast, 160 won", given=_FORECASTS, value=0.75),
            Example(
                name="three times too much is no accuracy, and not less than none",
                given=(_forecast("f1", "ada", 180), _won("d1", "ada", 60)),
                value=0,
            ),
            _NOTHING_WON,
        ),
    ),
    Kpi(
        Entry(
            key="FORECAST_BIAS",
            name="Forecast bias",
            formula="(forecast - won revenue) / won revenue",
            unit=MetricUnit.RATIO,
            grain="forecast",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.TARGET,
            target=0.0,
            stewardship=SALES,
            objective=_OBJECTIVE,
            decision="Whose forecasts to correct, and in which direction.",
            parameters=(CATEGORIES,),
        ),
        Derived(("FORECAST", "WON_REVENUE"), bias),
        (Example(name="200 forecast, 160 won", given=_FORECASTS, value=0.25), _NOTHING_WON),
    ),
    Kpi(
        Entry(
            key="FORECAST_WAPE",
            name="Forecast error (WAPE)",
            formula="sum over forecasts of |forecast - won revenue of its owner or team in its "
            "period| / sum of that revenue",
            unit=MetricUnit.RATIO,
            grain="forecast",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=SALES,
            objective=_OBJECTIVE,
            decision="Whether errors of people hide each other in the total.",
            parameters=(CATEGORIES,),
        ),
        Counted(forecast_error, Aggregation.RATIO),
        (
            Example(
                name="60 too much and 20 too little, of 160",
                given=_FORECASTS,
                value=0.5,
                group_by=Dimension.OWNER,
                groups={"ada": 1, "bob": 0.2},
            ),
            _NOTHING_WON,
        ),
    ),
)
