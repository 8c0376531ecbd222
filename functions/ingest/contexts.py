"""What a row says beyond what is understood: kept with the event, within its bounds."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from functions.ingest.admission import MAX_CONTEXT_BYTES

LEFT_OUT: Final = "left_out"
"""The name under which a context lists the fields that did not fit."""

_MAX_LISTED: Final = 50
_MAX_NAME: Final = 100
_ROOM_FOR_FIELDS: Final = MAX_CONTEXT_BYTES - 8_192
"""Bytes; the rest is for the names of what is left out."""

_ALWAYS_SAY_SOMETHING: Final = frozenset({bool, int, float})
"""Types of which every value says something, 0 and false too."""


def context_of(fields: Mapping[str, Any], known: Collection[str] = ()) -> dict[str, Any]:
    """The fields that are not `known` and say something. If they are too many, the largest are
    left out until the rest fits, and are named.
    """
    kept = {
        name: value
        for name, value in fields.items()
        if name not in known and (value or value.__class__ in _ALWAYS_SAY_SOMETHING)
    }
    if len(msgspec.json.encode(kept)) <= _ROOM_FOR_FIELDS:
        return kept
    return _fitting(kept)


def _fitting(kept: dict[str, Any]) -> dict[str, Any]:
    sizes = {name: len(msgspec.json.encode({name: value})) for name, value in kept.items()}
    total = sum(sizes.values())
    left_out = []
    for name in sorted(sizes, key=lambda each: (-sizes[each], each)):
        if total <= _ROOM_FOR_FIELDS:
            break
        total -= sizes[name]
        del kept[name]
        left_out.append(name[:_MAX_NAME])
    return kept | {LEFT_OUT: left_out[:_MAX_LISTED]}
