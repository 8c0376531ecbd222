"""How long customers wait for the first answer; who is still waiting is told beside it."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import counted, measured, share
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
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
from shared.metrics.domain.records.from_rows import ChangeRow

MINUTE_MS: Final = 60_000


def first_response(scope: Scope) -> Rows:
    """The minutes to the first human reply of each ticket that has one, when it was created."""
    tickets = Tickets(scope)
    minutes = (tickets.first_reply.at_ms - tickets.created.at_ms) / MINUTE_MS
    return _answered(tickets, minutes)


def first_response_in_hours(scope: Scope) -> Rows:
    """Likewise, of the hours in which the business is open."""
    tickets = Tickets(scope)
    answered = tickets.created.happened & tickets.first_reply.happened
    minutes = np.zeros(len(tickets), np.float64)
    minutes[answered] = (
        scope.records.calendar.open_ms(
            tickets.created.at_ms[answered], tickets.first_reply.at_ms[answered]
        )
        / MINUTE_MS
    )
    return _answered(tickets, minutes)


def unanswered(scope: Scope) -> Rows:
    """Each ticket that has no human reply yet, when it was created."""
    tickets = Tickets(scope)
    told = tickets.created.happened & ~tickets.first_reply.unknown
    return counted(told & ~tickets.first_reply.happened, tickets.created.at_ms, ~told)


def response_sla(scope: Scope) -> Rows:
    """Each ticket, when its first answer was due, and whether it had been given by then."""
    tickets = Tickets(scope)
    due = tickets.table.column("response_due_at")
    is_due = due.known & (due.values <= scope.as_of_ms)
    reply = tickets.first_reply
    in_time = reply.happened & (reply.at_ms <= due.values)
    nothing_said = np.full(len(tickets), due.unknown.all())
    return share(is_due, in_time, due.values, nothing_said)


def _answered(tickets: Tickets, minutes: NDArray[np.float64]) -> Rows:
    answered = tickets.created.happened & tickets.first_reply.happened
    unknown = ~tickets.created.happened | tickets.first_reply.unknown
    rows = measured(answered, minutes, tickets.created.at_ms, unknown)
    return replace(rows, flags={Flag.NEGATIVE_DURATION: rows.numerator < 0})


def _message(name: str, ticket: str, at: str, **fields: bool) -> ChangeRow:
    return record("message", name, at, ticket=ticket, sent_at=at, **fields)


_ASKED: Final = (
    record("ticket", "t1", "2026-11-02T09:00", response_due_at="2026-11-02T10:00"),
    record("ticket", "t2", "2026-11-03T09:00", response_due_at="2026-11-03T10:00"),
    record("ticket", "t3", "2026-11-04T09:00", response_due_at="2026-11-04T10:00"),
    record("ticket", "t4", "2026-11-05T09:00"),
    _message("m1", "t1", "2026-11-02T09:01", is_inbound=False, is_automatic=True),
    _message("m2", "t1", "2026-11-02T09:10", is_inbound=True),
    _message("m3", "t1", "2026-11-02T09:30", is_inbound=False),
    _message("m4", "t1", "2026-11-02T11:00", is_inbound=False),
    _message("m5", "t2", "2026-11-03T09:05", is_inbound=False, is_public=False),
    _message("m6", "t2", "2026-11-03T10:30", is_inbound=False),
    _message("m7", "t3", "2026-11-04T10:00", is_inbound=False),
)
"""30, 90 and 60 minutes, and one that nobody has answered. A machine's answer, a note among
colleagues and what the customer writes are no replies."""

_NONE_ASKED: Final = Example(
    name="none was created in the period",
    given=_ASKED,
    period=EARLIER,
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)
_NOTHING_SAID: Final = Example(
    name="no messages are sent",
    given=(record("ticket", "t1", "2026-11-02T09:00"),),
    value=None,
    reason=Reason.UNKNOWN_FIELD,
)
_FORMULA: Final = (
    "of first human reply - creation, over tickets created in the period that have one"
)
_OBJECTIVE: Final = "Let customers know soon that somebody cares."
_DECISION: Final = "When to have how many people at the desk."


def _time(key: str, name: str, formula: str, kind: Kind) -> Entry:
    is_kpi = kind is Kind.KPI
    return Entry(
        key=key,
        name=name,
        formula=formula,
        unit=MetricUnit.MINUTES,
        grain="ticket",
        kind=kind,
        type=MetricType.DIAGNOSTIC,
        rule=TimeRule.EVENT,
        better_is=BetterIs.LOWER,
        stewardship=SERVICE,
        objective=_OBJECTIVE if is_kpi else "",
        decision=_DECISION if is_kpi else "",
    )


KPIS: Final = (
    Kpi(
        _time("FIRST_RESPONSE_MEAN", "First response, mean", f"mean {_FORMULA}", Kind.METRIC),
        Counted(first_response, Aggregation.RATIO),
        (Example(name="30, 90 and 60 minutes", given=_ASKED, value=60), _NONE_ASKED),
    ),
    Kpi(
        _time("FIRST_RESPONSE_MEDIAN", "First response, median", f"median {_FORMULA}", Kind.KPI),
        Counted(first_response, Aggregation.MEDIAN),
        (Example(name="30, 90 and 60 minutes", given=_ASKED, value=60), _NONE_ASKED, _NOTHING_SAID),
    ),
    Kpi(
        _time(
            "FIRST_RESPONSE_P90",
            "First response, slowest tenth",
            f"90th percentile {_FORMULA}",
            Kind.METRIC,
        ),
        Counted(first_response, Aggregation.P90),
        (Example(name="30, 90 and 60 minutes", given=_ASKED, value=84), _NONE_ASKED),
    ),
    Kpi(
        _time(
            "FIRST_RESPONSE_BUSINESS_MEDIAN",
            "First response in business hours, median",
            f"median, in business hours, {_FORMULA}",
            Kind.METRIC,
        ),
        Counted(first_response_in_hours, Aggregation.MEDIAN),
        (Example(name="30, 90 and 60 minutes", given=_ASKED, value=60), _NONE_ASKED),
    ),
    Kpi(
        _time(
            "FIRST_RESPONSE_BUSINESS_P90",
            "First response in business hours, slowest tenth",
            f"90th percentile, in business hours, {_FORMULA}",
            Kind.METRIC,
        ),
        Counted(first_response_in_hours, Aggregation.P90),
        (Example(name="30, 90 and 60 minutes", given=_ASKED, value=84), _NONE_ASKED),
    ),
    Kpi(
        Entry(
            key="UNANSWERED_TICKETS",
            name="Unanswered tickets",
            formula="tickets created in the period without any human reply so far",
            unit=MetricUnit.COUNT,
            grain="ticket",
            kind=Kind.KPI,
            type=MetricType.PRESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.LOWER,
            stewardship=SERVICE,
            objective="Leave nobody without an answer.",
            decision="Whom to answer next.",
        ),
        Counted(unanswered, Aggregation.SUM),
        (Example(name="one of four", given=_ASKED, value=1), _NOTHING_SAID),
    ),
    Kpi(
        Entry(
            key="RESPONSE_SLA_ATTAINMENT",
            name="SLA attainment, first response",
            formula="tickets answered by the time that was promised / tickets whose answer was due "
            "in the period",
            unit=MetricUnit.RATIO,
            grain="ticket",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SERVICE,
            objective="Keep what contracts promise.",
            decision="What to promise, and which tickets come first.",
            target=0.95,
        ),
        Counted(response_sla, Aggregation.RATIO),
        (
            Example(name="two of three, one to the minute", given=_ASKED, value=2 / 3),
            _NONE_ASKED,
        ),
    ),
)
