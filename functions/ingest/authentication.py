"""Write keys: `<source id>.<secret>` as a bearer token. The tenant comes from the key alone."""

import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from functions.ingest.requests import RefusedError, Request
from shared.metrics.storage.tenants import Source, TenantStore

_LIFE_MS: Final = 60_000
_NOBODY: Final = Source(
    source_id="", tenant="", kind="", key_digest=secrets.token_bytes(32), created_at_ms=0
)


def key_digest(secret: str) -> bytes:
    """What is kept of a secret. Secrets are random and long, so one plain hash is enough."""
    return sha256(secret.encode(errors="surrogatepass")).digest()


class Sources:
    """Finds the source of a write key; what was read is trusted for a minute."""

    def __init__(self, tenants: TenantStore, clock: Callable[[], int]) -> None:
        self._tenants = tenants
        self._clock = clock
        self._known: dict[str, tuple[int, Source]] = {}

    def authenticated(self, request: Request) -> Source:
        """The source of the request's key; the same RefusedError 401 whatever is wrong with it."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        source_id, _, secret = key.strip().partition(".")
        source = self._source(source_id) if source_id and source_id.isascii() else None
        accepted = (source or _NOBODY).accepts(key_digest(secret))
        if scheme.lower() != "bearer" or source is None or not accepted:
            message = "give the write key of a source: Authorization: Bearer <write key>"
            raise RefusedError(401, "unauthenticated", message, WWW_Authenticate="Bearer")
        return source

    def _source(self, source_id: str) -> Source | None:
        read_at_ms, source = self._known.get(source_id, (0, None))
        if source is None or self._clock() - read_at_ms > _LIFE_MS:
            source = self._tenants.source(source_id)
            if source is not None:
                self._known[source_id] = (self._clock(), source)
        return source
