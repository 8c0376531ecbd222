"""The roster as changes of records, so that people are records like any others."""

from shared.metrics.domain.record_changes import Op, RecordChange
from shared.metrics.domain.records.change_log import ChangeEvent, ChangeLog, log_of
from shared.metrics.domain.records.field_maps import ROSTER
from shared.metrics.domain.roster import Roster


def roster_log(roster: Roster) -> ChangeLog:
    """The history of everyone in the directory, with attributes that were cleared as empty."""
    said: dict[tuple[int, str], dict[str, str | None]] = {}
    for name, history in roster.attributes.items():
        columns = (history.user.tolist(), history.at_ms.tolist(), history.code.tolist())
        for user, at_ms, code in zip(*columns, strict=True):
            said.setdefault((at_ms, roster.user_ids[user]), {})[name] = history.value(code)
    return log_of(
        ChangeEvent(user_id, at_ms, RecordChange(ROSTER, Op.UPDATE, fields))
        for (at_ms, user_id), fields in said.items()
    )
