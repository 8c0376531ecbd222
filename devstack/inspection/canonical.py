"""A day in a form that depends on nothing but the events in it.

Names stand for numbers, everything is sorted, and what tells of the way the events came (attempt,
duplicates, lateness, received times, ids) is left out. Two stores hold the same day if and only if
these texts are the same bytes.
"""

import json
from collections import Counter
from typing import Any

from devstack.inspection.unit import Rows, Unit
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.events import Event


def canonical_day(unit: Unit) -> str:
    """The folded day as JSON; NotFoundError if it has not been folded."""
    return json.dumps(_document(unit), indent=1, sort_keys=True, ensure_ascii=False)


def _document(unit: Unit) -> dict[str, Any]:
    manifest = unit.manifest
    sums = manifest.sums
    rows_by_kind: Counter[str] = Counter()
    for source_id, rows in manifest.rows_by_source.items():
        rows_by_kind[unit.source_kind(source_id)] += rows
    return {
        "day": unit.name,
        "time_zone": unit.data.settings.time_zone,
        "definition_version": manifest.definition_version,
        "sums": {
            "rows": manifest.rows,
            "rows_by_source_kind": rows_by_kind,
            "hits": sums.hits,
            "logins": sums.logins,
            "active": sums.active,
            "sessions": sums.sessions,
            "single_event_sessions": sums.single_event_sessions,
            "session_ms": sums.session_ms,
            "features": unit.features_hit(),
            "unattributed_changes": manifest.unattributed_changes,
        },
        "people": _merged(unit.people(BlockKind.CORE), unit.people(BlockKind.TIME)),
        "hits": unit.hits_by_feature(),
        "carry": unit.carry(),
        "events": sorted(
            (event_fields(event, unit.source_kind(event.source)) for event in unit.folded_events()),
            key=json.dumps,
        ),
    }


def event_fields(event: Event, source: str) -> dict[str, Any]:
    """An event without its id and the time it was received. `source` stands for its source."""
    return {
        "occurred_at_ms": event.occurred_at_ms,
        "user_id": event.user_id,
        "feature": event.feature,
        "property": event.property,
        "attribute": event.attribute,
        "action": event.action,
        "record_id": event.record_id,
        "account_id": event.account_id,
        "signal": event.signal.name,
        "actor_kind": event.actor_kind.name,
        "source": source,
        "context": event.context,
    }


def _merged(one: Rows, other: Rows) -> Rows:
    return {user: one.get(user, {}) | other.get(user, {}) for user in one.keys() | other.keys()}
