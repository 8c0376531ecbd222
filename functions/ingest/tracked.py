"""What the properties of a tracked event say beyond its place: kept as its context."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from functions.ingest.admission import MAX_CONTEXT_BYTES
from functions.ingest.contexts import context_of

PLACED: Final = frozenset(
    {"feature", "module", "property", "attribute", "action", "record_id", "account_id"}
)
"""Properties that say where an event belongs, and are kept there."""

KEPT: Final = frozenset({"$current_url", "$groups", "$pathname", "$screen_name", "$session_id"})
"""Of the properties with a dollar sign, which SDKs add by themselves, those that say something of
the event rather than of the SDK and its machine.
"""


def context_of_properties(
    properties: Mapping[str, Any],
    known: Collection[str] = (),
    sent_bytes: int = MAX_CONTEXT_BYTES,
) -> dict[str, Any]:
    """The properties that are neither a place, nor an SDK's own, nor `known`, within the bounds
    of a context. `sent_bytes` is as in `context_of`.
    """
    own = {
        name: value
        for name, value in properties.items()
        if name not in PLACED and name not in known and (name[:1] != "$" or name in KEPT)
    }
    return context_of(own, sent_bytes=sent_bytes) if own else own
