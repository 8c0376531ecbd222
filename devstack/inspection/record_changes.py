"""Changes of records as documents for people."""

from typing import Any

from shared.metrics.domain.events import ActorKind
from shared.metrics.domain.record_changes import Precision
from shared.metrics.domain.records.change_log import NOT_SAID, ChangeLog, OpCode


def readable_changes(log: ChangeLog | None) -> list[dict[str, Any]]:
    """Every change of a log, in its order."""
    if log is None:
        return []
    rows = [_row(log, row) for row in range(len(log))]
    for row, field, value, was in zip(
        log.row.tolist(), log.field.tolist(), log.value.tolist(), log.was.tolist(), strict=True
    ):
        for key, code in (("set", value), ("was", was)):
            if code != NOT_SAID:
                rows[row][key][log.fields[field]] = log.values[code]
    return rows


def _row(log: ChangeLog, row: int) -> dict[str, Any]:
    merged_into, actor = int(log.merged_into[row]), int(log.actor[row])
    precision = Precision.EXACT if log.is_exact[row] else Precision.BOUNDED
    return {
        "object": log.objects[log.object[row]],
        "record_id": log.records[log.record[row]],
        "op": OpCode(int(log.op[row])).name,
        "at_ms": int(log.at_ms[row]),
        "actor": None if actor == NOT_SAID else log.actors[actor],
        "actor_kind": ActorKind(int(log.actor_kind[row])).name,
        "precision": precision.value,
        "merged_into": None if merged_into == NOT_SAID else log.records[merged_into],
        "set": {},
        "was": {},
    }
