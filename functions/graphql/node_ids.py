"""Global ids: one text for each thing of a tenant, whatever its kind.

An id is opaque, checked, and of no use to another tenant. The check needs no secret: what an id
names is looked up among the things of the caller's own tenant in any case.
"""

from base64 import b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import Final, NamedTuple

from strawberry import ID

_CHECK_BYTES: Final = 8


class NodeKey(NamedTuple):
    """What an id stands for: the name of an object type, and the key among its objects."""

    kind: str
    key: str


def node_id(tenant: str, kind: str, key: str) -> ID:
    """The id of something of a tenant. `kind` is the name of its object type."""
    text = f"{kind}:{key}".encode(errors="surrogatepass")
    tenant_hash = blake2b(tenant.encode(errors="surrogatepass")).digest()
    check = blake2b(text, digest_size=_CHECK_BYTES, key=tenant_hash).digest()
    return ID(urlsafe_b64encode(check + text).decode())


def node_key(tenant: str, id_: str) -> NodeKey | None:
    """What an id stands for; None if it is none, or another tenant's."""
    try:
        text = b64decode(id_, altchars=b"-_", validate=True)[_CHECK_BYTES:]
        kind, _, key = text.decode(errors="surrogatepass").partition(":")
    except ValueError:
        return None
    return NodeKey(kind, key) if id_ == node_id(tenant, kind, key) else None


def key_of_kind(tenant: str, kind: str, id_: str) -> str | None:
    """The key of something of one kind; None if the id is none, or another tenant's or kind's."""
    found = node_key(tenant, id_)
    return found.key if found is not None and found.kind == kind else None
