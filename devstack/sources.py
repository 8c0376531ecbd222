"""Makes tenants and sources, and the write keys of sources."""

import secrets
from hashlib import blake2b
from typing import Final, NamedTuple

from devstack.secret import derived
from functions.ingest.authentication import key_digest
from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.services import Services
from shared.metrics.storage.tenants import Source

FILE: Final = "file"
KINDS: Final = ("native", FILE)
LOCAL_PORT: Final = 8000


class NewSource(NamedTuple):
    """What a sender needs; the secret is shown once and not kept."""

    source_id: str
    url: str
    secret: str


def create_source(services: Services, tenant: str, kind: str, url: str) -> NewSource:
    """Add a source with a random write key. BadInputError for a kind that there is not."""
    if kind not in KINDS:
        message = f"there is no source of kind {kind!r}; there are {' and '.join(KINDS)}"
        raise BadInputError(message, field="kind")
    services.tenants.get(tenant)
    source_id = f"src_{secrets.token_hex(8)}"
    secret = secrets.token_urlsafe(32)
    _add(services, source_id, tenant, kind, secret)
    return NewSource(source_id, url, f"{source_id}.{secret}")


def file_write_key(services: Services, tenant: str, local_secret: str) -> str:
    """The write key of the source that imports of a tenant come from, added at first use.

    Id and key follow from the tenant and the local secret, so that processes that import at once
    agree, and what is imported again gets the same event ids.
    """
    services.tenants.get(tenant)
    source_id = f"file_{blake2b(tenant.encode(), digest_size=8).hexdigest()}"
    secret = derived(local_secret, f"write key of {source_id}")
    source = services.tenants.source(source_id)
    if source is None:
        try:
            _add(services, source_id, tenant, FILE, secret)
        except ConflictError:
            source = services.tenants.source(source_id)  # another process was first
    if source is not None and not source.accepts(key_digest(secret)):
        message = (
            f"the imports of tenant {tenant!r} began with another secret.key; "
            "put the one back that this data folder was made with"
        )
        raise BadInputError(message)
    return f"{source_id}.{secret}"


def local_url(port: int) -> str:
    """Where the local server answers."""
    return f"http://127.0.0.1:{port}"


def events_url(ingest_url: str) -> str:
    """Where an ingest function takes events."""
    return f"{ingest_url.rstrip('/')}/v1/events"


def _add(services: Services, source_id: str, tenant: str, kind: str, secret: str) -> None:
    services.tenants.add_source(
        Source(
            source_id=source_id,
            tenant=tenant,
            kind=kind,
            key_digest=key_digest(secret),
            created_at_ms=services.clock(),
        )
    )
