"""Tells from whom a request is. The tenant comes from the route and the secret alone; whatever is
wrong is answered alike, and nothing is stored.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from functions.ingest.credentials import bearer_token
from functions.ingest.inflation import check_size, plain_body, plain_sdk_body
from functions.ingest.known_sources import KnownSources
from functions.ingest.requests import RefusedError, Request, Response
from functions.ingest.routing import Route, check_method
from functions.ingest.signatures import is_recent
from functions.ingest.sources.wire_format import Handshaking, Secrets, SignedFormat, Timed
from functions.ingest.wire_formats import NATIVE_KINDS, keyed_format, signed_format
from shared.metrics.domain.source_kinds import EVENTS_PATH, KINDS, Authentication, SourceKind
from shared.metrics.storage.sources import Source, key_digest

CLOCK_SKEW: Final = "ClockSkew"
"""Counts refused requests that were signed more than five minutes ago, or ahead."""

_NOBODY: Final = Source(
    source_id="",
    tenant="",
    kind=SourceKind.NATIVE,
    key_digest=secrets.token_bytes(32),
    created_at_ms=0,
)


@dataclass(frozen=True, slots=True)
class Authentic:
    """A request whose sender is known, with its body inflated."""

    source: Source
    body: bytes


class Authenticator:
    """Authenticates requests."""

    def __init__(
        self, known: KnownSources, clock: Callable[[], int], count: Callable[[str, int], None]
    ) -> None:
        self._known = known
        self._clock = clock
        self._count = count

    def authenticated(self, request: Request, route: Route) -> Authentic | Response:
        """Whose request it is, or the answer to a sender that only asks whether we are here.

        RefusedError 401 if it is not authentic, 405 if its sender may not use the method, and what
        inflation refuses. SecretsUnavailableError if it cannot be told.
        """
        check_size(request, route.max_body_bytes)
        if not route.source_id:
            return self._by_key(request, route)
        source = self._known.find(route.source_id)
        if source is None or source.disabled_at_ms is not None:
            raise unauthenticated()
        if KINDS[source.kind].authentication is not Authentication.WRITE_KEY:
            return self._by_signature(request, source, route)
        check_method(request, (source.kind,))
        authentic = self._by_key(request, Route((source.kind,), "", route.max_body_bytes))
        if authentic.source.source_id != source.source_id:
            raise unauthenticated()
        return authentic

    def _by_key(self, request: Request, route: Route) -> Authentic:
        is_native = route.kinds[0] in NATIVE_KINDS
        if is_native:
            # Whoever has no key gets nothing inflated.
            source = self._owner(bearer_token(request.headers.get("authorization", "")), route)
            return Authentic(source, plain_body(request, route.max_body_bytes))
        body = plain_sdk_body(request, route.max_body_bytes)
        presented = (keyed_format(kind).key_of(request, body) for kind in route.kinds)
        key = next((key for key in presented if key), "")
        return Authentic(self._owner(key, route), body)

    def _owner(self, key: str, route: Route) -> Source:
        """The source whose valid key it is, if it may post here."""
        source_id, _, secret = key.partition(".")
        source = self._known.find(source_id) if source_id and source_id.isascii() else None
        accepted = (source or _NOBODY).accepts(key_digest(secret), self._clock())
        if source is None or not accepted or source.kind not in route.kinds:
            raise unauthenticated()
        return source

    def _by_signature(self, request: Request, source: Source, route: Route) -> Authentic | Response:
        form = signed_format(source.kind)
        opened = self._known.secrets(source)
        if isinstance(form, Handshaking):
            response = form.handshake(request, opened)
            if response is not None:
                return response
        check_method(request, (source.kind,))
        if not opened.values or not self._is_verified(form, request, opened):
            raise unauthenticated()
        return Authentic(source, plain_body(request, route.max_body_bytes))

    def _is_verified(self, form: SignedFormat, request: Request, opened: Secrets) -> bool:
        now_ms = self._clock()
        if form.verify(request, request.body, opened, now_ms):
            return True
        signed_ms = form.signed_at_ms(request) if isinstance(form, Timed) else None
        if signed_ms is not None and not is_recent(signed_ms, now_ms):
            self._count(CLOCK_SKEW, 1)
        return False


def unauthenticated() -> RefusedError:
    """The refusal of whoever is not a source, the same for every cause."""
    message = (
        f"not authentic: to {EVENTS_PATH} give the write key of a source, as Authorization: Bearer "
        "<write key>; to another path what its kind of source sends"
    )
    return RefusedError(401, "unauthenticated", message, WWW_Authenticate="Bearer")
