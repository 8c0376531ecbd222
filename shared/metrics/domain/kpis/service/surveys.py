"""What customers say when they are asked."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import measured, share
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
from shared.metrics.domain.kpis.happenings import Happenings, happenings
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.service.stewardship import SERVICE
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.from_rows import ChangeRow
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType

CSAT: Final = "CSAT"
NPS: Final = "NPS"
_SATISFIED: Final = 4
_HIGHEST_CSAT: Final = 5
_PROMOTER, _PASSIVE, _HIGHEST_NPS = 9, 7, 10
_PERCENT: Final = 100


def csat(scope: Scope) -> Rows:
    """Each answer about a ticket, when it was given, and whether it is 4 or 5 of 5."""
    table = scope.table(RecordType.SURVEY_RESPONSE)
    score, answered = table.column("score"), _answered(scope, table)
    given = table.column("kind").equal_to(CSAT) & answered.happened
    valid = score.known & (score.values >= 1) & (score.values <= _HIGHEST_CSAT)
    return share(given & valid, score.values >= _SATISFIED, answered.at_ms, given & ~valid)


def csat_response_rate(scope: Scope) -> Rows:
    """Each question about a ticket, when it was asked, and whether it was answered."""
    table = scope.table(RecordType.SURVEY_RESPONSE)
    sent = happenings(scope, table.column("sent_at"))
    asked = table.column("kind").equal_to(CSAT) & sent.happened
    return share(asked, _answered(scope, table).happened, sent.at_ms, sent.unknown)


def nps(scope: Scope) -> Rows:
    """The latest answer of each person in the period: 100 of a promoter, -100 of a detractor."""
    table = scope.table(RecordType.SURVEY_RESPONSE)
    score, answered = table.column("score"), _answered(scope, table)
    within = (answered.at_ms >= scope.start_ms) & (answered.at_ms < scope.end_ms)
    given = table.column("kind").equal_to(NPS) & answered.happened & within
    valid = score.known & (score.values >= 0) & (score.values <= _HIGHEST_NPS)
    latest = _latest_of_each(table, given & valid, answered)
    points = np.where(score.values >= _PROMOTER, 1, np.where(score.values >= _PASSIVE, 0, -1))
    rows = measured(latest, points * _PERCENT, np.full(len(table), scope.at_ms), given & ~valid)
    return replace(rows, unknown_at_ms=None)


def _answered(scope: Scope, table: RecordTable) -> Happenings:
    """When answers were given: those with a score, if no time is told, when they were sent in."""
    told = happenings(scope, table.column("answered_at"))
    created = happenings(scope, table.created)
    has_score = table.column("score").known
    by_creation = Happenings(created.at_ms, created.happened & has_score, created.unknown)
    return told.else_by(by_creation)


def _latest_of_each(
    table: RecordTable, given: NDArray[np.bool_], answered: Happenings
) -> NDArray[np.bool_]:
    """Of the answers of each person the latest; of several at once the last one recorded. An answer
    of nobody known stands for itself.
    """
    contact = table.column("contact")
    person = np.where(contact.known, contact.values, NO_RECORD)
    rows = np.flatnonzero(given)
    order = rows[np.lexsort((rows, answered.at_ms[rows], person[rows]))]
    is_last = np.append(person[order][1:] != person[order][:-1], True)[: len(order)]
    chosen = np.zeros(len(table), bool)
    chosen[order[is_last | (person[order] == NO_RECORD)]] = True
    return chosen


def _survey(name: str, kind: str, score: int, at: str, contact: str) -> ChangeRow:
    return record(
        "survey_response",
        name,
        at,
        kind=kind,
        score=score,
        sent_at=at,
        answered_at=at,
        contact=contact,
    )


_CSAT: Final = (
    _survey("s1", CSAT, 5, "2026-11-02", "ann"),
    _survey("s2", CSAT, 4, "2026-11-03", "bob"),
    _survey("s3", CSAT, 3, "2026-11-04", "cyd"),
    _survey("s4", CSAT, 1, "2026-11-05", "dan"),
    _survey("s5", CSAT, 9, "2026-11-05", "eve"),
    record("survey_response", "s6", "2026-11-06", kind=CSAT, sent_at="2026-11-06"),
)
_NPS: Final = (
    _survey("n1", NPS, 10, "2026-11-02", "ann"),
    _survey("n2", NPS, 9, "2026-11-03", "bob"),
    _survey("n3", NPS, 8, "2026-11-04", "cyd"),
    _survey("n4", NPS, 10, "2026-11-04", "dan"),
    _survey("n5", NPS, 2, "2026-11-05", "dan"),
)
"""Two promoters, one passive, and a detractor who had been a promoter the day before."""


def _none(given: tuple[ChangeRow, ...]) -> Example:
    return Example(
        name="nobody answered in the period",
        given=given,
        period=EARLIER,
        value=None,
        reason=Reason.EMPTY_DENOMINATOR,
    )


KPIS: Final = (
    Kpi(
        Entry(
            key="CSAT",
            name="Customer satisfaction",
            formula="answers of 4 or 5 / answers from 1 to 5, by when they were given",
            unit=MetricUnit.RATIO,
            grain="survey_response",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SERVICE,
            objective="Have customers who are glad that they asked.",
            decision="Which answers and people to learn from.",
            target=0.9,
        ),
        Counted(csat, Aggregation.RATIO),
        (Example(name="two of four; a 9 is no answer", given=_CSAT, value=0.5), _none(_CSAT)),
    ),
    Kpi(
        Entry(
            key="CSAT_RESPONSE_RATE",
            name="Response rate of satisfaction surveys",
            formula="questions that were answered / questions, by when they were asked",
            unit=MetricUnit.RATIO,
            grain="survey_response",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=SERVICE,
        ),
        Counted(csat_response_rate, Aggregation.RATIO),
        (Example(name="five of six", given=_CSAT, value=5 / 6), _none(_CSAT)),
    ),
    Kpi(
        Entry(
            key="NPS",
            name="Net promoter score",
            formula="% of people who answered 9 or 10 - % who answered 0 to 6, of their latest "
            "answer in the period",
            unit=MetricUnit.SCORE,
            grain="survey_response",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=SERVICE,
            objective="Have customers who recommend us.",
            decision="What to mend for detractors, and whom to ask for a reference.",
        ),
        Counted(nps, Aggregation.RATIO),
        (Example(name="50 % - 25 %", given=_NPS, value=25), _none(_NPS)),
    ),
)
