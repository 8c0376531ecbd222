"""How tickets are resolved: how fast, for good, at the first contact, and with what is written."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import counted, measured, share
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, update
from shared.metrics.domain.kpis.happenings import Happenings
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.service.stewardship import SERVICE
from shared.metrics.domain.kpis.tickets import Tickets
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Flag,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)

_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 86_400_000
_DAYS: Final = "daysWithoutReopening"


def tickets_resolved(scope: Scope) -> Rows:
    """Each ticket that is or was resolved, when it was for the last time."""
    resolved = Tickets(scope).resolved
    return counted(resolved.happened, resolved.at_ms, resolved.unknown)


def resolution_time(scope: Scope) -> Rows:
    """The minutes from the creation of each ticket until it was last resolved, when it was."""
    tickets = Tickets(scope)
    return _minutes_until(tickets, tickets.resolved)


def resolution_time_in_hours(scope: Scope) -> Rows:
    """Likewise, of the hours in which the business is open."""
    tickets = Tickets(scope)
    resolved = tickets.created.happened & tickets.resolved.happened
    minutes = np.zeros(len(tickets), np.float64)
    minutes[resolved] = (
        scope.records.calendar.open_ms(
            tickets.created.at_ms[resolved], tickets.resolved.at_ms[resolved]
        )
        / _MINUTE_MS
    )
    return _measured(tickets, tickets.resolved, minutes)


def time_to_close(scope: Scope) -> Rows:
    """The minutes from the creation of each ticket until it was closed, when it was."""
    tickets = Tickets(scope)
    return _minutes_until(tickets, tickets.closed)


def reopened(scope: Scope) -> Rows:
    """Each ticket that was resolved, when it first was, and whether it was opened again."""
    tickets = Tickets(scope)
    first_ms = tickets.first_resolved_ms
    is_reopened = tickets.first_reopened_ms != np.iinfo(np.int64).max
    return share(tickets.resolved.happened, is_reopened, first_ms, tickets.resolved.unknown)


def tickets_reopened(scope: Scope) -> Rows:
    """Each ticket that was resolved more than once, when it first was."""
    tickets = Tickets(scope)
    again = tickets.resolved.happened & (tickets.times_resolved > 1)
    return counted(again, tickets.first_resolved_ms, tickets.resolved.unknown)


def first_contact_resolution(scope: Scope) -> Rows:
    """Each ticket that was resolved, when it first was, and whether that took one contact at most
    and it was not opened again within some days.
    """
    tickets = Tickets(scope)
    first_ms = tickets.first_resolved_ms
    until_ms = np.minimum(first_ms, np.iinfo(np.int64).max // 2) + _DAY_MS * int(
        scope.number(_DAYS)
    )
    for_good = tickets.first_reopened_ms > until_ms
    at_once = tickets.inbound_contacts <= 1
    return share(tickets.resolved.happened, for_good & at_once, first_ms, tickets.resolved.unknown)


def knowledge_usage(scope: Scope) -> Rows:
    """Each ticket that was resolved, when it last was, and whether with an article."""
    tickets = Tickets(scope)
    article = tickets.table.column("article")
    nothing_said = np.full(len(tickets), article.unknown.all())
    resolved = tickets.resolved
    with_article = article.known
    return share(
        resolved.happened & ~nothing_said,
        with_article,
        resolved.at_ms,
        resolved.unknown | (resolved.happened & nothing_said),
    )


def resolution_sla(scope: Scope) -> Rows:
    """Each ticket, when its resolution was due, and whether it was resolved by then."""
    tickets = Tickets(scope)
    due = tickets.table.column("resolution_due_at")
    is_due = due.known & (due.values <= scope.as_of_ms)
    in_time = tickets.resolved.happened & (tickets.resolved.at_ms <= due.values)
    return share(is_due, in_time, due.values, np.full(len(tickets), due.unknown.all()))


def _minutes_until(tickets: Tickets, end: Happenings) -> Rows:
    minutes = (end.at_ms - tickets.created.at_ms) / _MINUTE_MS
    return _measured(tickets, end, minutes)


def _measured(tickets: Tickets, end: Happenings, minutes: NDArray[np.float64]) -> Rows:
    known = tickets.created.happened & end.happened
    unknown = end.unknown | (end.happened & ~tickets.created.happened)
    rows = measured(known, minutes, end.at_ms, unknown)
    return replace(rows, flags={Flag.NEGATIVE_DURATION: rows.numerator < 0})


_RESOLVED: Final = (
    record("ticket", "t1", "2026-11-02T09:00", status="OPEN", resolution_due_at="2026-11-03"),
    record("ticket", "t2", "2026-11-02T09:00", status="OPEN", resolution_due_at="2026-11-03"),
    record("ticket", "t3", "2026-11-02T09:00", status="OPEN"),
    record("ticket", "t4", "2026-11-02T09:00", status="OPEN"),
    update(
        "ticket",
        "t1",
        "2026-11-02T10:00",
        status="RESOLVED",
        resolved_at="2026-11-02T10:00",
        article="kb-1",
    ),
    update("ticket", "t2", "2026-11-02T11:00", status="RESOLVED", resolved_at="2026-11-02T11:00"),
    update("ticket", "t2", "2026-11-04T09:00", status="OPEN"),
    update("ticket", "t2", "2026-11-04T11:00", status="RESOLVED", resolved_at="2026-11-04T11:00"),
    update(
        "ticket",
        "t3",
        "2026-11-02T12:00",
        status="CLOSED",
        resolved_at="2026-11-02T12:00",
        closed_at="2026-11-02T13:00",
    ),
    record("message", "m1", "2026-11-02T09:00", ticket="t1", is_inbound=True),
    record("message", "m2", "2026-11-02T09:00", ticket="t3", is_inbound=True),
    record("message", "m3", "2026-11-02T09:30", ticket="t3", is_inbound=True),
)
"""One hour; two, then opened again and resolved after two days and two hours; three hours, with
two contacts; and one that is not resolved."""

_NONE_RESOLVED: Final = Example(
    name="none in the period",
    given=_RESOLVED,
    period=EARLIER,
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)
_FORMULA: Final = "of last resolution - creation, over tickets last resolved in the period"


def _metric(
    key: str,
    name: str,
    formula: str,
    unit: MetricUnit,
    better_is: BetterIs,
    *,
    objective: str = "",
    decision: str = "",
    target: float | None = None,
) -> Entry:
    return Entry(
        key=key,
        name=name,
        formula=formula,
        unit=unit,
        grain="ticket",
        kind=Kind.KPI if objective else Kind.METRIC,
        type=MetricType.DIAGNOSTIC,
        rule=TimeRule.EVENT,
        better_is=better_is,
        stewardship=SERVICE,
        objective=objective,
        decision=decision,
        target=target,
    )


KPIS: Final = (
    Kpi(
        _metric(
            "TICKETS_RESOLVED",
            "Tickets resolved",
            "tickets whose last resolution lies in the period",
            MetricUnit.COUNT,
            BetterIs.HIGHER,
        ),
        Counted(tickets_resolved, Aggregation.SUM),
        (
            Example(name="three", given=_RESOLVED, value=3),
            Example(name="no ticket was ever sent", given=(), value=None, reason=Reason.NO_RECORDS),
        ),
    ),
    Kpi(
        _metric(
            "RESOLUTION_TIME_MEAN",
            "Resolution time, mean",
            f"mean {_FORMULA}",
            MetricUnit.MINUTES,
            BetterIs.LOWER,
        ),
        Counted(resolution_time, Aggregation.RATIO),
        (
            Example(name="1, 50 and 3 hours", given=_RESOLVED, value=54 * 60 / 3),
            _NONE_RESOLVED,
        ),
    ),
    Kpi(
        _metric(
            "RESOLUTION_TIME_MEDIAN",
            "Resolution time, median",
            f"median {_FORMULA}",
            MetricUnit.MINUTES,
            BetterIs.LOWER,
            objective="Give customers back their time.",
            decision="Which categories need more people, better tools or another owner.",
        ),
        Counted(resolution_time, Aggregation.MEDIAN),
        (Example(name="1, 50 and 3 hours", given=_RESOLVED, value=180), _NONE_RESOLVED),
    ),
    Kpi(
        _metric(
            "RESOLUTION_TIME_BUSINESS_MEDIAN",
            "Resolution time in business hours, median",
            f"median, in business hours, {_FORMULA}",
            MetricUnit.MINUTES,
            BetterIs.LOWER,
        ),
        Counted(resolution_time_in_hours, Aggregation.MEDIAN),
        (
            Example(name="1, 18 and 3 hours of days of eight", given=_RESOLVED, value=180),
            _NONE_RESOLVED,
        ),
    ),
    Kpi(
        _metric(
            "TIME_TO_CLOSE_MEAN",
            "Time to close, mean",
            "mean of close - creation, over tickets closed in the period",
            MetricUnit.MINUTES,
            BetterIs.LOWER,
        ),
        Counted(time_to_close, Aggregation.RATIO),
        (Example(name="four hours", given=_RESOLVED, value=240), _NONE_RESOLVED),
    ),
    Kpi(
        _metric(
            "TIME_TO_CLOSE_MEDIAN",
            "Time to close, median",
            "median of close - creation, over tickets closed in the period",
            MetricUnit.MINUTES,
            BetterIs.LOWER,
        ),
        Counted(time_to_close, Aggregation.MEDIAN),
        (Example(name="four hours", given=_RESOLVED, value=240), _NONE_RESOLVED),
    ),
    Kpi(
        _metric(
            "TICKETS_RESOLVED_AGAIN",
            "Tickets resolved more than once",
            "tickets first resolved in the period that had to be resolved again",
            MetricUnit.COUNT,
            BetterIs.LOWER,
        ),
        Counted(tickets_reopened, Aggregation.SUM),
        (
            Example(name="one", given=_RESOLVED, value=1),
            Example(name="no ticket was ever sent", given=(), value=None, reason=Reason.NO_RECORDS),
        ),
    ),
    Kpi(
        _metric(
            "REOPEN_RATE",
            "Reopen rate",
            "tickets opened again / tickets resolved, by their first resolution",
            MetricUnit.RATIO,
            BetterIs.LOWER,
            objective="Solve problems, not tickets.",
            decision="Which answers to rewrite, and whether targets reward haste.",
        ),
        Counted(reopened, Aggregation.RATIO),
        (Example(name="one of three", given=_RESOLVED, value=1 / 3), _NONE_RESOLVED),
    ),
    Kpi(
        Entry(
            key="FIRST_CONTACT_RESOLUTION",
            name="First-contact resolution",
            formula="tickets resolved with at most one contact of the customer and not opened "
            "again within 7 days / tickets resolved, by their first resolution",
            unit=MetricUnit.RATIO,
            grain="ticket",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.COHORT,
            better_is=BetterIs.HIGHER,
            stewardship=SERVICE,
            objective="Solve it the first time.",
            decision="What first-line service must know and may decide.",
            maturity_days=7,
            parameters=(
                Parameter(_DAYS, 7.0, "days without being opened again that it takes", (1, 90)),
            ),
        ),
        Counted(first_contact_resolution, Aggregation.RATIO),
        (
            Example(
                name="one of three: one was opened again, one took two contacts",
                given=_RESOLVED,
                value=1 / 3,
            ),
            Example(
                name="within one day nothing was opened again",
                given=_RESOLVED,
                draft={_DAYS: 1.0},
                value=2 / 3,
            ),
            _NONE_RESOLVED,
        ),
    ),
    Kpi(
        _metric(
            "KNOWLEDGE_USAGE",
            "Knowledge usage",
            "tickets resolved with an article / tickets resolved, by their last resolution",
            MetricUnit.RATIO,
            BetterIs.HIGHER,
            objective="Answer once what many ask.",
            decision="Which articles to write next.",
        ),
        Counted(knowledge_usage, Aggregation.RATIO),
        (
            Example(name="one of three", given=_RESOLVED, value=1 / 3),
            Example(
                name="nobody ever says with what",
                given=(
                    record("ticket", "t1", "2026-11-02", status="OPEN"),
                    update("ticket", "t1", "2026-11-03", status="RESOLVED"),
                ),
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
    ),
    Kpi(
        _metric(
            "RESOLUTION_SLA_ATTAINMENT",
            "SLA attainment, resolution",
            "tickets resolved by the time that was promised / tickets whose resolution was due in "
            "the period",
            MetricUnit.RATIO,
            BetterIs.HIGHER,
            objective="Keep what contracts promise.",
            decision="What to promise, and which tickets come first.",
            target=0.95,
        ),
        Counted(resolution_sla, Aggregation.RATIO),
        (Example(name="one of two", given=_RESOLVED, value=0.5), _NONE_RESOLVED),
    ),
)
