"""How many tickets come, are waiting, and are passed on."""

from typing import Final

import numpy as np

from shared.metrics.domain.kpis.building import counted, share
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, update
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.service.stewardship import SERVICE
from shared.metrics.domain.kpis.tickets import Tickets
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)


def tickets_created(scope: Scope) -> Rows:
    """Each ticket, when it was created."""
    created = Tickets(scope).created
    return counted(created.happened, created.at_ms, ~created.happened)


def backlog(scope: Scope) -> Rows:
    """Each ticket that is open at the instant of the reading."""
    tickets = Tickets(scope)
    return counted(tickets.is_open, np.full(len(tickets), scope.at_ms))


def escalation_rate(scope: Scope) -> Rows:
    """Each ticket, when it was created, and whether it was escalated."""
    tickets = Tickets(scope)
    escalated = tickets.table.column("is_escalated")
    is_known = tickets.created.happened & ~np.full(len(tickets), escalated.unknown.all())
    is_escalated = escalated.known & escalated.values
    return share(is_known, is_escalated, tickets.created.at_ms, ~is_known)


_TICKETS: Final = (
    record("ticket", "t1", "2026-11-02", status="OPEN", category="login", is_escalated=True),
    record("ticket", "t2", "2026-11-03", status="OPEN", category="login", is_escalated=False),
    record("ticket", "t3", "2026-11-04", status="OPEN", category="invoice", is_escalated=False),
    record("ticket", "t4", "2026-10-04", status="OPEN", category="invoice", is_escalated=False),
    update("ticket", "t2", "2026-11-20", status="RESOLVED"),
    update("ticket", "t4", "2026-12-04", status="RESOLVED"),
)
_NONE: Final = Example(
    name="no ticket was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
)

KPIS: Final = (
    Kpi(
        Entry(
            key="TICKET_VOLUME",
            name="Ticket volume",
            formula="tickets created in the period; by category, with the period before beside it, "
            "recurring issues and how they grow",
            unit=MetricUnit.COUNT,
            grain="ticket",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=SERVICE,
        ),
        Counted(tickets_created, Aggregation.SUM),
        (
            Example(
                name="three of November",
                given=_TICKETS,
                value=3,
                group_by=Dimension.CATEGORY,
                groups={"login": 2, "invoice": 1},
            ),
            _NONE,
        ),
    ),
    Kpi(
        Entry(
            key="TICKET_BACKLOG",
            name="Ticket backlog",
            formula="tickets that are neither resolved nor closed at the end of the period",
            unit=MetricUnit.COUNT,
            grain="ticket",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.LOWER,
            stewardship=SERVICE,
            objective="Let no customer wait because of the queue.",
            decision="How many people to plan for, and which categories to automate.",
        ),
        Counted(backlog, Aggregation.SUM),
        (
            Example(name="two, and one resolved later", given=_TICKETS, value=3),
            _NONE,
        ),
    ),
    Kpi(
        Entry(
            key="ESCALATION_RATE",
            name="Escalation rate",
            formula="tickets that were escalated / tickets, by their creation",
            unit=MetricUnit.RATIO,
            grain="ticket",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=SERVICE,
            objective="Solve problems where they are first heard of.",
            decision="Whom to train, and what first-line service may decide.",
        ),
        Counted(escalation_rate, Aggregation.RATIO),
        (
            Example(name="one of three", given=_TICKETS, value=1 / 3),
            Example(
                name="none was created in the period",
                given=_TICKETS,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
            Example(
                name="nobody ever says what is escalated",
                given=(record("ticket", "t1", "2026-11-02", status="OPEN"),),
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
        ),
    ),
)
