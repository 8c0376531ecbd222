"""What a row says beyond what is understood: kept with the event, within its bounds."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from functions.ingest.admission import MAX_CONTEXT_BYTES

LEFT_OUT: Final = "left_out"
"""The name under which a context lists the fields that did not fit."""

_MAX_LISTED: Final = 50
_MAX_NAME: Final = 100
_ROOM_FOR_NAMES: Final = 8_192


def context_of(fields: Mapping[str, Any], known: Collection[str] = ()) -> dict[str, Any]:
    """The fields that are not `known` and say something. If they are too many, the largest are
    left out until the rest fits, and are named.
    """
    kept = {
        name: value
        for name, value in fields.items()
        if name not in known and value not in (None, "", [], {})
    }
    if not kept or len(msgspec.json.encode(kept)) <= MAX_CONTEXT_BYTES - _ROOM_FOR_NAMES:
        return kept
    sizes = {name: len(msgspec.json.encode({name: value})) for name, value in kept.items()}
    total = sum(sizes.values())
    left_out = []
    for name in sorted(sizes, key=lambda each: (-sizes[each], each)):
        if total <= MAX_CONTEXT_BYTES - _ROOM_FOR_NAMES:
            break
        total -= sizes[name]
        del kept[name]
        left_out.append(name[:_MAX_NAME])
    return kept | {LEFT_OUT: left_out[:_MAX_LISTED]}
