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

_SURELY_FITS: Final = _ROOM_FOR_FIELDS // 6
"""Bytes as a sender wrote them. No JSON becomes six times as long when it is written again: the
worst are numbers such as 1e15.
"""

_ALWAYS_SAY_SOMETHING: Final = frozenset({bool, int, float})
"""Types of which every value says something, 0 and false too."""


def context_of(
    fields: Mapping[str, Any], known: Collection[str] = (), sent_bytes: int = MAX_CONTEXT_BYTES
) -> dict[str, Any]:
    """The fields that are not `known` and say something. If they are too many, the largest are
    left out until the rest fits, and are named. `sent_bytes` is how long the JSON was that they
    were decoded from, if they were: what is short needs no measuring.
    """
    kept = {
        name: value
        for name, value in fields.items()
        if name not in known and (value or value.__class__ in _ALWAYS_SAY_SOMETHING)
    }
    if sent_bytes <= _SURELY_FITS or len(msgspec.json.encode(kept)) <= _ROOM_FOR_FIELDS:
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
