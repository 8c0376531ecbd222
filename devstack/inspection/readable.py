"""One kind of what is stored of a unit, as a document for people."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from devstack.inspection.canonical import event_fields
from devstack.inspection.record_changes import readable_changes
from devstack.inspection.unit import Unit
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.packs import read_events
from shared.metrics.domain.errors import BadInputError
from shared.metrics.storage.units import StoredPack


def readable(unit: Unit, kind: str) -> object:
    """A kind of KINDS; BadInputError for another, NotFoundError if there is nothing to show."""
    if kind not in _READERS:
        message = f"there is no kind {kind!r}; there are {', '.join(sorted(_READERS))}"
        raise BadInputError(message, field="kind")
    return _READERS[kind](unit)


def _manifest(unit: Unit) -> object:
    manifest = msgspec.to_builtins(unit.manifest, builtin_types=(bytes,))
    return {**_shown(manifest), "is_dirty": unit.is_dirty}


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    """The values with bytes as hexadecimal text, at any depth."""
    return {name: _readable(value) for name, value in values.items()}


def _readable(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return _shown(value)
    return value


def _packs(unit: Unit) -> object:
    return [_pack(unit, pack) for pack in unit.packs()]


def _pack(unit: Unit, pack: StoredPack) -> dict[str, Any]:
    events = read_events(pack.body)
    return {
        "minute": pack.minute,
        "name": pack.name,
        "bytes": len(pack.body),
        "source_id": events[0].source,
        "received_at_ms": events[0].received_at_ms,
        "rows": len(events),
        "events": [
            {"event_id": event.event_id.hex()} | event_fields(event, unit.source_kind(event.source))
            for event in events
        ],
    }


def _roster(unit: Unit) -> object:
    roster = unit.roster()
    return {
        name: [
            {
                "user_id": roster.user_ids[user],
                "from_ms": int(at_ms),
                "value": history.value(int(code)),
            }
            for user, at_ms, code in zip(history.user, history.at_ms, history.code, strict=True)
        ]
        for name, history in roster.attributes.items()
    }


_READERS: Final[dict[str, Callable[[Unit], object]]] = {
    "manifest": _manifest,
    "packs": _packs,
    BlockKind.CORE.value: lambda unit: unit.people(BlockKind.CORE),
    BlockKind.TIME.value: lambda unit: unit.people(BlockKind.TIME),
    BlockKind.WHO.value: Unit.users_by_feature,
    BlockKind.CUBE.value: Unit.hits_by_feature,
    BlockKind.PATHS.value: Unit.hits_by_path,
    BlockKind.SLOTS.value: Unit.hits_by_quarter,
    BlockKind.EVENTS.value: Unit.events,
    BlockKind.CHANGES.value: lambda unit: readable_changes(unit.changes()),
    BlockKind.CARRY.value: Unit.carry,
    BlockKind.ROSTER.value: _roster,
}
KINDS: Final = tuple(_READERS)
