"""Where a request is sent to: which kinds of sources it may come from, and how large it may be."""

from dataclasses import dataclass
from typing import Final

from functions.ingest.requests import MAX_BODY_BYTES, MAX_SDK_BODY_BYTES, RefusedError, Request
from shared.metrics.domain.source_kinds import (
    EVENTS_PATH,
    KINDS,
    WEBHOOK_PATH,
    SourceKind,
    kinds_at,
)


@dataclass(frozen=True, slots=True)
class Route:
    """What a path stands for. `source_id` is the one in the path of a webhook, `""` elsewhere:
    there the write key names it. `kinds` are those that may post to it.
    """

    kinds: tuple[SourceKind, ...]
    source_id: str = ""
    max_body_bytes: int = MAX_SDK_BODY_BYTES


_NATIVE: Final = Route(kinds_at(EVENTS_PATH), max_body_bytes=MAX_BODY_BYTES)


def route_of(request: Request) -> Route:
    """The route of a request; RefusedError 404 if there is none, 405 if it does not take the
    method whoever sends.
    """
    path = request.path.rstrip("/")
    if path.startswith(WEBHOOK_PATH) and len(path) > len(WEBHOOK_PATH):
        source_id = path[len(WEBHOOK_PATH) :]
        return Route(tuple(SourceKind), source_id, MAX_BODY_BYTES)
    kinds = kinds_at(path)
    if not kinds:
        message = f"there is nothing here; post to {EVENTS_PATH} or {WEBHOOK_PATH}<source id>"
        raise RefusedError(404, "not_found", message)
    check_method(request, kinds)
    return _NATIVE if path == EVENTS_PATH else Route(kinds)


def check_method(request: Request, kinds: tuple[SourceKind, ...]) -> None:
    """RefusedError 405 if no source of these kinds sends events with the request's method."""
    allowed = frozenset[str]().union(*(KINDS[kind].methods for kind in kinds))
    if request.method not in allowed:
        names = ", ".join(sorted(allowed))
        message = f"events are sent with {names}"
        raise RefusedError(405, "method_not_allowed", message, allow=names)
