"""What is logged late, and what is moved in time to look well."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import share
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.entry import Parameter
from shared.metrics.domain.kpis.examples import EARLIER, Example, record, update
from shared.metrics.domain.kpis.happenings import happenings
from shared.metrics.domain.kpis.quality.detector import detector
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.stays import stays_of
from shared.metrics.domain.kpis.vocabulary import Reason, TimeRule
from shared.metrics.domain.records.field_columns import NO_RECORD, Knowledge
from shared.metrics.domain.records.record_types import RecordType

_HOUR_MS: Final = 3_600_000
_LATE_HOURS: Final = "lateHours"
_KINDS: Final = "loggedKinds"
_CALL_HOURS: Final = "hoursBeforeForecast"


def late_logged_meetings(scope: Scope) -> Rows:
    """Each meeting, when it happened, and whether it was logged long after that."""
    table = scope.table(RecordType.ACTIVITY)
    happened = happenings(scope, table.column("happened_at"))
    logged = happenings(scope, table.created)
    wanted = table.column("kind").equal_to(*scope.texts(_KINDS))
    wanted &= ~happened.happened | (happened.at_ms <= scope.as_of_ms)
    known = wanted & happened.happened & logged.happened
    late = logged.at_ms - happened.at_ms > scope.number(_LATE_HOURS) * _HOUR_MS
    unknown = wanted & (happened.unknown | (happened.happened & ~logged.happened))
    return share(known, late, happened.at_ms, unknown)


def moved_before_forecast(scope: Scope) -> Rows:
    """Each move of a deal to another stage, and whether it came just before a forecast of the
    deal's owner, or one without an owner, was submitted.
    """
    deals = Deals(scope)
    stays = stays_of(deals)
    is_move = np.zeros(len(stays.deal), bool)
    is_move[1:] = stays.deal[1:] == stays.deal[:-1]
    deal, at_ms = stays.deal[is_move], stays.from_ms[is_move]
    owner, submitted_ms = _submissions(scope)
    if not len(owner):
        return Rows(record=deal[:0], at_ms=at_ms[:0], numerator=deal[:0], unknown=np.unique(deal))
    column = deals.table.column("owner")
    whose = np.where(column.known, column.values, NO_RECORD)[deal]
    next_ms = np.full(len(deal), np.iinfo(np.int64).max)
    for each in np.unique(owner).tolist():
        theirs = (whose == each) | (each == NO_RECORD)
        times = np.append(np.sort(submitted_ms[owner == each]), np.iinfo(np.int64).max)
        found = times[np.searchsorted(times, at_ms[theirs])]
        next_ms[theirs] = np.minimum(next_ms[theirs], found)
    is_just_before = next_ms - at_ms <= scope.number(_CALL_HOURS) * _HOUR_MS
    return Rows(
        record=deal,
        at_ms=at_ms,
        numerator=is_just_before.astype(np.int64),
        denominator=np.ones(len(deal), np.int64),
    )


def _submissions(scope: Scope) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The owner, -1 for none, and the instant of each time that a forecast was submitted."""
    table = scope.table(RecordType.FORECAST)
    history = scope.records.history(RecordType.FORECAST, "submitted_at")
    row = table.rows_of(history.record)
    known = (row != NO_RECORD) & (history.knowledge == Knowledge.KNOWN)
    known &= history.at_ms <= scope.at_ms
    owner = table.column("owner")
    owners = np.where(owner.known, owner.values, NO_RECORD)
    return owners[row[known]], history.values[known].astype(np.int64)


_MEETINGS: Final = (
    record("activity", "m1", "2026-11-03T12:00", kind="MEETING", happened_at="2026-11-03T10:00"),
    record("activity", "m2", "2026-11-09T12:00", kind="MEETING", happened_at="2026-11-03T10:00"),
    record("activity", "m3", "2026-11-03T12:00", kind="MEETING", happened_at="2026-11-20T10:00"),
    record("activity", "c1", "2026-11-09T12:00", kind="CALL", happened_at="2026-11-03T10:00"),
)
_MOVES: Final = (
    record("deal", "d1", "2026-11-01", status="OPEN", stage="new", owner="ada"),
    record("deal", "d2", "2026-11-01", status="OPEN", stage="new", owner="bob"),
    update("deal", "d1", "2026-11-09T06:00", stage="offer"),
    update("deal", "d1", "2026-11-20T06:00", stage="final"),
    update("deal", "d2", "2026-11-09T06:00", stage="offer"),
)
_CALL: Final = record(
    "forecast", "f", "2026-11-09T09:00", owner="ada", submitted_at="2026-11-09T09:00"
)

KPIS: Final = (
    detector(
        "LATE_LOGGED_MEETINGS",
        "Meetings logged late",
        "meetings logged more than 48 hours after they happened / meetings",
        "activity",
        TimeRule.EVENT,
        late_logged_meetings,
        objective="Log what happens as it happens.",
        decision="Whom to give an easier way to log, and which reviews make people log in bulk.",
        parameters=(
            Parameter(_LATE_HOURS, 48.0, "hours after which it is late", (0, 2000)),
            Parameter(_KINDS, ("MEETING",), "which kinds of activity"),
        ),
        examples=(
            Example(name="one of three; a planned one is not late", given=_MEETINGS, value=1 / 3),
            Example(
                name="calls too",
                given=_MEETINGS,
                draft={_KINDS: ("MEETING", "CALL")},
                value=2 / 4,
            ),
            Example(
                name="no meeting in the period",
                given=_MEETINGS,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
    detector(
        "MOVED_BEFORE_FORECAST",
        "Stages moved just before the forecast call",
        "moves of deals to another stage within 24 hours before their owner's forecast, or one "
        "without an owner, was submitted / moves of deals to another stage",
        "deal",
        TimeRule.EVENT,
        moved_before_forecast,
        objective="Have stages tell where deals are, not when the call is.",
        decision="Whose moves to look through before the forecast is taken as it is.",
        parameters=(
            Parameter(_CALL_HOURS, 24.0, "hours before a forecast is submitted", (1, 336)),
        ),
        examples=(
            Example(name="one of three", given=(*_MOVES, _CALL), value=1 / 3),
            Example(
                name="no forecast was ever sent",
                given=_MOVES,
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
            Example(
                name="no move in the period",
                given=(*_MOVES, _CALL),
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
)
