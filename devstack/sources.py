"""Makes sources, and says where they send to."""

from hashlib import blake2b
from typing import Final, NamedTuple

from devstack.secret import derived
from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.domain.source_kinds import SourceKind, kind_of, source_url
from shared.metrics.services import Services
from shared.metrics.source_admin import integration_id
from shared.metrics.storage.sources import Source, key_digest

LOCAL_PORT: Final = 8000


class NewSource(NamedTuple):
    """What a sender needs; the secret is shown once and not kept. It is empty where the sender
    makes it.
    """

    source_id: str
    url: str
    secret: str


class PlainSource(NamedTuple):
    """A source and what it sends with."""

    source_id: str
    secret: str


def create_source(
    services: Services, tenant: str, kind: str, ingest_url: str, secret: str | None = None
) -> NewSource:
    """Add a source. BadInputError for a kind that there is not, or a secret that cannot be."""
    chosen = kind_of(kind)
    services.tenants.get(tenant)
    made = services.sources_of(tenant).create(chosen, secret=secret)
    source_id = made.source.source_id
    return NewSource(source_id, source_url(ingest_url, chosen, source_id), made.secret or "")


def file_write_key(services: Services, tenant: str, local_secret: str) -> str:
    """The write key of the source that imports of a tenant come from, added at first use.

    Id and key follow from the tenant and the local secret, so that processes that import at once
    agree, and what is imported again gets the same event ids.
    """
    services.tenants.get(tenant)
    source_id = f"file_{blake2b(tenant.encode(), digest_size=8).hexdigest()}"
    secret = derived(local_secret, f"write key of {source_id}")
    source = services.tenants.sources.get(source_id)
    if source is None:
        try:
            _add_file_source(services, source_id, tenant, secret)
        except ConflictError:
            source = services.tenants.sources.get(source_id)  # another process was first
    if source is not None and not source.accepts(key_digest(secret), services.clock()):
        message = (
            f"the imports of tenant {tenant!r} began with another secret.key; "
            "put the one back that this data folder was made with"
        )
        raise BadInputError(message)
    return f"{source_id}.{secret}"


def integration(services: Services, tenant: str, kind: SourceKind) -> PlainSource:
    """The tenant's one integration of a kind, made if there is none, with its newest secret.
    BadInputError if it was disabled.
    """
    services.tenants.get(tenant)
    known = services.tenants.sources.get(integration_id(tenant, kind))
    source = services.sources_of(tenant).activate(kind).source if known is None else known
    if source.disabled_at_ms is not None:
        message = f"the {kind.value} integration of {tenant!r} is disabled; activate it first"
        raise BadInputError(message)
    plain = services.secret_box.open(source.sealed_secret, source.source_id)
    return PlainSource(source.source_id, plain)


def local_url(port: int) -> str:
    """Where the local server answers."""
    return f"http://127.0.0.1:{port}"


def _add_file_source(services: Services, source_id: str, tenant: str, secret: str) -> None:
    services.tenants.sources.add(
        Source(
            source_id=source_id,
            tenant=tenant,
            kind=SourceKind.FILE,
            key_digest=key_digest(secret),
            created_at_ms=services.clock(),
        )
    )
